"""Java's .properties files, cut as java.util.Properties cuts them, with exact places.

Source: java.util.Properties, load(Reader); measured on 17.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from plimsoll.syntax.text import Token

_EOL = r"(?:\r\n|\r|\n)"
_CONTINUED = rf"\\{_EOL}[ \t\f]*+"
# Before a key: blank lines, and lines that hold nothing but a backslash.
_SPACE = re.compile(rf"(?:[ \t\f\r\n]|\\{_EOL})+")
_COMMENT = re.compile(r"[#!][^\r\n]*+")
_KEY = re.compile(rf"(?:[^\\=: \t\f\r\n]|{_CONTINUED}|\\[^\r\n]|\\\Z)*")
_BLANK = rf"(?:[ \t\f]|{_CONTINUED})*"
_SEPARATOR = re.compile(rf"{_BLANK}(?:[=:]{_BLANK})?")
_VALUE = re.compile(rf"(?:[^\\\r\n]|{_CONTINUED}|\\[^\r\n]|\\\Z)*")

_JOINED = re.compile(rf"\\(?:{_EOL}[ \t\f]*+|\Z|([^\r\n]))")
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LETTERS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


class Property(Struct, frozen=True):
    """A key and its value as Java sees them, and the offsets at which they are written.

    *fault*: why Java does not take it, and with it the whole file; empty where it does.
    """

    key: str
    value: str
    start: int
    key_end: int
    value_start: int
    end: int
    fault: str = ""


def tokens(text: str) -> Iterator[Token]:
    """Space, comments, keys, separators and values. Joined they are *text*."""
    at = 0
    while at < len(text):
        if found := _SPACE.match(text, at) or _COMMENT.match(text, at):
            yield Token("comment" if found[0][0] in "#!" else "space", found[0], at)
            at = found.end()
            continue
        for kind, pattern in (("key", _KEY), ("separator", _SEPARATOR), ("value", _VALUE)):
            found = pattern.match(text, at)
            piece = found[0] if found else ""
            yield Token(kind, piece, at)
            at += len(piece)


def properties(text: str) -> Iterator[Property]:
    """Every property of *text* in order; of a key that is written twice the last one holds."""
    key = Token("key", "", 0)
    for token in tokens(text):
        if token.kind == "key":
            key = token
        elif token.kind == "value":
            yield _property(key, token)


def _property(key: Token, value: Token) -> Property:
    name, fault = _unescaped(key.text)
    text, other = _unescaped(value.text)
    return Property(name, text, key.start, key.end, value.start, value.end, fault or other)


def _unescaped(raw: str) -> tuple[str, str]:
    """The text that *raw* means, and what is wrong with it."""
    if "\\" not in raw:
        return raw, ""
    logical = _JOINED.sub(lambda found: found[0] if found[1] else "", raw)
    if any(found[2] == "u" for found in _ESCAPED.finditer(logical)):
        return logical, r"\u without four hexadecimal digits: Java refuses the file"
    plain = _ESCAPED.sub(_resolved, logical)
    return _PAIR.sub(_character, plain), ""


def _resolved(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else _LETTERS.get(found[2], found[2])


def _character(pair: re.Match[str]) -> str:
    """Two escapes that are one character of Java's."""
    return pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le")
