"""php-fpm's command line; what it says of PHP itself (-c, -d) is not read here.

Source: php-fpm --help, 8.2.35.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Item, Origin, Setting, Unread
from plimsoll.syntax.arguments import place_of
from plimsoll.syntax.environ import carried
from plimsoll.syntax.globs import literal
from plimsoll.syntax.uncertain import Uncertain

_PROGRAM = re.compile(r"php[0-9.]*-fpm[0-9.]*")
_VALUED = "cdgpyz"
_LONG = {
    "--fpm-config": "y",
    "--daemonize": "D",
    "--nodaemonize": "F",
    "--prefix": "p",
    "--pid": "g",
    "--php-ini": "c",
    "--define": "d",
}
_DAEMONIZES = {"D": "yes", "F": "no"}
_NOWHERE = Place("", Span(1, 1, 1, 1))


def arguments(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """The file that is named, and whether it goes into the background."""
    if environment:
        yield carried(environment)
    at = next((n for n, w in enumerate(words) if _PROGRAM.fullmatch(_stem(w))), -1) + 1
    for option, word in _options(words[at:]):
        if option == "y":
            yield _file(word)
        elif option == "g":
            yield Setting("pid", word.text, word.place, origin=Origin.COMMAND_LINE)
        elif option in _DAEMONIZES:
            yield Setting("daemonize", _DAEMONIZES[option], word.place, origin=Origin.COMMAND_LINE)


def _stem(word: Word) -> str:
    return word.text.rpartition("/")[2]


def _file(word: Word) -> Item:
    place = word.place or _NOWHERE
    if isinstance(word, Uncertain):
        return Unread(place.path, f"-y {word.text}: {word.value}", place)
    return Include(literal(word.text), place)


def _options(words: Sequence[Word]) -> Iterator[tuple[str, Word]]:
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        name, equals, inline = word.text.partition("=")
        if name.startswith("--"):
            letters, rest = _LONG.get(name, ""), inline if equals else ""
        else:
            letters = _flags(word.text)
            rest = word.text[1 + len(letters) :].removeprefix("=")
        for letter in letters[:-1]:
            yield letter, word
        last = letters[-1:]
        if last and last in _VALUED and not rest and at < len(words):
            word = words[at]
            at += 1
            rest = word.text
        if last:
            start = len(word.text) - len(rest)
            yield last, _cut(word, start) if last in _VALUED else word


def _flags(text: str) -> str:
    """The letters of `-FRy` up to the first that takes a value."""
    if not text.startswith("-"):
        return ""
    for at, letter in enumerate(text[1:], start=1):
        if letter in _VALUED:
            return text[1 : at + 1]
    return text[1:]


def _cut(word: Word, start: int) -> Word:
    if isinstance(word, Uncertain):
        return word
    return Word(word.text[start:], place_of(word, start))
