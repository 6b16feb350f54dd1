"""The server's command line and environment as settings.

Source: PostgreSQL manual, postgres and pg_ctl.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Item, Origin, Unread
from plimsoll.syntax.arguments import after_program, place_of
from plimsoll.syntax.globs import literal
from plimsoll.technologies.postgresql.names import canonical, named
from plimsoll.technologies.postgresql.signs import SIGNS

_CONTROLLERS = ("pg_ctl", "pg_ctlcluster")
_NO_SERVER = ("--single", "--boot", "--check", "--describe-config", "--version", "--help", "-V")

# Letters of postgres that are another name of a setting, and those that give it a fixed value.
_SETTING = {
    "B": "shared_buffers", "N": "max_connections", "S": "work_mem", "W": "post_auth_delay",
    "h": "listen_addresses", "k": "unix_socket_directories", "p": "port",
}  # fmt: skip
_FIXED = {
    "F": ("fsync", "off"), "O": ("allow_system_table_mods", "on"),
    "P": ("ignore_system_indexes", "on"), "i": ("listen_addresses", "*"),
    "l": ("ssl", "on"), "s": ("log_statement_stats", "on"),
}  # fmt: skip
_CHOSEN = {  # letter, its value: what that sets
    **{("f", letter): (f"enable_{method}", "off") for letter, method in {
        "b": "bitmapscan", "h": "hashjoin", "i": "indexscan", "m": "mergejoin", "n": "nestloop",
        "o": "indexonlyscan", "s": "seqscan", "t": "tidscan",
    }.items()},
    **{("t", part): (f"log_{name}_stats", "on") for part, name in {
        "e": "executor", "pa": "parser", "pl": "planner",
    }.items()},
}  # fmt: skip
_WITH_VALUE = {"postgres": frozenset("BCDNSWcdfhkprtv"), "pg_ctl": frozenset("DNPSUelmopt")}
_LONG = {"--options": "o", "--pgoption": "o", "--pgdata": "D"}  # of pg_ctl, pg_ctlcluster
_ENVIRONMENT = {
    "PGCLIENTENCODING": "client_encoding", "PGDATESTYLE": "DateStyle", "PGPORT": "port",
}  # fmt: skip
_NOWHERE = Place("", Span(1, 1, 1, 1))  # of a word that stands in no file


class _Found(Struct):
    """What a command line says: settings, and which files it names."""

    data: Word | None = None
    config: Word | None = None
    items: list[Item] = field(default_factory=list)

    def set(self, name: str, text: str, word: Word, start: int) -> None:
        """The setting *name*, whose text is the end of *word* from *start* on."""
        self.items.append(named(name, text, place_of(word, start), Origin.COMMAND_LINE))
        if name == "config_file":
            self.config = Word(text, word.place)
        elif name == "data_directory":
            self.data = Word(text, word.place)

    def refuse(self, reason: str, word: Word) -> None:
        place = word.place or _NOWHERE
        self.items.append(Unread(place.path, f"postgres refuses this word: {reason}", place))

    def includes(self) -> Iterator[Include]:
        """The files that the server reads, in its order."""
        if self.config:
            yield _include(self.config, "", is_optional=False)
        elif self.data:
            yield _include(self.data, "/postgresql.conf", is_optional=True)
        if self.data:
            yield _include(self.data, "/postgresql.auto.conf", is_optional=True)


def _include(word: Word, name: str, *, is_optional: bool) -> Include:
    pattern = literal(word.text.rstrip("/") + name)
    return Include(pattern, word.place or _NOWHERE, is_optional=is_optional)


def arguments(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """Settings and files of a command line: postgres itself, or `pg_ctl -o`.

    A container's command may leave the program out. PGDATA and the variables that the server reads
    count; PGOPTIONS is for clients, and POSTGRES_* for the image's first start only.
    """
    program, rest = after_program(words, SIGNS.programs)
    if rest and rest[0].text in _NO_SERVER:
        return
    found = _Found(data=environment.get("PGDATA"))
    if program in _CONTROLLERS:
        _read_controller(rest, found)
    else:
        _read_server(rest, found)
    for variable, name in _ENVIRONMENT.items():
        if word := environment.get(variable):
            yield named(name, word.text, place_of(word), Origin.ENVIRONMENT)
    yield from found.includes()
    yield from found.items


def _options(
    words: Sequence[Word], with_value: frozenset[str]
) -> Iterator[tuple[str, Word, int | None]]:
    """Every option as its letter (`--` for a long one), its word, and where its value starts there.

    None for a start: it has no value. The letter is empty for a word that is no option.
    """
    left = iter(words)
    for word in left:
        if not word.text.startswith("-") or len(word.text) == 1:
            yield "", word, None
        elif word.text.startswith("--"):
            yield "--", word, None
        else:
            yield from _letters(word, left, with_value)


def _letters(
    word: Word, left: Iterator[Word], with_value: frozenset[str]
) -> Iterator[tuple[str, Word, int | None]]:
    for at, letter in enumerate(word.text[1:], start=2):
        if letter not in with_value:
            yield letter, word, None
        elif at < len(word.text):
            yield letter, word, at
            return
        else:
            follower = next(left, None)
            yield letter, follower or word, 0 if follower else None
            return


def _read_server(words: Sequence[Word], found: _Found) -> None:
    for letter, word, start in _options(words, _WITH_VALUE["postgres"]):
        text = word.text[start:] if start is not None else ""
        if letter == "--":
            _assignment(word, 2, found)
        elif letter == "":
            found.refuse("it is no option", word)
        elif letter in _FIXED:
            name, value = _FIXED[letter]
            found.set(name, value, word, 0)
        elif start is None and letter in _WITH_VALUE["postgres"]:
            found.refuse(f"-{letter} needs a value", word)
        elif letter == "c":
            _assignment(word, start or 0, found)
        elif letter == "D":
            found.data = Word(text, word.place)
        elif letter in _SETTING:
            found.set(_SETTING[letter], text, word, start or 0)
        elif (letter, text) in _CHOSEN:
            found.set(*_CHOSEN[letter, text], word, start or 0)


def _assignment(word: Word, start: int, found: _Found) -> None:
    """`name=value` from *start* of *word* on; `-` in a name is `_`."""
    name, equals, text = word.text[start:].partition("=")
    if not equals or not name:
        found.refuse("a name, = and a value belong there", word)
        return
    found.set(canonical(name.replace("-", "_")), text, word, start + len(name) + 1)


def _read_controller(words: Sequence[Word], found: _Found) -> None:
    """pg_ctl: what `-o` says is a command line of its own."""
    left = list(words)
    for index, word in enumerate(left[:-1]):
        if word.text in _LONG:  # as its short form
            left[index] = Word(f"-{_LONG[word.text]}", word.place)
    for letter, word, start in _options(left, _WITH_VALUE["pg_ctl"]):
        text = word.text[start:] if start is not None else ""
        if letter == "--":
            name, _, text = word.text.partition("=")
            letter = _LONG.get(name, "")
        if letter == "D" and text:
            found.data = Word(text, word.place)
        elif letter == "o":
            _read_inner(text, word, found)


def _read_inner(text: str, word: Word, found: _Found) -> None:
    try:
        inner = shlex.split(text)
    except ValueError as problem:
        found.refuse(str(problem).lower(), word)
        return
    _read_server([Word(each, word.place) for each in inner], found)
