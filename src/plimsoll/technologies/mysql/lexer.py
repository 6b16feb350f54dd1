r"""The lines of an option file as the server cuts them.

A comment begins with `#` or `;` at the start of a line, and with `#` anywhere outside of quotes.
What stands behind a `]` counts for nothing.

Source: MariaDB manual, Configuring MariaDB with Option Files; measured on 10.11 with
my_print_defaults.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from plimsoll.syntax.text import Token, encoded

BLANKS = " \t\r\v\f\udca0"  # the server asks in Latin-1, where the byte A0 is a blank
LONGEST = 4095  # bytes; the server reads a longer line in pieces

_SAID = re.compile(r"""(?:[^'"#]|"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|'(?:[^'\\]|\\.)*+(?:'|\\?\Z))*+""")
_DIRECTIVE = re.compile(r"!include(?:dir)?(?=[ \t\r\v\f\udca0]|\Z)")
_ESCAPED = re.compile(r"""\\([bnrts"'\\])""")
_LETTERS = {"b": "\b", "n": "\n", "r": "\r", "t": "\t", "s": " "}


def lines(text: str) -> Iterator[list[Token]]:
    """The tokens of each line: space, comment, group, directive, path, name, separator, value, junk.

    Joined they are *text*. A group is `[name]`, a line without a separator has a name alone.
    """
    begin = 0
    while begin < len(text):
        feed = text.find("\n", begin)
        stop = len(text) if feed < 0 else feed + 1
        yield _line(text, begin, stop)
        begin = stop


def _line(text: str, begin: int, stop: int) -> list[Token]:
    end = begin + len(text[begin:stop].rstrip(BLANKS + "\n"))
    start = end - len(text[begin:end].lstrip(BLANKS))
    found = _pieces(text, start, end) if start < end else []
    return [
        t
        for t in (_cut("space", text, begin, start), *found, _cut("space", text, end, stop))
        if t.text
    ]


def _cut(kind: str, text: str, start: int, end: int) -> Token:
    return Token(kind, text[start:end], start)


def _pieces(text: str, start: int, end: int) -> list[Token]:
    """A line without the blanks around it."""
    first = text[start]
    if first in "#;":
        return [_cut("comment", text, start, end)]
    if end - start > LONGEST // 4 and len(encoded(text[start:end])) > LONGEST:
        return [_cut("junk", text, start, end)]
    if first == "!":
        return _directive(text, start, end)
    if first == "[":
        close = text.find("]", start, end) + 1
        if not close:
            return [_cut("junk", text, start, end)]
        return [_cut("group", text, start, close), _cut("comment", text, close, end)]
    return _option(text, start, end)


def _directive(text: str, start: int, end: int) -> list[Token]:
    """An include with its path; another word with an exclamation mark is skipped by the server."""
    found = _DIRECTIVE.match(text, start, end)
    if found is None:
        return [_cut("comment", text, start, end)]
    path = end - len(text[found.end() : end].lstrip(BLANKS))
    return [
        _cut("directive", text, start, found.end()),
        _cut("space", text, found.end(), path),
        _cut("path", text, path, end),
    ]


def _option(text: str, start: int, end: int) -> list[Token]:
    said = start + len((_SAID.match(text[start:end]) or [""])[0])
    stop = start + len(text[start:said].rstrip(BLANKS))
    tail = [_cut("space", text, stop, said), _cut("comment", text, said, end)]
    equals = text.find("=", start, stop)
    if equals < 0:
        return [_cut("name", text, start, stop), *tail]
    name = start + len(text[start:equals].rstrip(BLANKS))
    value = stop - len(text[equals + 1 : stop].lstrip(BLANKS))
    return [
        _cut("name", text, start, name),
        _cut("space", text, name, equals),
        _cut("separator", text, equals, equals + 1),
        _cut("space", text, equals + 1, value),
        _cut("value", text, value, stop),
        *tail,
    ]


def unquoted(value: str) -> str:
    r"""The text that the server sees in a value; `\x` stays what it is."""
    if len(value) > 1 and value[0] in "'\"" and value[0] == value[-1]:
        value = value[1:-1]
    return _ESCAPED.sub(lambda found: _LETTERS.get(found[1], found[1]), value)
