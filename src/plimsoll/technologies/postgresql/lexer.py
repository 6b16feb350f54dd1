"""The lines of postgresql.conf as the server's own scanner cuts them.

No token reaches over a line's end, so each line stands alone: after the first thing that does not
belong there the server takes the whole line as an error, and so does this lexer (`junk`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from plimsoll.syntax.text import Token, decoded

# Every byte above 127 is a letter, so the classes say what is none: they compile in no time.
_LETTER = r"[^\x00-@\[-\^`{-\x7f]"
_WORD = r"[^\x00-/:-@\[-\^`{-\x7f]"  # or a digit
_BARE_WORD = r"[^\x00-,;-@\[-\^`{-\x7f]"  # or one of . : / -
_NAME = rf"{_LETTER}{_WORD}*(?:\.{_LETTER}{_WORD}*)?(?!{_BARE_WORD})"
_BARE = rf"{_LETTER}{_BARE_WORD}*"
_NUMBER = (
    r"[-+]?(?:[0-9]*\.[0-9]*(?:[Ee][-+]?[0-9]+)?"
    r"|0x[0-9A-Fa-f]+[A-Za-z]*|[0-9]+[A-Za-z]*)"
)
_QUOTED = r"'(?:[^'\\\n]++|\\[^\n]|'')*'(?!')"
_LINE = re.compile(
    rf"""
    (?P<space>[ \t\r]*)
    (?:(?P<name>{_NAME})(?P<space2>[ \t\r]*)
       (?:(?P<equals>=)(?P<space3>[ \t\r]*))?
       (?P<value>{_QUOTED}|{_BARE}|{_NUMBER})?(?P<space4>[ \t\r]*)
    )?
    (?P<junk>(?:[^\#\n]*[^\#\n \t\r])?)(?P<space5>[ \t\r]*)
    (?P<comment>(?:\#[^\n]*)?)
    (?P<newline>\n?)
    """,
    re.VERBOSE,
)
_DOTTED = re.compile(rf"{_LETTER}{_WORD}*\.{_LETTER}{_WORD}*")
_ESCAPED = re.compile(r"''|((?:\\[0-7]{1,3})+)|\\(.)", re.DOTALL)
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def lines(text: str) -> Iterator[list[Token]]:
    """The tokens of each line: space, name, equals, value, junk, comment, newline.

    Joined they are *text*. At most one of each but space. A line is in order when it has no junk
    and, if it has a name, a value.
    """
    for found in _LINE.finditer(text):  # every part may be empty: it matches on every line
        if found[0]:
            yield [
                Token(kind.rstrip("2345"), piece, found.start(kind))
                for kind, piece in found.groupdict().items()
                if piece
            ]


def is_dotted(value: str) -> bool:
    """Whether a bare value is `word.word`, which the server takes for a name and refuses."""
    return _DOTTED.fullmatch(value) is not None


def unquoted(value: str) -> str:
    """The text that the server sees in a value; a NUL byte ends it."""
    if not value.startswith("'"):
        return value
    return _ESCAPED.sub(_resolved, value[1:-1]).partition("\0")[0]


def _resolved(found: re.Match[str]) -> str:
    if found[1]:
        return decoded(bytes(int(byte, 8) & 0xFF for byte in found[1].split("\\")[1:]))
    return _LETTERS.get(found[2], found[2]) if found[2] else "'"
