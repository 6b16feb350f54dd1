"""The arguments of an instruction: lists in JSON, command lines for a shell, NAME=value pairs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from plimsoll.model.place import Place
from plimsoll.model.reader import Word
from plimsoll.syntax.traced import Traced

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_FLAG = re.compile(r"[ \t]*--([a-z][a-z0-9-]*)(?:=(\S*))?(?=\s|\Z)")
# One word: what escapes or quotes white space belongs to it.
_WORD = re.compile(
    r"""(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*(?:"|\Z)|'[^']*(?:'|\Z)|\\\Z)+""", re.DOTALL
)

At = Callable[[int, int], Place]  # of the characters of the arguments


class Flag(Struct, frozen=True):
    name: str
    value: str
    start: int
    end: int


def listed(text: str, at: At) -> tuple[Word, ...] | None:
    """The texts of a JSON list, the exec form; None where it is none (then a shell runs it)."""
    if not text.lstrip().startswith("["):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        return None
    return tuple(
        Word(word, at(place.start() + 1, place.end() - 1))
        for word, place in zip(found, _STRING.finditer(text), strict=True)
    )


def flags(text: str) -> tuple[tuple[Flag, ...], int]:
    """The `--name=value` in front, and where the rest begins."""
    found: list[Flag] = []
    at = 0
    while match := _FLAG.match(text, at):
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        found.append(Flag(match[1], match[2] or "", start, match.end()))
        at = match.end()
    return tuple(found), at + len(text[at:]) - len(text[at:].lstrip())


def pieces(text: str, start: int = 0) -> Iterator[tuple[str, int]]:
    """The words of *text* as written, each with its offset."""
    for found in _WORD.finditer(text, start):
        yield found[0], found.start()


def pairs(arguments: Traced) -> Iterator[tuple[str, str, int, int, int]]:
    """NAME=value of ENV, ARG and LABEL: (name, value as written, start, start of value, end).

    The old form `ENV NAME the rest` is one pair, as written.
    """
    text = arguments.text
    words = list(pieces(text))
    if words and "=" not in words[0][0]:
        name, start = words[0]
        behind = start + len(name)
        value = text[behind:].lstrip()
        at = len(text) - len(value)
        yield name, value, start, at, len(text)
        return
    for word, start in words:
        name, sign, value = word.partition("=")
        behind = start + len(name) + len(sign)
        yield name, value, start, behind, start + len(word)
