"""What literals of Ruby mean: quotes and escapes resolved, code in texts told apart."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from fractions import Fraction

from plimsoll.syntax.ruby.lexer import CODE, end_of

_ESCAPE = re.compile(
    r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{1,2})|([0-7]{1,3})|(\r?\n)|(.))",
    re.DOTALL,
)
_PLAIN = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "s": " ",
    "0": "\0",
    "e": "\x1b",
    "a": "\a",
    "b": "\b",
} | {
    "f": "\f",
    "v": "\v",
}
_PERCENT = re.compile(r"%[A-Za-z]?[^\w\s]")
_MARGIN = re.compile(r"^[ \t]*(?=[^\s])", re.MULTILINE)
_LONGEST_NUMBER = 40

# A piece of a text: what stands there, or the offsets of code in it.
Piece = str | tuple[int, int]
_MARKS = re.compile(r"\\.|#\{", re.DOTALL)
_QUOTES = re.compile(r"\\(['\\])")


def number(raw: str) -> int | Fraction | None:
    """The number that *raw* is; None for one that is too long, rational or imaginary."""
    digits = raw.replace("_", "")
    if len(digits) > _LONGEST_NUMBER or digits[-1] in "ri":
        return None
    low = digits.lower()
    try:
        if low.startswith(("0x", "0b", "0o")):
            return int(low, 0)
        if low.isdigit():
            return int(low, 8) if low.startswith("0") and len(low) > 1 else int(low)
        return Fraction(low) if abs(int(low.partition("e")[2] or 0)) < _LONGEST_NUMBER else None
    except ValueError:
        return None


def content(raw: str) -> tuple[int, int, bool]:
    """Where the content of a text or symbol begins and ends in *raw*, and whether escapes hold."""
    start = 1
    is_rich = True
    if raw.startswith("%"):
        found = _PERCENT.match(raw)
        start = found.end() if found else 1
        is_rich = raw[1] not in "wiqs"
    elif raw.startswith("?"):
        return 1, len(raw), True
    elif raw.startswith(":"):
        start, is_rich = 2, raw[1:2] == '"'
    elif raw.startswith("'"):
        is_rich = False
    return start, len(raw) - 1, is_rich


def pieces(text: str, start: int, end: int, *, is_rich: bool) -> Iterator[Piece]:
    """The pieces of what stands in *text* between a literal's quotes, in order."""
    if not is_rich:
        yield _QUOTES.sub(r"\1", text[start:end])
        return
    at = before = start
    while found := _MARKS.search(text, at, end):
        at = found.end()
        if found[0] != "#{":
            continue
        if before < found.start():
            yield _unescaped(text[before : found.start()])
        at = before = min(end_of(text, at, CODE) or end, end)
        yield found.end(), before - 1
    if before < end:
        yield _unescaped(text[before:end])


def heredoc(text: str, *, is_squiggly: bool, is_rich: bool) -> str | None:
    """What a heredoc's lines mean; None where code stands in them."""
    if is_rich and "#{" in text:
        return None
    if is_squiggly:
        margins = [len(m[0]) for m in _MARGIN.finditer(text)]
        width = min(margins, default=0)
        text = re.sub(rf"(?m)^[ \t]{{0,{width}}}", "", text)
    return _unescaped(text) if is_rich else text


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code or found[4]:
        value = int(code, 16) if code else int(found[4], 8)
        return chr(value) if value <= sys.maxunicode else found[0]
    return "" if found[5] else _PLAIN.get(found[6], found[6])
