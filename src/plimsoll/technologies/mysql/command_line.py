"""The server's command line as settings, with the option files that it names.

Source: MySQL manual, Command-Line Options that Affect Option-File Handling; mariadbd --help.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Item, Origin, Setting, Status, Unread
from plimsoll.syntax.arguments import after_program, place_of
from plimsoll.syntax.globs import literal
from plimsoll.technologies.mysql.names import option
from plimsoll.technologies.mysql.options import REQUIRED
from plimsoll.technologies.mysql.said import Said, setting
from plimsoll.technologies.mysql.signs import SIGNS

# What says which files are read; it has to stand before all others.
LINE_ONLY = frozenset(
    {"defaults_extra_file", "defaults_file", "defaults_group_suffix", "no_defaults"}
)

_NO_SERVER = frozenset({"--help", "-?", "--version", "-V", "--print-defaults", "--validate-config"})
_LETTERS = {
    "C": "character_set_server", "L": "lc_messages_dir", "P": "port", "a": "ansi", "b": "basedir",
    "h": "datadir", "r": "chroot", "s": "symbolic_links", "t": "tmpdir", "u": "user",
}  # fmt: skip
_WITH_VALUE = frozenset("CLPbhrtuO")
_NOWHERE = Place("", Span(1, 1, 1, 1))


def arguments(words: Sequence[Word], _environment: Mapping[str, Word]) -> Iterator[Item]:
    """Options of a command line in its order, the files first that it names.

    MYSQL_* and MARIADB_* of the images' environment are for the first start only.
    """
    _, rest = after_program(words, SIGNS.programs)
    if any(word.text in _NO_SERVER for word in rest):
        return
    left = list(rest)
    while left and (found := _of_files(left[0])):
        yield from found
        del left[0]
    yield from _options(left)


def _of_files(word: Word) -> list[Item]:
    """What a leading --defaults-... says; empty for any other word."""
    name, _, path = word.text.removeprefix("--").partition("=")
    own = name.replace("-", "_")
    if not word.text.startswith("--") or own not in LINE_ONLY:
        return []
    start = len(word.text) - len(path)
    found: list[Item] = [Setting(own, path, place_of(word, start), origin=Origin.COMMAND_LINE)]
    if own in ("defaults_file", "defaults_extra_file"):
        found.append(Include(literal(path), word.place or _NOWHERE))
    return found


def _options(words: Sequence[Word]) -> Iterator[Item]:
    left = iter(words)
    for word in left:
        if word.text == "--":
            return
        if word.text.startswith("--"):
            yield _long(word, left)
        elif word.text.startswith("-") and len(word.text) > 1:
            yield from _short(word, left)
        else:
            yield _unread(word, "it is no option")


def _unread(word: Word, reason: str) -> Unread:
    place = word.place or _NOWHERE
    return Unread(place.path, f"the server refuses this word: {reason}", place)


def _long(word: Word, left: Iterator[Word]) -> Setting:
    name, equals, text = word.text[2:].partition("=")
    own = name.replace("-", "_")
    place = place_of(word, len(word.text) - len(text) if equals else 0)
    if own in LINE_ONLY:
        reason = "it has to be the first option"
        return Setting(own, text, place, (), Origin.COMMAND_LINE, Status.REFUSED, reason)
    found = option(name)
    if not equals and not found.switch and found.is_known and found.name in REQUIRED:
        follower = next(left, None)
        if follower is not None:
            return _said(name, follower.text, place_of(follower))
    return _said(name, text if equals else None, place)


def _said(name: str, text: str | None, place: Place | None) -> Setting:
    return setting(Said(name, text, place, origin=Origin.COMMAND_LINE))


def _short(word: Word, left: Iterator[Word]) -> Iterator[Item]:
    """Letters behind one dash; the first that takes a value has the rest of the word, or the next."""
    for at, letter in enumerate(word.text[1:], start=2):
        name = _LETTERS.get(letter, "")
        if letter not in _WITH_VALUE:
            if name:
                yield _said(name, None, place_of(word))
            continue
        rest = Word(word.text[at:], word.place) if at < len(word.text) else next(left, None)
        start = at if at < len(word.text) else 0
        if rest is None:
            yield _unread(word, f"-{letter} needs a value")
        elif letter == "O":
            yield _said("set-variable", rest.text, place_of(rest))
        else:
            yield _said(name, rest.text, place_of(word, start) if start else place_of(rest))
        return
