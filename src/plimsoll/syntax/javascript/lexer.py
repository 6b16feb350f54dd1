"""JavaScript and TypeScript as tokens: all of a text, in order, nothing of it lost."""

from __future__ import annotations

import re

from plimsoll.syntax.text import Token

# White space and comments: they mean nothing but the end of a line.
BLANK = frozenset({"space", "comment"})

_TOKEN = re.compile(
    r"""
      (?P<name>[^\W\d][\w$]*+ | [$\#][\w$]*+ | @[\w$]++)
    | (?P<mark>[()\[\]{}.,;:](?!\.\.|[0-9]) | \.\.\. | => | \?\.(?![0-9]) | \?\?=? | &&=? | \|\|=?
        | \*\*=? | [!=]==? | >>>?=? | <<=? | [<>+\-*%&|^]= | \+\+ | -- | [()\[\]{},;:<>=+\-*%&|^!?~])
    | (?P<space>[\s\ufeff]+)
    | (?P<string>"(?:[^"\\\n\r]|\\(?:\r\n|(?s:.)))*"? | '(?:[^'\\\n\r]|\\(?:\r\n|(?s:.)))*'?)
    | (?P<number>0[xX][0-9a-fA-F_]++n? | 0[oO][0-7_]++n? | 0[bB][01_]++n?
        | (?:[0-9][0-9_]*+(?:\.[0-9_]*+)? | \.[0-9][0-9_]*+)(?:[eE][+-]?[0-9_]++)?n?)
    | (?P<comment>//[^\n\r\u2028\u2029]*+ | /\*(?s:.*?)(?:\*/|\Z))
    | (?P<slash>/=?)
    | (?P<template>`)
    | (?P<other>(?s:.))
    """,
    re.VERBOSE,
)
_SHEBANG = re.compile(r"\ufeff?#![^\n\r]*+")
_CHUNK = re.compile(r"(?:[^`\\$]|\\(?s:.)|\$(?!\{))*(?:`|\$\{|\\?\Z)")
_REGEX = re.compile(
    r"/(?![*/])(?:[^/\\\[\n\r]|\\[^\n\r]|\[(?:[^\]\\\n\r]|\\[^\n\r])*\])+/[A-Za-z]*+"
)
_LINE_END = re.compile(r"[\n\r]|\Z")

# Behind these a slash begins a regular expression, though they look like values.
_BEFORE_VALUES = frozenset(
    "return typeof case in of delete void throw new instanceof else do await yield".split()  # noqa: SIM905
)
_CONDITIONS = frozenset({"if", "while", "for", "with"})


def tokens(text: str) -> list[Token]:
    """Every piece of *text*. Kinds: space, comment, name, number, string, template, regex, mark.

    A template literal is one token, or a piece up to each `${` and from its `}` on.
    """
    kinds, starts = scanned(text)
    ends = [*starts[1:], len(text)]
    return [
        Token(kind, text[start:end], start)
        for kind, start, end in zip(kinds, starts, ends, strict=False)
    ]


def scanned(text: str) -> tuple[list[str], list[int]]:
    """The kind of every token and where it starts: one pass, and an object for none of them."""
    kinds: list[str] = []
    starts: list[int] = []
    open_: list[tuple[str, str]] = []  # what was opened, with the name in front of it
    closed = ""  # the name in front of what was closed last
    last = ""  # the last token that is not blank; of a literal its kind
    before = ""  # the one before it
    no_regex = 0  # where the line ends on which a regular expression did not
    match, at, size = _TOKEN.match, 0, len(text)
    shebang = _SHEBANG.match(text)
    if shebang:
        kinds.append("comment")
        starts.append(0)
        at = shebang.end()
    while at < size:
        found = match(text, at)
        if found is None:  # the last alternative takes anything
            break
        kind, end = found.lastgroup or "", found.end()
        if kind == "slash":
            kind = "mark"
            if at >= no_regex and _may_begin(last, before, closed, text[at - 1]):
                regex = _REGEX.match(text, at)
                if regex:
                    kind, end = "regex", regex.end()
                else:
                    rest = _LINE_END.search(text, at)
                    no_regex = rest.start() if rest else size
        elif kind == "mark":
            mark = text[at]
            if mark in "([{":
                open_.append((mark, last))
            elif mark in ")]}" and open_:
                opened, closed = open_.pop()
                kind = "template" if mark == "}" and opened == "$" else kind
        elif kind == "other":
            kind = "mark"
        if kind == "template":
            chunk = _CHUNK.match(text, at + 1)
            end = chunk.end() if chunk else size
            if text.startswith("${", end - 2):
                open_.append(("$", ""))
        kinds.append(kind)
        starts.append(at)
        if kind not in BLANK:
            before, last = last, _kept(kind, text[at:end])
        at = end
    return kinds, starts


def _kept(kind: str, text: str) -> str:
    if kind in ("name", "mark"):
        return text
    return "${" if kind == "template" and text.endswith("${") else "a literal"


def _may_begin(last: str, before: str, closed: str, near: str) -> bool:
    """Whether a slash behind *last* begins an operand: a regular expression."""
    if last == ")":
        return closed in _CONDITIONS
    if last == "}":
        return near in "\n\r\t "  # behind a block, which is likelier than a division of an object
    if last in _BEFORE_VALUES:
        return before not in (".", "?.")
    if last in ("]", "a literal", "++", "--"):
        return False
    return not last or not (last[0].isalnum() or last[0] in "_$#@")
