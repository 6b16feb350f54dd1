"""Tokens to nodes, as the parser finds them. Imports the parser's library: import it late."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lark import Token, Transformer

from plimsoll.check.language.nodes import EACH, FUNCTIONS, METHODS, Node, RuleSyntaxError
from plimsoll.check.language.patterns import PatternError, compiled_pattern
from plimsoll.syntax.suggest import suggestion

_RESERVED = frozenset({
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
    "package", "namespace", "return", "var", "void", "while", "null", "__result__",
})  # fmt: skip
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.))"
)
_ESCAPED = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
    "\\": "\\", "?": "?", '"': '"', "'": "'", "`": "`",
}  # fmt: skip
_BASES = (16, 16, 16, 8)
_LARGEST = 2**63 - 1  # of CEL's integers


class Build(Transformer[Token, Node]):
    """One method for each rule of the grammar that makes a node."""

    def ternary(self, found: Sequence[Node]) -> Node:
        condition, yes, no = found
        return ("ternary", condition[1], condition, yes, no)

    def binary(self, found: Sequence[Node]) -> Node:
        left, symbol, right = found
        return ("binary", left[1], str(symbol), left, right)

    def unary(self, found: Sequence[Any]) -> Node:
        *symbols, node = found
        for symbol in reversed(symbols):
            node = ("unary", _column(symbol), str(symbol), node)
        return tuple(node)

    def number(self, found: Sequence[Token]) -> Node:
        text = str(found[0])
        mantissa, _, exponent = text.lower().partition("e")
        if len(mantissa) > 30 or abs(int(exponent or 0)) > 30:
            raise RuleSyntaxError("a number of that size is not needed", _column(found[0]))
        if text.isdigit() and int(text) > _LARGEST:
            raise RuleSyntaxError(f"larger than {_LARGEST}", _column(found[0]))
        return ("number", _column(found[0]), text)

    def text(self, found: Sequence[Token]) -> Node:
        token = found[0]
        if token.type == "RAW":
            return ("text", _column(token), str(token)[2:-1])
        return ("text", _column(token), _unescaped(str(token)[1:-1], _column(token)))

    def truth(self, found: Sequence[Token]) -> Node:
        return ("truth", _column(found[0]), found[0] == "true")

    def name(self, found: Sequence[Token]) -> Node:
        return ("name", _column(found[0]), _free(found[0]))

    def list(self, found: Sequence[Any]) -> Node:
        return ("list", _column(found[0]), found[1] or ())

    def arguments(self, found: Sequence[Node]) -> Node:
        return tuple(found)

    def attribute(self, found: Sequence[Any]) -> Node:
        owner, name = found
        return ("attribute", owner[1], owner, str(name))

    def index(self, found: Sequence[Node]) -> Node:
        owner, name = found
        return ("index", owner[1], owner, name[2])

    def call(self, found: Sequence[Any]) -> Node:
        token = found[0]
        arguments: Sequence[Any] = found[1] or ()
        name = _known(token, FUNCTIONS, arguments, "function")
        if name in ("has", "written"):
            _path(name, arguments[0])
        return ("call", _column(token), name, arguments)

    def method(self, found: Sequence[Any]) -> Node:
        owner, token = found[0], found[1]
        arguments: Sequence[Any] = found[2] or ()
        if token in EACH:
            return _each(owner, token, arguments)
        name = _known(token, METHODS, arguments, "method")
        if name == "matches":
            _pattern(arguments[0])
        return ("method", owner[1], owner, name, arguments)


def _column(token: object) -> int:
    return (token.start_pos or 0) + 1 if isinstance(token, Token) else 0


def _free(token: object) -> str:
    """A name that a rule may give to something."""
    name = str(token)
    if name == "null":
        raise RuleSyntaxError("there is no null; write has(x)", _column(token))
    if name in _RESERVED:
        raise RuleSyntaxError(f"{name!r} is a reserved word", _column(token))
    return name


def _known(
    token: object, known: dict[str, tuple[int, int]], arguments: Sequence[object], what: str
) -> str:
    name = str(token)
    if name not in known:
        hint = suggestion(name, [*known, *(EACH if what == "method" else ())])
        raise RuleSyntaxError(f"unknown {what} {name!r}{hint}", _column(token))
    least, most = known[name]
    if not least <= len(arguments) <= most:
        wanted = {0: "nothing", 1: "one value"}.get(most, "at least one value")
        raise RuleSyntaxError(f"{name}() takes {wanted} in its brackets", _column(token))
    return name


def _path(name: str, node: Node) -> None:
    """Only a name of something can be set or written; `has` of a bare one would say nothing."""
    kinds = ("attribute", "index") if name == "has" else ("attribute", "index", "name")
    if node[0] not in kinds:
        raise RuleSyntaxError(f"{name}() asks about a name like s.memory", node[1])


def _pattern(node: Node) -> None:
    if node[0] != "text":
        raise RuleSyntaxError("matches() takes its pattern in quotes", node[1])
    try:
        compiled_pattern(node[2])
    except PatternError as problem:
        message = f"pattern {node[2]!r}, character {problem.offset + 1}: {problem}"
        raise RuleSyntaxError(message, node[1]) from None


def _each(owner: Node, token: object, arguments: Sequence[Node]) -> Node:
    if len(arguments) != 2 or arguments[0][0] != "name":
        message = f"write x.{token}(name, expression): the name stands for each entry"
        raise RuleSyntaxError(message, _column(token))
    return ("each", owner[1], owner, str(token), arguments[0][2], arguments[1])


def _unescaped(text: str, column: int) -> str:
    def meant(found: re.Match[str]) -> str:
        for base, digits in zip(_BASES, found.groups(), strict=False):
            if digits:
                return _character(int(digits, base), column + found.start() + 1)
        plain = _ESCAPED.get(found[5])
        if plain is None:
            message = f"unknown escape {found[0]}; write \\\\ for a backslash, or r'...'"
            raise RuleSyntaxError(message, column + found.start() + 1)
        return plain

    return _ESCAPE.sub(meant, text) if "\\" in text else text


def _character(code: int, column: int) -> str:
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise RuleSyntaxError(f"there is no character {code:#x}", column)
    return chr(code)
