"""What is wrong with a rule can mostly be told when it is loaded: units, kinds, names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.check.language.constants import CONSTANTS
from plimsoll.check.language.nodes import Node
from plimsoll.check.language.ranges import are_mixed, product_unit, quotient_unit
from plimsoll.check.language.types import (
    ANY,
    BARE,
    TEXT,
    TRUTH,
    AnyType,
    ListType,
    Names,
    NumType,
    TextType,
    ThingType,
    TruthType,
    Type,
    UnknownName,
)
from plimsoll.model.quantity import COUNT
from plimsoll.syntax.suggest import suggestion


class RuleTypeError(Exception):
    """An expression that cannot mean anything: why, and the column where it starts."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(f"column {column}: {message}")
        self.message = message
        self.column = column


def typecheck(
    node: Node, variables: Mapping[str, Type], names: Names, *, is_path: bool = False
) -> Type:
    """The type of *node*.

    *is_path*: an entry of `repair`, where a list on the way means each of its entries.

    Raises:
        RuleTypeError: bytes + seconds, an unknown name, text as a condition, ...
    """
    return _Check(dict(variables), names, is_path).type_of(node)


class _Check(Struct, frozen=True):
    variables: Mapping[str, Type]
    names: Names
    is_path: bool

    def type_of(self, node: Node) -> Type:
        return _RULES[node[0]](self, *node[1:])

    def wanted(self, node: Node, kind: type[Type], what: str) -> Type:
        """The type of *node*, which has to be of that kind; a value that will tell is."""
        found = self.type_of(node)
        if not isinstance(found, (kind, AnyType)):
            raise RuleTypeError(f"expected {what}, found {found}{_hint(kind, found)}", node[1])
        return found

    def number(self, node: Node) -> NumType:
        found = self.wanted(node, NumType, "a number")
        return found if isinstance(found, NumType) else BARE

    def condition(self, node: Node) -> None:
        self.wanted(node, TruthType, "a condition")

    def entry(self, node: Node) -> Type:
        """The type of the entries of a list."""
        found = self.wanted(node, ListType, "a list")
        return found.of if isinstance(found, ListType) else ANY


def _hint(kind: type[Type], found: Type) -> str:
    if kind is TruthType and isinstance(found, NumType):
        return "; compare it, or write has(x)"
    if kind is NumType and isinstance(found, ListType):
        return "; write .sum(), .min(), .max() or .size()"
    return ""


def _same(a: Type, b: Type) -> Type | None:
    """What both are; None when they cannot be compared."""
    if isinstance(a, AnyType) or isinstance(b, AnyType):
        return a if isinstance(b, AnyType) else b
    if isinstance(a, NumType) and isinstance(b, NumType):
        return None if are_mixed(a.unit, b.unit) else NumType(a.unit or b.unit)
    if isinstance(a, ListType) and isinstance(b, ListType):
        of = _same(a.of, b.of)
        return of and ListType(of)
    if isinstance(a, ThingType) and isinstance(b, ThingType):
        return _same_thing(a, b)
    return a if a == b else None


# The kind of a part of whatever type, and those that are no parts.
_ANY_PART = "part"
_NO_PARTS = frozenset({"service", "host", "link", "setting"})


def _same_thing(a: ThingType, b: ThingType) -> ThingType | None:
    kinds = {a.kind, b.kind}
    if len(kinds) > 1 and (_ANY_PART not in kinds or kinds & _NO_PARTS):
        return None
    known = a.technologies is not None and b.technologies is not None
    return ThingType(
        a.kind, (a.technologies or frozenset()) | (b.technologies or frozenset()) if known else None
    )


def _number(_check: _Check, _column: int, _text: str) -> Type:
    return BARE


def _text(_check: _Check, _column: int, _value: str) -> Type:
    return TEXT


def _truth(_check: _Check, _column: int, _value: bool) -> Type:  # noqa: FBT001 - the literal
    return TRUTH


def _name(check: _Check, column: int, name: str) -> Type:
    if name in CONSTANTS:
        return NumType(CONSTANTS[name].unit)
    if name not in check.variables:
        known = [*check.variables, *CONSTANTS]
        raise RuleTypeError(f"unknown name {name!r}{suggestion(name, known)}", column)
    return check.variables[name]


def _list(check: _Check, _column: int, nodes: tuple[Node, ...]) -> Type:
    held: Type = ANY
    for node in nodes:
        found = check.type_of(node)
        both = _same(held, found)
        if both is None:
            raise RuleTypeError(f"a list of {held} cannot hold {found}", node[1])
        held = both
    return ListType(held)


def _attribute(check: _Check, column: int, owner: Node, name: str) -> Type:
    return _asked(check, column, check.type_of(owner), name, check.names.attribute_type)


def _index(check: _Check, column: int, owner: Node, name: str) -> Type:
    return _asked(check, column, check.type_of(owner), name, check.names.setting_type)


def _asked(
    check: _Check, column: int, owner: Type, name: str, ask: Callable[[ThingType, str], Type]
) -> Type:
    if isinstance(owner, AnyType):
        return ANY
    if isinstance(owner, ListType) and check.is_path:
        return ListType(_asked(check, column, owner.of, name, ask))
    if isinstance(owner, ListType):
        raise RuleTypeError(f"{owner} has no {name!r}; write .map(x, x.{name})", column)
    if not isinstance(owner, ThingType):
        raise RuleTypeError(f"{owner} has no {name!r}", column)
    try:
        return ask(owner, name)
    except UnknownName as problem:
        hint = suggestion(name, problem.candidates)
        raise RuleTypeError(f"{owner} has no {name!r}{hint}", column) from None


def _unary(check: _Check, _column: int, symbol: str, node: Node) -> Type:
    if symbol == "!":
        check.condition(node)
        return TRUTH
    return check.number(node)


def _binary(check: _Check, column: int, symbol: str, left: Node, right: Node) -> Type:
    return _BINARY[symbol](check, column, symbol, left, right)


def _junction(check: _Check, _column: int, _symbol: str, left: Node, right: Node) -> Type:
    check.condition(left)
    check.condition(right)
    return TRUTH


def _sum(check: _Check, column: int, symbol: str, left: Node, right: Node) -> Type:
    a, b = check.number(left), check.number(right)
    if are_mixed(a.unit, b.unit):
        raise RuleTypeError(f"{a} {symbol} {b} makes no sense", column)
    return NumType(a.unit or b.unit)


def _product(check: _Check, _column: int, symbol: str, left: Node, right: Node) -> Type:
    a, b = check.number(left), check.number(right)
    if symbol == "/":
        return NumType(quotient_unit(a.unit, b.unit))
    return NumType(product_unit(a.unit, b.unit))


def _order(check: _Check, column: int, symbol: str, left: Node, right: Node) -> Type:
    _sum(check, column, symbol, left, right)
    return TRUTH


def _equality(check: _Check, column: int, symbol: str, left: Node, right: Node) -> Type:
    a, b = check.type_of(left), check.type_of(right)
    if isinstance(a, ListType) or isinstance(b, ListType):
        raise RuleTypeError("lists are not compared; write .size(), .all() or .exists()", column)
    if _same(a, b) is None:
        raise RuleTypeError(f"{a} {symbol} {b} makes no sense", column)
    return TRUTH


def _membership(check: _Check, column: int, _symbol: str, left: Node, right: Node) -> Type:
    entry, of = check.type_of(left), check.entry(right)
    if isinstance(entry, ListType) or _same(entry, of) is None:
        raise RuleTypeError(f"{entry} cannot be in a list of {of}", column)
    return TRUTH


_BINARY: Mapping[str, Callable[[_Check, int, str, Node, Node], Type]] = {
    **dict.fromkeys(("&&", "||"), _junction),
    **dict.fromkeys(("+", "-", "%"), _sum),
    **dict.fromkeys(("*", "/"), _product),
    **dict.fromkeys(("<", "<=", ">", ">="), _order),
    **dict.fromkeys(("==", "!="), _equality),
    "in": _membership,
}


def _ternary(check: _Check, column: int, condition: Node, yes: Node, no: Node) -> Type:
    check.condition(condition)
    a, b = check.type_of(yes), check.type_of(no)
    both = _same(a, b)
    if both is None:
        raise RuleTypeError(f"both sides of : have to be alike, found {a} and {b}", column)
    return both


def _call(check: _Check, _column: int, name: str, nodes: tuple[Node, ...]) -> Type:
    if name in ("has", "written"):
        check.type_of(nodes[0])
        return TRUTH
    return _alike(check, name, nodes)


def _alike(check: _Check, name: str, nodes: tuple[Node, ...]) -> Type:
    """The type of numbers that are compared with each other."""
    held = BARE
    for node in nodes:
        found = check.number(node)
        if are_mixed(held.unit, found.unit):
            raise RuleTypeError(f"{name}() of {held} and {found} makes no sense", node[1])
        held = NumType(held.unit or found.unit)
    return held


def _method(check: _Check, column: int, owner: Node, name: str, nodes: tuple[Node, ...]) -> Type:
    if nodes:
        check.wanted(owner, TextType, "text")
        check.wanted(nodes[0], TextType, "text")
        return TRUTH
    of = check.entry(owner)
    if name == "size":
        return NumType(COUNT)
    if not isinstance(of, (NumType, AnyType)):
        raise RuleTypeError(f"{name}() wants a list of numbers, found a list of {of}", column)
    return of if isinstance(of, NumType) else BARE


def _each(check: _Check, column: int, owner: Node, name: str, variable: str, body: Node) -> Type:
    of = check.entry(owner)
    if variable in CONSTANTS or variable in check.variables:
        raise RuleTypeError(f"{variable!r} already means something; take another name", column)
    inner = replace(check, variables={**check.variables, variable: of})
    if name == "map":
        return ListType(inner.type_of(body))
    inner.condition(body)
    return ListType(of) if name == "filter" else TRUTH


_RULES: Mapping[str, Callable[..., Type]] = {
    "number": _number,
    "text": _text,
    "truth": _truth,
    "name": _name,
    "list": _list,
    "attribute": _attribute,
    "index": _index,
    "unary": _unary,
    "binary": _binary,
    "ternary": _ternary,
    "call": _call,
    "method": _method,
    "each": _each,
}
