r"""INI files whose values are expressions: constants, `A & ~B`, `${NAME}`, quotes, `name[key] = ...`.

A statement is what the language's own scanner takes for one. Behind a fault the reader goes on with
the next line; that the program itself stops there is said by the technology.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.syntax.expression_values import Refusal, Text, in_brackets, joined, sense, value_of
from plimsoll.syntax.text import Token

_LABEL = r"[^=\n\r\t;&|^$~(){}!\"\[\]\0]+"
_REFERENCE = r"\$\{(?:[^=\n\r\t;&|^$~(){}!\"\[\]\0]++)\}"
# A backslash keeps a quote in the text, unless it is the last of its line (a Windows path).
_DOUBLE = r'"(?:\\"(?=[^\r\n])|\\[^"]|[^"\\])*(?:\\(?="(?:[\r\n]|\Z)))?"'
_SINGLE = r"'[^']++'"
_LITERAL_DOLLAR = r"\$(?:\\[\s\S]|[^{\0])"
_TOKEN = re.compile(
    rf"(?P<newline>\r\n|\n|\r)|(?P<space>[ \t]+|\ufeff)|(?P<comment>;[^\r\n]*+)"
    rf"|(?P<double>{_DOUBLE})|(?P<lost>''[^\r\n]*+)|(?P<single>{_SINGLE})"
    rf"|(?P<reference>{_REFERENCE})|(?P<plain>(?:[^$= \t\n\r;&|^~()!\"'\0]|{_LITERAL_DOLLAR})+)"
    r"|(?P<operator>[&|^~()!])|(?P<junk>[\s\S])"
)
_START = re.compile(
    r"(?P<newline>\r\n|\n|\r)|(?P<space>\t+|\ufeff|[ \t]+(?=[\r\n;=]|\Z))|(?P<comment>;[^\r\n]*+)"
    rf"|(?P<section>\[)|(?P<label>{_LABEL})|(?P<junk>[\s\S])"
)
_IN_BRACKETS = re.compile(
    rf"(?P<close>\])|(?P<double>{_DOUBLE})|(?P<single>{_SINGLE})|(?P<reference>{_REFERENCE})"
    rf"|(?P<plain>(?:[^$\n\r;\"'\]\\]|\\[\s\S]|{_LITERAL_DOLLAR})+)|(?P<junk>[\s\S]|\Z)"
)
_LINE_END = re.compile(r"[\r\n]|\Z")
# Blank lines and comments, or a name and one word without any sign that means something.
_PLAIN = re.compile(
    r"(?:[ \t]*+(?:;[^\r\n]*+)?\r?\n)+"
    r"|[ ]*+(?P<name>[\w.\-]++)[ \t]*+=[ \t]*+(?P<value>[\w./:\-+,*@%]++)"
    r"[ \t]*+(?:;[^\r\n]*+)?(?:\r?\n|\Z)"
)
_NEVER_BEHIND = tuple('{}()!"&|^~$\0')
_WORDS = frozenset({"true", "on", "yes", "false", "off", "no", "none", "null"})


class Section(Struct, frozen=True):
    """`[name]`; *start* and *end* are offsets."""

    name: Text
    start: int
    end: int


class Entry(Struct, frozen=True):
    """`name = value`, `name[key] = value`, or a name alone (*value* is None)."""

    name: str
    key: Text | None
    value: Text | None
    start: int
    end: int
    value_start: int
    value_end: int


class Fault(Struct, frozen=True):
    """Where the scanner stops, and what it says; *name* is that of the entry, where there is one.

    *is_silent*: it says nothing, and takes the rest of the text for one that is not closed.
    """

    reason: str
    name: str
    start: int
    end: int
    is_silent: bool = False


Statement = Section | Entry | Fault


def statements(text: str, constants: Mapping[str, str]) -> Iterator[Statement]:
    """What *text* says, in order; *constants* are the names that a value may hold, by value."""
    scan = _Scan(text)
    while scan.at < len(text):
        plain = _PLAIN.match(text, scan.at)
        if plain and plain["name"] and plain["name"].casefold() not in _WORDS:
            yield _plain_entry(plain, constants)
            scan.at = plain.end()
        elif plain and not plain["name"]:
            scan.at = plain.end()
        else:
            yield from _statement(scan, constants)


def _plain_entry(found: re.Match[str], constants: Mapping[str, str]) -> Entry:
    """A name and one word: what most lines are."""
    word = found["value"]
    text = Text(word, sense=constants.get(word) or sense(word))
    start, end = found.span("value")
    return Entry(found["name"], None, text, found.start("name"), end, start, end)


def tokens(text: str) -> Iterator[Token]:
    """The pieces of *text*, which joined are the text.

    Kinds: space, newline, comment, bracket, label, equals, junk, and of values and names in
    brackets plain, single, double, reference, operator.
    """
    return _Scan(text).tokens()


def _statement(scan: _Scan, constants: Mapping[str, str]) -> Iterator[Statement]:
    """What stands where *scan* is, which is one statement as a rule; behind a fault no more of its line."""
    own: list[Token] = []
    for token in scan.statement():
        if token.kind == "junk" and _is_value(own) and token.text.startswith("'"):
            yield _Reading(own, constants).statement()
            reason = "a quote is not closed: what follows is lost"
            yield Fault(reason, "", token.start, token.end, is_silent=True)
            return
        if token.kind == "junk":
            yield _fault(own, token)
            return
        if token.kind not in ("comment", "newline") and (own or token.kind != "space"):
            own.append(token)
    if own:
        found = _Reading(own, constants).statement()
        if isinstance(found, Fault):
            end = scan.skip_line()
            found = replace(found, end=max(found.end, end))
        yield found


def _is_value(own: list[Token]) -> bool:
    """Whether a value has begun: a single quote that is not closed then ends it."""
    kinds = [token.kind for token in own if token.kind != "space"]
    return "equals" in kinds and kinds[-1] != "equals" and "operator" not in kinds


def _fault(own: list[Token], junk: Token) -> Fault:
    first = own[0] if own else junk
    name = own[0].text.strip() if own and own[0].kind == "label" else ""
    quote = junk.text[:1]
    reason = f"unexpected {quote!r}"
    if quote in ("'", '"') and (not own or own[-1].kind != "label"):
        reason = "a quote is not closed"
    elif junk.text.startswith("${"):
        reason = "no `}` behind `${`"
    elif own and own[0].kind == "bracket" and quote != "=":
        reason = "no `]` behind `[`"
    return Fault(reason, name, first.start, junk.end)


class _Scan:
    """Cuts a text into tokens, a statement at a time."""

    __slots__ = ("at", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def tokens(self) -> Iterator[Token]:
        while self.at < len(self.text):
            yield from self.statement()

    def statement(self) -> Iterator[Token]:
        """The tokens up to the end of a statement, or to junk."""
        while self.at < len(self.text):
            found = self._next(_START)
            if found.kind == "section":
                yield Token("bracket", found.text, found.start)
                yield from self._brackets()
                return
            if found.kind == "label":
                yield found
                if (yield from self._behind_label()):
                    return
            elif found.kind == "junk":
                yield self._rest(found.start)
                return
            else:
                yield found

    def skip_line(self) -> int:
        """Goes to the end of the line, unless it begins one; gives where its text ends."""
        if self.at == 0 or self.text[self.at - 1] in "\r\n":
            return 0
        found = _LINE_END.search(self.text, self.at)
        self.at = found.start() if found else len(self.text)
        return len(self.text[: self.at].rstrip(" \t")) if self.at else 0

    def _behind_label(self) -> Generator[Token, None, bool]:
        """What follows a name; gives whether the statement ends there."""
        if self.text.startswith("[", self.at):
            yield self._one("bracket")
            yield from self._blanks()
            yield from self._brackets()
        yield from self._blanks()
        if self.text.startswith("=", self.at):
            yield self._one("equals")
            yield from self._value()
        elif self.text[self.at : self.at + 1] in _NEVER_BEHIND:
            return False  # what stands here is junk, and part of the statement
        return True

    def _brackets(self) -> Iterator[Token]:
        while True:
            found = self._next(_IN_BRACKETS)
            if found.kind == "close":
                yield Token("bracket", found.text, found.start)
                return
            if found.kind == "junk":
                yield self._rest(found.start)
                return
            yield found

    def _value(self) -> Iterator[Token]:
        while self.at < len(self.text):
            found = self._next(_TOKEN)
            if found.kind == "junk":
                yield self._rest(found.start)
                return
            yield found
            if found.kind in ("newline", "comment"):
                return

    def _blanks(self) -> Iterator[Token]:
        end = self.at
        while end < len(self.text) and self.text[end] in " \t":
            end += 1
        if end > self.at:
            yield Token("space", self.text[self.at : end], self.at)
            self.at = end

    def _one(self, kind: str) -> Token:
        self.at += 1
        return Token(kind, self.text[self.at - 1], self.at - 1)

    def _next(self, pattern: re.Pattern[str]) -> Token:
        found = pattern.match(self.text, self.at)
        if found is None:
            return Token("junk", "", self.at)
        self.at = found.end()
        return Token(found.lastgroup or "junk", found[0], found.start())

    def _rest(self, start: int) -> Token:
        """Junk up to the end of the line: there the reader goes on."""
        found = _LINE_END.search(self.text, start)
        self.at = found.start() if found else len(self.text)
        if self.at == start:
            self.at = min(start + 1, len(self.text))
        return Token("junk", self.text[start : self.at], start)


class _Reading(Struct):
    """The statement that tokens make."""

    tokens: list[Token]
    constants: Mapping[str, str]

    def statement(self) -> Statement:
        first = self.tokens[0]
        if first.kind == "bracket":
            return Section(joined(in_brackets(self.tokens[1:-1])), first.start, self._end())
        name = first.text.strip(" ")
        start = first.start + len(first.text) - len(first.text.lstrip(" "))
        if name.casefold() in _WORDS and first.text.casefold().startswith(name.casefold()):
            return Fault(f"{name!r} is a value, not a name", name, start, self._end())
        at = next((n for n, t in enumerate(self.tokens) if t.kind == "equals"), None)
        key = self._key(at)
        if at is None:
            if key is not None:
                return Fault("no `=` behind the name", name, start, self._end())
            end = start + len(name)
            return Entry(name, None, None, start, end, end, end)
        return self._entry(name, key, self.tokens[at], self.tokens[at + 1 :])

    def _entry(
        self, name: str, key: Text | None, equals: Token, said: list[Token]
    ) -> Entry | Fault:
        first = self.tokens[0]
        start = first.start + len(first.text) - len(first.text.lstrip(" "))
        solid = [t for t in said if t.kind != "space"]
        value_start = solid[0].start if solid else equals.end
        value_end = solid[-1].end if solid else equals.end
        found = value_of(said, self.constants)
        if isinstance(found, Refusal):
            return Fault(found.reason, name, start, value_end)
        return Entry(name, key, found, start, value_end, value_start, value_end)

    def _key(self, equals: int | None) -> Text | None:
        before = self.tokens[:equals]
        if len(before) < 2 or before[1].kind != "bracket":
            return None
        inner = before[2 : max(n for n, t in enumerate(before) if t.kind == "bracket")]
        return joined(in_brackets(inner))

    def _end(self) -> int:
        return next(t.end for t in reversed(self.tokens) if t.kind != "space")
