"""The words of VCL, as its compiler cuts them.

Source: vcl(7); measured on 7.1.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from plimsoll.syntax.text import Token

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n\v\f\ufeff]+)
    |(?P<comment>\#[^\n]*|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)
    |(?P<foreign>C\{[\s\S]*?\}C)
    |(?P<string>\{"[\s\S]*?"\}|\"\"\"[\s\S]*?\"\"\"|"[^"\n]*")
    |(?P<word>[A-Za-z_][A-Za-z0-9_]*(?:[.:-][A-Za-z0-9_-]+)*|[0-9]+(?:\.[0-9]*)?)
    |(?P<broken>/\*[\s\S]*|C\{[\s\S]*|\{"[\s\S]*|"[^\n]*)
    |(?P<open>\{)|(?P<close>\})|(?P<end>;)
    |(?P<sign>.)
    """,
    re.VERBOSE,
)


def tokens(text: str) -> Iterator[Token]:
    """The tokens of *text*; joined they are *text*.

    Kinds: space, comment, foreign (inline C), string, word (a name or a number), open, close, end
    (`;`), sign (any other character), broken (a comment, string or inline C that does not end).
    """
    for found in _TOKEN.finditer(text):
        yield Token(found.lastgroup or "", found[0], found.start())


def unquoted(token: Token) -> str:
    """What a string says; VCL has no escapes but in long strings, which hold any character."""
    width = 3 if token.text.startswith('"""') else 2 if token.text.startswith("{") else 1
    return token.text[width:-width]
