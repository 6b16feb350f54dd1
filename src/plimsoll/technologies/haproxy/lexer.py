"""Lexer of HAProxy's lines: blanks split words, quotes and backslashes protect, `#` ends a line.

Source: HAProxy manual, 2.2 "Quoting and escaping" and 2.3 "Environment variables"; each form tried
with 2.6.12.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from plimsoll.syntax.text import Token

# Possessive: a quote that nothing closes costs one look at its line.
_TOKEN = re.compile(
    r"""(?P<line>\n)
    |(?P<space>[ \t\v\f]+|\r(?=\n|\Z))
    |(?P<comment>[\#\r][^\n]*)
    |(?P<word>(?:[^ \t\v\f\r\n"'\\\#]++|\\[^\r\n]|\\(?=[\r\n]|\Z)
        |"[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*"|'[^'\n]*+')+)(?P<open>["'][^\n]*)?
    |(?P<broken>["'][^\n]*)
    """,
    re.VERBOSE,
)
_PART = re.compile(
    r"""'(?P<strong>[^'\n]*+)'
    |"(?P<weak>[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*)"
    |(?P<bare>(?:[^"'\\]++|\\[\s\S]?)+)
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|([\\\"' #tnr]))")
_IN_WEAK = re.compile(
    _ESCAPE.pattern + r"|(?P<dollar>\\\$)|\$(?P<name>\{[^}\n]*+\}|\.?[A-Za-z_][A-Za-z0-9_]*)"
)
_VARIABLE = re.compile(r"\{(\.?[A-Za-z_][A-Za-z0-9_]*)(\[\*\])?(?:-(.*))?\}", re.DOTALL)
_CONTROL = {"t": "\t", "n": "\n", "r": "\r"}


class Variable(Struct, frozen=True):
    """`"${NAME-default}"`, as it is written in *text*."""

    name: str
    text: str
    default: str | None = None


Pieces = tuple[str | Variable, ...]


class Line(Struct, frozen=True):
    """The words of one line; *fault*: why HAProxy cannot cut it into words."""

    words: tuple[Token, ...]
    is_indented: bool
    fault: str = ""


def tokens(text: str) -> Iterator[Token]:
    """The tokens of *text*; joined they are *text*. Kinds: mark, line, space, comment, word, broken."""
    at = 0
    if text.startswith("\ufeff"):
        yield Token("mark", "\ufeff", 0)
        at = 1
    while found := _TOKEN.match(text, at):
        if found["open"]:
            yield Token("broken", found[0], at)
        else:
            yield Token(found.lastgroup or "", found[0], at)
        at = found.end()


def lines(found: Iterable[Token]) -> Iterator[Line]:
    """The lines that have words, in order."""
    words: list[Token] = []
    is_indented, fault = False, ""
    for token in found:
        if token.kind == "line":
            if words:
                yield Line(tuple(words), is_indented, fault)
            words, is_indented, fault = [], False, ""
        elif token.kind == "space":
            is_indented = is_indented or not words
        elif token.kind != "comment":
            words.append(token)
            if token.kind == "broken":
                fault = "unmatched quote: the line is not read"
    if words:
        yield Line(tuple(words), is_indented, fault)


def is_plain(raw: str) -> bool:
    """Whether a word is seen as it is written."""
    return "\\" not in raw and '"' not in raw and "'" not in raw


def pieces(raw: str) -> Pieces:
    """The word as HAProxy sees it: quotes and escapes resolved, variables of weak quotes apart."""
    if is_plain(raw):
        return (raw,)
    made: list[str | Variable] = []
    for found in _PART.finditer(raw):
        if found["weak"] is not None:
            made += _weak(found["weak"])
        elif found["strong"] is not None:
            made.append(found["strong"])
        else:
            made.append(_ESCAPE.sub(_character, found["bare"]))
    return _joined(made)


def _weak(inner: str) -> Iterator[str | Variable]:
    at = 0
    for found in _IN_WEAK.finditer(inner):
        yield inner[at : found.start()]
        if found["name"]:
            yield _variable(found["name"])
        else:
            yield "$" if found["dollar"] else _character(found)
        at = found.end()
    yield inner[at:]


def _variable(name: str) -> str | Variable:
    if not name.startswith("{"):
        return Variable(name, f"${name}")
    found = _VARIABLE.fullmatch(name)
    return Variable(found[1], f"${name}", found[3]) if found else f"${name}"


def _character(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    return _CONTROL.get(found[2], found[2])


def _joined(made: Iterable[str | Variable]) -> Pieces:
    joined: list[str | Variable] = []
    for each in made:
        last = joined[-1] if joined else None
        if isinstance(each, str) and isinstance(last, str):
            joined[-1] = last + each
        else:
            joined.append(each)
    return tuple(joined) or ("",)


def shown(parts: Pieces) -> str:
    """The pieces as one text, variables as they are written."""
    return "".join(each if isinstance(each, str) else each.text for each in parts)


def expanded(parts: Pieces, environment: Mapping[str, str]) -> str | None:
    """The pieces with their variables replaced; None where one of them is not told."""
    texts = [each if isinstance(each, str) else environment.get(each.name) for each in parts]
    return None if None in texts else "".join(t for t in texts if t is not None)
