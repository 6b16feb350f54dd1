"""Lexer of the brace format: `name argument ... ;` and `name argument ... { ... }`.

Words are split by blanks; a quote counts only at the beginning of a word, a backslash protects the
next character, `${name}` does not open a block, and `#` begins a comment where a word could begin.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from msgspec import Struct

from plimsoll.syntax.text import Token

BYTE_ORDER_MARK = "\ufeff"

# Where a block in another language ends: (text, offset behind its "{") -> offset of its "}", or -1.
End = Callable[[str, int], int]

# By the words of the statement that opens it: how a block in another language ends, None for ours.
Foreign = Callable[[list[Token]], End | None]

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
    |(?P<comment>\#[^\n]*)
    |(?P<end>;)
    |(?P<open>\{)
    |(?P<close>\})
    |(?P<quoted>"[^"\\]*(?:\\[\s\S][^"\\]*)*"|'[^'\\]*(?:\\[\s\S][^'\\]*)*')
    |(?P<broken>["'][\s\S]*|\\\Z)
    |(?P<word>(?:[^ \t\r\n;{}\#"'\\$]|\\[\s\S]|\$\{*)(?:[^ \t\r\n;{\\$]+|\\[\s\S]|\$\{*)*)
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\([\"'\\trn])")
_ESCAPED = {"t": "\t", "r": "\r", "n": "\n"}

Kind = Literal["simple", "open", "foreign", "close", "broken"]


class Statement(Struct, frozen=True):
    """What stands between two separators.

    *kind*: ended by `;` (simple), by `{` (open), by a block in another language (foreign; *body* is
    what stands in it), a `}` (close, without words), or not ended (broken). *fault*: why it cannot
    be read; empty where it can. *start* and *end* are offsets without the separator; where there
    are no words, those of the separator.
    """

    kind: Kind
    words: tuple[Token, ...]
    start: int
    end: int
    body: Token | None = None
    fault: str = ""


def tokens(
    text: str, foreign: Foreign = lambda _: None, *, has_space: bool = True
) -> Iterator[Token]:
    """The tokens of *text*; joined they are *text*. *has_space*: else without those of blanks.

    Kinds: mark (a byte order mark at the beginning), space, comment, word, quoted, broken (a word
    that the end of the text cuts off), end `;`, open `{`, close `}`, and for a block of another
    language enter `{` and foreign, what stands in it.
    """
    at = 0
    if text.startswith(BYTE_ORDER_MARK):
        yield Token("mark", BYTE_ORDER_MARK, 0)
        at = 1
    words: list[Token] = []
    match = _TOKEN.match
    while found := match(text, at):
        kind, start, at = found.lastgroup or "", at, found.end()
        if kind == "space" and not has_space:
            continue
        token = Token(kind, found[0], start)
        if kind in ("word", "quoted"):
            words.append(token)
        elif kind in ("end", "open", "close"):
            ends = foreign(words) if kind == "open" and words else None
            words = []
            if ends is not None:
                yield Token("enter", "{", start)
                close = ends(text, at)
                token = Token("foreign", text[at : close if close >= 0 else len(text)], at)
                at = token.end
        yield token


def unquoted(token: Token) -> str:
    """The word as the server sees it: without its quotes, escapes resolved."""
    text = token.text[1:-1] if token.kind == "quoted" else token.text
    return unescaped(text) if "\\" in text else text


def unescaped(raw: str) -> str:
    """*raw* with its escapes resolved; a backslash before any other character stays."""
    return _ESCAPE.sub(_character, raw) if "\\" in raw else raw


def _character(found: re.Match[str]) -> str:
    return _ESCAPED.get(found[1], found[1])


def statements(found: Iterable[Token]) -> Iterator[Statement]:
    """The statements of a text, in order; a block is its `open`, what stands in it, its `close`."""
    gathered = _Gathered()
    for token in found:
        if token.kind in ("end", "open", "close"):
            yield from gathered.separate(token)
        else:
            gathered.add(token)
    yield from gathered.rest()


class _Gathered:
    """The words since the last separator."""

    __slots__ = ("body", "fault", "tight", "words")

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self.words: list[Token] = []
        self.body: Token | None = None
        self.fault = ""
        self.tight = -1  # where a quote was closed: a blank or a separator has to stand there

    def add(self, token: Token) -> None:
        if token.kind in ("word", "quoted", "broken", "comment"):
            self._word(token)
        elif token.kind == "foreign":
            self.body = token

    def separate(self, token: Token) -> Iterator[Statement]:
        """What ends with a separator."""
        if token.kind == "close":
            yield from self._close(token)
        else:
            yield self._separated(token)

    def _word(self, token: Token) -> None:
        if token.start == self.tight and not token.text.startswith(")"):
            self._blame(f"unexpected '{token.text[0]}' behind a closing quote")
        if token.kind == "broken":
            self._blame("unexpected end of file: a quote is not closed")
        if token.kind != "comment":
            self.words.append(token)
            self.tight = token.end if token.kind == "quoted" else -1

    def _blame(self, fault: str) -> None:
        self.fault = self.fault or fault

    def _separated(self, token: Token) -> Statement:
        kind: Kind = "simple" if token.kind == "end" else "open"
        if not self.words:
            fault = f"unexpected '{token.text}'"
            return Statement(kind, (), token.start, token.end, fault=fault)
        return self._statement(kind)

    def _close(self, token: Token) -> Iterator[Statement]:
        if self.body is not None:
            yield self._statement("foreign")
            return
        if self.words:
            self._blame("unexpected '}': a ';' is missing before it")
            yield self._statement("broken")
        yield Statement("close", (), token.start, token.end)

    def rest(self) -> Iterator[Statement]:
        if self.body is not None:
            self._blame("unexpected end of file, expecting '}'")
            yield self._statement("foreign")
        elif self.words:
            self._blame("unexpected end of file, expecting ';' or '}'")
            yield self._statement("broken")

    def _statement(self, kind: Kind) -> Statement:
        words, last = tuple(self.words), self.body or self.words[-1]
        made = Statement(kind, words, words[0].start, last.end, self.body, self.fault)
        self._clear()
        return made
