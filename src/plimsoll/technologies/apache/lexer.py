r"""Lexer of Apache's lines: one directive or section a line, `\` at its end goes on.

Source: Apache httpd manual, "Configuration Files"; how words are quoted: tried with 2.4.71.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from plimsoll.syntax.text import Token

_CONTINUED = r"\\\r?\n"
_SPACE = re.compile(rf"(?:[ \t\v\f\r]|{_CONTINUED})+")
# A quote counts only where a word begins; what nothing closes goes to the end of the line.
_WORD = re.compile(
    r"""\"(?:[^\"\\]++|\\[\s\S]?)*\"?|'(?:[^'\\]++|\\[\s\S]?)*'?"""
    rf"""|(?:[^ \t\v\f\r\n\\]++|{_CONTINUED}(?=[^ \t\v\f\r\n])|\\(?!\r?\n))+"""
)
_JOINT = re.compile(_CONTINUED)
_ESCAPE = re.compile(r"\\([\"'\\])")


class Line(Struct, frozen=True):
    """The words of one line with those that it goes on in; *end* is behind the last of them."""

    words: tuple[Token, ...]

    @property
    def start(self) -> int:
        return self.words[0].start

    @property
    def end(self) -> int:
        return self.words[-1].end


def tokens(text: str) -> Iterator[Token]:
    """The tokens of *text*; joined they are *text*. Kinds: mark, line, space, comment, word."""
    at = 0
    if text.startswith("\ufeff"):
        yield Token("mark", "\ufeff", 0)
        at = 1
    while at < len(text):
        end = _line_end(text, at)
        yield from _words(text, at, end)
        if end < len(text):
            yield Token("line", "\n", end)
        at = end + 1


def _line_end(text: str, at: int) -> int:
    """The offset of the line feed that really ends the line which begins at *at*."""
    while True:
        end = text.find("\n", at)
        if end < 0:
            return len(text)
        before = end - 1 if end > at and text[end - 1] == "\r" else end
        if before <= at or text[before - 1] != "\\":
            return end
        at = end + 1


def _words(text: str, at: int, end: int) -> Iterator[Token]:
    is_first = True
    while at < end:
        space = _SPACE.match(text, at, end)
        if space:
            yield Token("space", space[0], at)
            at = space.end()
            continue
        if is_first and text[at] == "#":
            yield Token("comment", text[at:end], at)
            return
        word = _WORD.match(text, at, end)
        stop = word.end() if word and word.end() > at else at + 1
        yield Token("word", text[at:stop], at)
        at, is_first = stop, False


def lines(text: str) -> Iterator[Line]:
    """The lines that say something, in order; the byte order mark, which the server drops, apart."""
    words: list[Token] = []
    for token in tokens(text):
        if token.kind == "word":
            words.append(token)
        elif token.kind == "line" and words:
            yield Line(tuple(words))
            words = []
    if words:
        yield Line(tuple(words))


def unquoted(raw: str) -> str:
    """The word as the server sees it: joined over lines, without its quotes."""
    if "\\\n" in raw or "\\\r" in raw:
        raw = _JOINT.sub("", raw)
    if raw[:1] not in ('"', "'"):
        return raw
    quote, inner = raw[0], raw[1:]
    if inner.endswith(quote):
        inner = inner[:-1]
    return _ESCAPE.sub(lambda f: f[1] if f[1] in (quote, "\\") else f[0], inner)
