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

_SAID = re.compile(r"""(?:[^'"#]|"(?:[^"\\]|\\.)*(?:"|\\?\Z)|'(?:[^'\\]|\\.)*(?:'|\\?\Z))*""")
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


_Piece = tuple[str, int, int]  # kind, start, end


def _line(text: str, begin: int, stop: int) -> list[Token]:
    end = begin + len(text[begin:stop].rstrip(BLANKS + "\n"))
    start = end - len(text[begin:end].lstrip(BLANKS))
    found = _pieces(text, start, end) if start < end else ()
    pieces = (("space", begin, start), *found, ("space", end, stop))
    return [Token(kind, text[at:to], at) for kind, at, to in pieces if at < to]


def _pieces(text: str, start: int, end: int) -> tuple[_Piece, ...]:
    """A line without the blanks around it."""
    first = text[start]
    if first in "#;":
        return (("comment", start, end),)
    if end - start > LONGEST // 4 and len(encoded(text[start:end])) > LONGEST:
        return (("junk", start, end),)
    if first == "!":
        return _directive(text, start, end)
    if first == "[":
        close = text.find("]", start, end) + 1
        if not close:
            return (("junk", start, end),)
        return ("group", start, close), ("comment", close, end)
    return _option(text, start, end)


def _directive(text: str, start: int, end: int) -> tuple[_Piece, ...]:
    """An include with its path; another word with an exclamation mark is skipped by the server."""
    found = _DIRECTIVE.match(text, start, end)
    if found is None:
        return (("comment", start, end),)
    path = end - len(text[found.end() : end].lstrip(BLANKS))
    return ("directive", start, found.end()), ("space", found.end(), path), ("path", path, end)


def _option(text: str, start: int, end: int) -> tuple[_Piece, ...]:
    found = _SAID.match(text[start:end])
    said = start + found.end() if found else end
    stop = start + len(text[start:said].rstrip(BLANKS))
    tail = ("space", stop, said), ("comment", said, end)
    equals = text.find("=", start, stop)
    if equals < 0:
        return ("name", start, stop), *tail
    name = start + len(text[start:equals].rstrip(BLANKS))
    value = stop - len(text[equals + 1 : stop].lstrip(BLANKS))
    return (
        ("name", start, name),
        ("space", name, equals),
        ("separator", equals, equals + 1),
        ("space", equals + 1, value),
        ("value", value, stop),
        *tail,
    )


def unquoted(value: str) -> str:
    r"""The text that the server sees in a value; `\x` stays what it is."""
    if len(value) > 1 and value[0] in "'\"" and value[0] == value[-1]:
        value = value[1:-1]
    return _ESCAPED.sub(lambda found: _LETTERS.get(found[1], found[1]), value)
