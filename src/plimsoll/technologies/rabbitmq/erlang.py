"""Erlang's terms, as far as configuration files write them: literal, with their places.

Source: Erlang reference manual, Data Types.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field

from plimsoll.syntax.text import Token

_TOKEN = re.compile(
    r"""(?P<space>[\s\ufeff]+)
    |(?P<comment>%[^\n]*)
    |(?P<string>"(?:[^"\\]|\\[\s\S])*")
    |(?P<atom>'(?:[^'\\]|\\[\s\S])*'|[a-z][A-Za-z0-9_@]*)
    |(?P<float>-?[0-9][0-9_]*\.[0-9]+(?:[eE][+-]?[0-9]+)?)
    |(?P<integer>-?(?:[0-9]+\#[0-9A-Za-z]+|[0-9][0-9_]*))
    |(?P<open>\[|\{|<<|\#\{)
    |(?P<close>\]|\}|>>)
    |(?P<sign>,|=>|\.|\|)
    |(?P<other>[\s\S])
    """,
    re.VERBOSE,
)
_ENDS = {"[": "]", "{": "}", "<<": ">>", "#{": "}"}
_ESCAPE = re.compile(r"\\([\s\S])")
_DEEPEST = 60


class Term(Struct):
    """*kind*: list, tuple, binary, map, string, atom, float or integer; *start* and *end*: offsets."""

    kind: str
    text: str
    start: int
    end: int
    items: list[Term] = field(default_factory=list)


class TermError(Exception):
    """Not a literal term: what, and at which offset."""

    def __init__(self, reason: str, at: int) -> None:
        super().__init__(reason)
        self.at = at


def tokens(text: str) -> Iterator[Token]:
    """The tokens of *text*, which joined are the text."""
    for found in _TOKEN.finditer(text):
        yield Token(found.lastgroup or "", found[0], found.start())


def term(text: str) -> Term | None:
    """The one term of a file, which a full stop ends; None where nothing stands in it.

    Raises:
        TermError: it is no literal term.
    """
    stack: list[Term] = []
    last: Term | None = None
    is_over = False
    for token in tokens(text):
        if token.kind in ("space", "comment"):
            continue
        if is_over or (last is not None and not stack and token.kind != "sign"):
            raise TermError("more than one term stands in the file", token.start)
        if token.kind == "open":
            if len(stack) >= _DEEPEST:
                raise TermError("lists and tuples go too deep", token.start)
            stack.append(Term(_KINDS[token.text], token.text, token.start, token.end))
        elif token.kind == "close":
            last = _closed(stack, token)
        elif token.kind == "sign":
            is_over = token.text == "." and not stack
        elif token.kind == "other":
            raise TermError(f"not a literal term of Erlang: {token.text!r}", token.start)
        else:
            last = Term(token.kind, _plain(token), token.start, token.end)
            if stack:
                stack[-1].items.append(last)
    if stack:
        raise TermError(f"{stack[-1].text!r} is not closed", stack[-1].start)
    if last is not None and not is_over:
        raise TermError("no full stop ends the term", last.end)
    return last


_KINDS = {"[": "list", "{": "tuple", "<<": "binary", "#{": "map"}


def _closed(stack: list[Term], token: Token) -> Term:
    if not stack or _ENDS[stack[-1].text] != token.text:
        raise TermError(f"unexpected {token.text!r}", token.start)
    made = stack.pop()
    made.end = token.end
    if stack:
        stack[-1].items.append(made)
    return made


def _plain(token: Token) -> str:
    if token.kind == "string" or token.text.startswith("'"):
        return _ESCAPE.sub(r"\1", token.text[1:-1])
    return token.text.replace("_", "") if token.kind in ("integer", "float") else token.text
