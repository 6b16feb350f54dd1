"""varnishd's command line, and the variables by which packages and images pass it on.

Source: varnishd(1); measured on 7.1.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Block, Include, Item, Origin, Setting, Status, Unknown, Unread
from plimsoll.syntax.arguments import after_program, place_of
from plimsoll.syntax.globs import literal
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.technologies.varnish.names import slip
from plimsoll.technologies.varnish.signs import SIGNS

_NOWHERE = Place("", Span(1, 1, 1, 1))
_FLAGS = "CdFV?"
_NAMES = {
    "a": "listen", "b": "backend", "h": "hash", "i": "identity", "j": "jail", "M": "reverse_management",
    "n": "work_directory", "P": "pid_file", "r": "read_only", "S": "secret_file", "T": "management",
    "I": "cli_file", "W": "waiter", "x": "documentation", "t": "default_ttl", "l": "vsl_space",
}  # fmt: skip
_WITH_VALUE = "".join(_NAMES) + "fps"

# Debian's /etc/default/varnish, Red Hat's varnish.params: options that the unit hands on.
_PACKAGES = ("DAEMON_OPTS", "VARNISH_OPTS", "VARNISHD_OPTS")
_KINDS = frozenset({"default", "malloc", "umem", "file", "deprecated_persistent", "persistent"})
_STORAGE = re.compile(r"(?:([A-Za-z_][\w-]*)=)?([a-z_]+)((?:,.*)?)", re.DOTALL)
_ARGUMENTS = {"file": ("path", "size", "granularity", "advice")}
_OTHERS = ("size",)


def arguments(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """Every option as a setting, `-f FILE` as the file; without options those of the environment."""
    _, rest = after_program(words, SIGNS.programs)
    if not rest:
        rest = _of_package(environment)
    options = _Options()
    yield from options.read(rest)
    if not options.storages and (size := environment.get("VARNISH_SIZE")):
        yield from options.storage(replace(size, text=f"malloc,{size.text}"), Origin.ENVIRONMENT)


def _of_package(environment: Mapping[str, Word]) -> Sequence[Word]:
    from plimsoll.syntax.shell import words  # rarely the words stand in a variable

    found = next((environment[name] for name in _PACKAGES if name in environment), None)
    return () if found is None else tuple(words(found.text, found.place))


class _Options:
    def __init__(self) -> None:
        self.storages = 0

    def read(self, words: Sequence[Word]) -> Iterator[Item]:
        waiting: tuple[str, Word] | None = None
        for word in words:
            if isinstance(word, Uncertain):
                yield self._unread(word, f"only known when it runs: {word.text}")
            elif waiting is not None:
                yield from self._option(waiting[0], word)
            elif word.text.startswith("-") and len(word.text) > 1:
                letter, rest = _split(word)
                if letter in _WITH_VALUE and rest is None:
                    waiting = (letter, word)
                    continue
                yield from self._option(letter, rest or word)
            else:
                yield self._unread(word, f"too many arguments: {word.text!r}")
            waiting = None
        if waiting is not None:
            yield self._unread(waiting[1], f"-{waiting[0]} needs a value")

    def _unread(self, word: Word, reason: str) -> Unread:
        place = word.place or _NOWHERE
        return Unread(place.path, reason, place)

    def _option(self, letter: str, value: Word) -> Iterator[Item]:
        if letter == "f":
            yield Include(literal(value.text), value.place or _NOWHERE)
        elif letter == "s":
            yield from self.storage(value, Origin.COMMAND_LINE)
        elif letter == "p":
            yield self._parameter(value)
        elif letter in _NAMES:
            yield _setting(_NAMES[letter], value.text, value)
        elif letter not in _FLAGS:
            yield self._unread(value, f"varnishd has no option -{letter}")

    def _parameter(self, word: Word) -> Setting:
        name, equals, text = word.text.partition("=")
        place = place_of(word, len(name) + len(equals))
        made = replace(_setting(name, text, word), place=place)
        if not equals:
            return replace(
                made, status=Status.REFUSED, reason="-p lacks '='", value=Unknown("no value")
            )
        reason = slip(name)
        return replace(made, status=Status.UNKNOWN_NAME, reason=reason) if reason else made

    def storage(self, word: Word, origin: Origin) -> Iterator[Item]:
        """`-s name=malloc,256m`: a block of its own, with what it says behind its commas."""
        found = _STORAGE.fullmatch(word.text)
        if found is None:
            yield self._unread(word, f"no storage: {word.text!r}")
            return
        scope = (Block("storage", found[1] or f"s{self.storages}", word.place),)
        self.storages += 1
        kind = replace(_setting("storage", found[2], word, scope, found.start(2)), origin=origin)
        if found[2] not in _KINDS:
            reason = f"unknown storage method {found[2]!r}"
            kind = replace(kind, status=Status.REFUSED, reason=reason)
        yield kind
        at = found.start(3) + 1
        names = _ARGUMENTS.get(found[2], _OTHERS)
        for name, text in zip(names, found[3][1:].split(","), strict=False):
            if text:
                yield replace(_setting(name, text, word, scope, at), origin=origin)
            at += len(text) + 1


def _split(word: Word) -> tuple[str, Word | None]:
    """The option of a word and the value in it; flags in front of it may share its dash."""
    at = 1
    while at < len(word.text) - 1 and word.text[at] in _FLAGS:
        at += 1
    letter, rest = word.text[at], word.text[at + 1 :]
    return letter, replace(word, text=rest, place=_tail(word, at + 1)) if rest else None


def _tail(word: Word, start: int) -> Place | None:
    """The place of a word from the character *start* on."""
    found = place_of(word, start)
    return None if found is None or found.value is None else Place(found.path, found.value)


def _setting(
    name: str, text: str, word: Word, scope: tuple[Block, ...] = (), start: int = 0
) -> Setting:
    place = place_of(word, start)
    if place is not None and place.value is not None and text != word.text[start:]:
        span = place.value
        if span.line == span.end_line and span.end_column - span.column == len(word.text) - start:
            own = replace(span, end_column=span.column + len(text))
            place = replace(place, value=own)
    return Setting(name, text, place, scope, Origin.COMMAND_LINE)
