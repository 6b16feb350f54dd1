"""The values of INI files that are expressions: what their words, quotes and operators make.

All operators have one rank and are read from the left: `1|2&3` is `(1|2)&3`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from plimsoll.syntax.text import Token

_TRUE = frozenset({"true", "on", "yes"})
_FALSE = frozenset({"false", "off", "no", "none", "null"})
_LEADING = re.compile(r"\s*([+-]?[0-9]{1,40})")
_ESCAPE = re.compile(r'\\(["\\$])')
_INNER = re.compile(r"(?<!\\)((?:\\\\)*)\$\{([^}]*)\}")
_DEEPEST = 50

# Kinds of messages, as the language numbers them.
LEVELS = {
    "E_ERROR": "1",
    "E_WARNING": "2",
    "E_PARSE": "4",
    "E_NOTICE": "8",
    "E_CORE_ERROR": "16",
    "E_CORE_WARNING": "32",
    "E_COMPILE_ERROR": "64",
    "E_COMPILE_WARNING": "128",
    "E_USER_ERROR": "256",
    "E_USER_WARNING": "512",
    "E_USER_NOTICE": "1024",
    "E_STRICT": "2048",
    "E_RECOVERABLE_ERROR": "4096",
    "E_DEPRECATED": "8192",
    "E_USER_DEPRECATED": "16384",
    "E_ALL": "32767",
}


class Piece(Struct, frozen=True):
    """Plain text, or (*name*) a variable whose value stands there."""

    text: str
    name: str = ""


class Text(Struct, frozen=True):
    """A value: its text, and its pieces where it waits for variables.

    *sense*: what the scanner makes of a word or a constant that stands alone and without quotes.
    *is_calculated*: operators stand between variables; only their values would tell.
    """

    text: str
    pieces: tuple[Piece, ...] = ()
    sense: str | None = None
    is_calculated: bool = False

    @property
    def waits(self) -> bool:
        return bool(self.pieces)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(piece.name for piece in self.pieces if piece.name)

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with the *values* of its variables; one without a value is empty."""
        return "".join(values.get(p.name, "") if p.name else p.text for p in self.pieces)


class Refusal(Struct, frozen=True):
    """Why the scanner stops in a value."""

    reason: str


def joined(pieces: Iterable[Piece]) -> Text:
    """The text that pieces make."""
    found = tuple(pieces)
    text = "".join(piece.text for piece in found)
    return Text(text, found if any(piece.name for piece in found) else ())


def _pieces_of(token: Token) -> Iterator[Piece]:
    """What a token is without its quotes."""
    if token.kind == "reference":
        yield Piece(token.text, token.text[2:-1])
    elif token.kind == "double":
        yield from _in_quotes(token.text[1:-1])
    elif token.kind == "single":
        yield Piece(token.text[1:-1])
    elif token.kind != "lost":  # a pair of single quotes ends a value
        yield Piece(token.text)


def _in_quotes(inner: str) -> Iterator[Piece]:
    """A text in double quotes in its parts."""
    at = 0
    for reference in _INNER.finditer(inner):
        yield Piece(_unescaped(inner[at : reference.start()] + reference[1]))
        yield Piece(f"${{{reference[2]}}}", reference[2])
        at = reference.end()
    yield Piece(_unescaped(inner[at:]))


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(r"\1", text) if "\\" in text else text


def in_brackets(tokens: Sequence[Token]) -> Iterator[Piece]:
    """The pieces of a name in brackets: blanks before it and behind double quotes are nothing."""
    before = ""
    for token in tokens:
        if token.kind == "plain" and before in ("", "double"):
            yield Piece(token.text.lstrip(" \t"))
        elif token.kind != "space":
            yield from _pieces_of(token)
        before = token.kind


def value_of(tokens: Sequence[Token], constants: Mapping[str, str]) -> Text | Refusal:
    """What the tokens of a value make."""
    said = _trimmed(tokens)
    if not said:
        return Text("")
    first = said[0]
    if first.kind == "plain" and first.text.casefold() in _TRUE | _FALSE:
        if len(said) > 1:
            return Refusal(f"something stands behind {first.text!r}")
        return Text(first.text, sense=sense(first.text))
    for token in said[1:]:
        if token.kind == "plain" and token.text.casefold() in _TRUE | _FALSE:
            return Refusal(f"{token.text!r} is a value of its own: quote it")
    if len(said) == 1 and first.kind == "plain" and first.text in constants:
        return Text(first.text, sense=constants[first.text])
    if all(token.kind != "operator" for token in said):
        return joined(_pieces(said, constants))
    return _Expression(said, constants).value()


def sense(word: str) -> str | None:
    """What a word means that stands for true, false or nothing; None for any other."""
    folded = word.casefold()
    return "1" if folded in _TRUE else "" if folded in _FALSE else None


def _trimmed(tokens: Sequence[Token]) -> list[Token]:
    """*tokens* without the white space around them."""
    found = list(tokens)
    while found and found[0].kind == "space":
        found.pop(0)
    while found and found[-1].kind == "space":
        found.pop()
    return found


def _pieces(said: Sequence[Token], constants: Mapping[str, str]) -> Iterator[Piece]:
    """The pieces of a text: blanks beside double quotes are nothing."""
    for at, token in enumerate(said):
        around = (*said[max(at - 1, 0) : at], *said[at + 1 : at + 2])
        if token.kind == "plain":
            yield Piece(constants.get(token.text, token.text))
        elif token.kind != "space" or all(each.kind != "double" for each in around):
            yield from _pieces_of(token)


class _Expression(Struct):
    tokens: list[Token]
    constants: Mapping[str, str]
    at: int = 0
    waits: bool = False
    depth: int = 0

    def value(self) -> Text | Refusal:
        found = self._operations()
        if isinstance(found, Refusal):
            return found
        if self.at < len(self.tokens):
            return Refusal(f"unexpected {self.tokens[self.at].text!r}")
        if not self.waits:
            return Text(found)
        raw = "".join(token.text for token in self.tokens)
        return Text(raw, (Piece(raw),), is_calculated=True)

    def _operations(self) -> str | Refusal:
        left = self._operand()
        while not isinstance(left, Refusal):
            self._blanks()
            sign = self._operator("|&^")
            if not sign:
                break
            right = self._operand()
            if isinstance(right, Refusal):
                return right
            left = _calculated(sign, left, right)
        return left

    def _operand(self) -> str | Refusal:
        """A text, or what `~`, `!` and parentheses make of one."""
        self._blanks()
        signs: list[str] = []
        while sign := self._operator("~!"):
            signs.append(sign)
            self._blanks()
        found = self._inner() if self._operator("(") else self._text()
        for sign in reversed(signs):
            if not isinstance(found, Refusal):
                found = str(~_number(found)) if sign == "~" else str(int(not _number(found)))
        return found

    def _inner(self) -> str | Refusal:
        self.depth += 1
        if self.depth > _DEEPEST:
            return Refusal("nested too deeply")
        found = self._operations()
        self.depth -= 1
        if not isinstance(found, Refusal) and not self._operator(")"):
            return Refusal("no `)` behind `(`")
        return found

    def _text(self) -> str | Refusal:
        start = self.at
        while self.at < len(self.tokens) and self.tokens[self.at].kind != "operator":
            self.at += 1
        said = _trimmed(self.tokens[start : self.at])
        if not said:
            here = self.tokens[self.at].text if self.at < len(self.tokens) else "end of the line"
            return Refusal(f"unexpected {here!r}")
        found = joined(_pieces(said, self.constants))
        self.waits = self.waits or found.waits
        return found.text

    def _blanks(self) -> None:
        while self.at < len(self.tokens) and self.tokens[self.at].kind == "space":
            self.at += 1

    def _operator(self, signs: str) -> str:
        if self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.kind == "operator" and token.text in signs:
                self.at += 1
                return token.text
        return ""


def _number(text: str) -> int:
    """What C's atoi makes of a text: the number it begins with, in 32 bits."""
    found = _LEADING.match(text)
    number = max(-(2**63), min(int(found[1]), 2**63 - 1)) if found else 0
    return (number + 2**31) % 2**32 - 2**31


def _calculated(sign: str, left: str, right: str) -> str:
    a, b = _number(left), _number(right)
    return str(a | b if sign == "|" else a & b if sign == "&" else a ^ b)
