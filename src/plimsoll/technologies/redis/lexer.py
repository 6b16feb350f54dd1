"""The lines of redis.conf and their words, as the server itself cuts them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plimsoll.syntax.text import Token, decoded

_DOUBLE = r'"(?:\\[^\n]|[^"\\\n])*"(?=[ \t\r\n\v\f]|\Z)'
_SINGLE = r"'(?:\\'|[^'\\\n]|\\(?!'))*'(?=[ \t\r\n\v\f]|\Z)"
# A word ends behind its first quoted part.
_WORD = rf"(?=[^ \t\r\n\v\f])[^ \t\r\n\"']*+(?:{_DOUBLE}|{_SINGLE}|(?![\"']))"
_TOKEN = re.compile(rf"(?P<newline>\n)|(?P<space>[ \t\r\v\f]+)|(?P<word>{_WORD})|(?P<junk>[^\n]+)")
_COMMENT = re.compile(r"#[^\n]*")
_QUOTE = re.compile("[\"']")
_ESCAPED = re.compile(r"((?:\\x[0-9a-fA-F]{2})+)|\\([^\n])")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "a": "\a"}


def tokens(text: str) -> Iterator[Token]:
    """Space, words, comments, line feeds, and from a quote that goes wrong the rest as junk.

    Joined they are *text*. A comment is a whole line: behind a value there is none.
    """
    at, is_start = 0, True
    while at < len(text):
        found = _COMMENT.match(text, at) if is_start else None
        kind = "comment" if found else ""
        found = found or _TOKEN.match(text, at)
        if found is None:  # never: junk takes what the others leave
            return
        kind = kind or found.lastgroup or "junk"
        yield Token(kind, found[0], at)
        is_start = kind == "newline" or (is_start and kind == "space")
        at = found.end()


def lines(text: str) -> Iterator[tuple[list[Token], Token | None]]:
    """The words of each line that has some, and its junk."""
    words: list[Token] = []
    for token in tokens(text):
        if token.kind == "word":
            words.append(token)
        elif token.kind == "junk":
            yield words, token
            words = []
        elif token.kind == "newline" and words:
            yield words, None
            words = []
    if words:
        yield words, None


def unquoted(word: str) -> str:
    """The text that the server sees in a word."""
    found = _QUOTE.search(word)
    if found is None:
        return word
    before, inside = word[: found.start()], word[found.end() : -1]
    if found[0] == "'":
        return before + inside.replace("\\'", "'")
    return before + _ESCAPED.sub(_resolved, inside)


def _resolved(found: re.Match[str]) -> str:
    if found[1]:
        return decoded(bytes.fromhex(found[1].replace("\\x", "")))
    return _LETTERS.get(found[2], found[2])


def quoted(word: str) -> str:
    """*word* so that it stays one among others."""
    return word if word and not re.search(r"[\s\"']", word) else f'"{word}"'
