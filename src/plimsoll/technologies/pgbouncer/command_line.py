"""The command line names a file; images write theirs from the environment.

Source: pgbouncer --help of 1.18; the entry points of edoburu/pgbouncer and bitnami/pgbouncer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Block, Include, Item, Origin, Setting, Unread
from plimsoll.syntax.arguments import after_program, place_of
from plimsoll.syntax.globs import literal
from plimsoll.technologies.pgbouncer.names import variables
from plimsoll.technologies.pgbouncer.signs import SIGNS

_NO_SERVER = frozenset({"-V", "--version", "-h", "--help"})
_FLAGS = frozenset({"-d", "--daemon", "-q", "--quiet", "-R", "--reboot", "-v", "--verbose"})
_FLAGS_OF_LETTERS = frozenset("dqRv")
_USER = frozenset({"-u", "--user"})
_NOWHERE = Place("", Span(1, 1, 1, 1))

# Where the database is, by the names of edoburu's and of bitnami's image.
_HOSTS = ("DB_HOST", "POSTGRESQL_HOST")
_PORTS = ("DB_PORT", "POSTGRESQL_PORT")
_NAMES = ("DB_NAME", "PGBOUNCER_DATABASE")


def arguments(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """Settings of the environment, the file that is named, the user that it runs as."""
    for variable, name in variables().items():
        if (word := environment.get(variable)) and word.text:
            yield Setting(name, word.text, place_of(word), origin=Origin.ENVIRONMENT)
    yield from _database(environment)
    _, rest = after_program(words, SIGNS.programs)
    if any(word.text in _NO_SERVER for word in rest):
        return
    left = iter(rest)
    for word in left:
        yield from _word(word, left)


def _database(environment: Mapping[str, Word]) -> Iterator[Setting]:
    host, port, name = (
        next((environment[each] for each in names if each in environment), None)
        for names in (_HOSTS, _PORTS, _NAMES)
    )
    if host is None:
        return
    block = Block("database", name.text if name else "*", host.place)
    for key, word in (("host", host), ("port", port)):
        if word is not None:
            yield Setting(key, word.text, place_of(word), (block,), Origin.ENVIRONMENT)


def _word(word: Word, left: Iterator[Word]) -> Iterator[Item]:
    text = word.text
    if text in _FLAGS or (text[:1] == "-" and set(text[1:]) <= _FLAGS_OF_LETTERS):
        return
    if text in _USER:
        follower = next(left, None)
        if follower is not None:
            yield _user(follower, 0)
    elif text.startswith("--user="):
        yield _user(word, len("--user="))
    elif text.startswith("-u"):
        yield _user(word, len("-u"))
    elif text.startswith("-"):
        place = word.place or _NOWHERE
        yield Unread(place.path, "pgbouncer refuses this word: it has no such option", place)
    else:
        yield Include(literal(text), word.place or _NOWHERE)


def _user(word: Word, start: int) -> Setting:
    place = place_of(word, start)
    return Setting("user", word.text[start:], place, origin=Origin.COMMAND_LINE)
