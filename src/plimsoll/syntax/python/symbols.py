"""Numbers that depend on the machine, as expressions of the rules' language."""

from __future__ import annotations

import re
from fractions import Fraction

from plimsoll.syntax.python.values import (
    ATOM,
    COMPARED,
    PRODUCT,
    SIGNED,
    SUM,
    TERNARY,
    Result,
    Symbol,
    is_number,
)

LONGEST_EXPRESSION = 500

CORES = Symbol("s.cores_seen", is_positive=True)

_PATH = re.compile(r"[A-Za-z_][\w.]*")
_OPERATORS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "%": PRODUCT}


def read_back(expression: str) -> Symbol:
    """A whole number that stands somewhere as a formula."""
    is_cores = expression == CORES.expression
    return (
        CORES if is_cores else Symbol(expression, ATOM if _PATH.fullmatch(expression) else TERNARY)
    )


def symbolic(value: Result) -> Symbol | None:
    """A number as a Symbol; None for anything else."""
    if isinstance(value, Symbol):
        return value
    if not is_number(value) or not isinstance(value, int | Fraction):
        return None
    text = _written(value)
    level = SIGNED if text.startswith("-") else PRODUCT if "/" in text else ATOM
    return Symbol(text, level, isinstance(value, Fraction), is_positive=value > 0)


def _written(number: int | Fraction) -> str:
    exact = Fraction(number)
    if exact.denominator == 1:
        return str(exact.numerator)
    decimal = repr(float(exact))
    return decimal if "e" not in decimal and Fraction(decimal) == exact else str(exact)


def combined(left: Symbol, operator: str, right: Symbol) -> Symbol | None:
    """`left operator right` for + - * / and Python's // and %; None where it grows too long."""
    if operator == "//":
        divided = combined(left, "/", right)
        floor = floored(divided) if divided else None
        is_float = left.is_float or right.is_float
        return Symbol(floor.expression, floor.level, is_float) if floor else None
    level = _OPERATORS[operator]
    text = f"{_wrapped(left, level)} {operator} {_wrapped(right, level + 1)}"
    return _symbol(
        text,
        level,
        is_float=left.is_float or right.is_float or operator == "/",
        is_positive=operator in "+*/" and left.is_positive and right.is_positive,
    )


def compared(left: Symbol, operator: str, right: Symbol) -> Symbol | None:
    """The condition `left operator right`."""
    text = f"{_wrapped(left, SUM)} {operator} {_wrapped(right, SUM)}"
    found = _symbol(text, COMPARED)
    return Symbol(found.expression, COMPARED, is_condition=True) if found else None


def chosen(condition: Symbol, yes: Symbol, no: Symbol) -> Symbol | None:
    """`condition ? yes : no`."""
    text = f"{_wrapped(condition, COMPARED)} ? {_wrapped(yes, SUM)} : {_wrapped(no, TERNARY)}"
    return _symbol(
        text,
        TERNARY,
        is_float=yes.is_float or no.is_float,
        is_positive=yes.is_positive and no.is_positive,
    )


def negated(value: Symbol) -> Symbol | None:
    return _symbol(f"-{_wrapped(value, ATOM)}", SIGNED, is_float=value.is_float)


def ceiled(value: Symbol) -> Symbol | None:
    if not value.is_float:
        return value
    return _symbol(f"ceil({value.expression})", ATOM, is_positive=value.is_positive)


def truncated(value: Symbol) -> Symbol | None:
    """What Python's int() makes of it."""
    if not value.is_float or value.is_positive:
        return floored(value)
    sign = compared(value, ">=", Symbol("0"))
    down, up = floored(value), ceiled(value)
    return chosen(sign, down, up) if sign and down and up else None


def floored(value: Symbol) -> Symbol | None:
    """The rules' language has ceil alone: floor(x) is -ceil(-x)."""
    if not value.is_float:
        return value
    inner = negated(value)
    return _symbol(f"-ceil({inner.expression})", SIGNED) if inner else None


def rounded(value: Symbol) -> Symbol | None:
    """What Python's round() makes of it: a half goes to the even neighbour."""
    if not value.is_float:
        return value
    up = combined(value, "+", Symbol("0.5", is_float=True))
    near = floored(up) if up else None
    if up is None or near is None:
        return None
    is_half = f"ceil({up.expression}) == {up.expression}"
    is_odd = f"ceil({near.expression} / 2) != {near.expression} / 2"
    text = f"{is_half} && {is_odd} ? {near.expression} - 1 : {near.expression}"
    return _symbol(text, TERNARY)


def extreme(name: str, values: list[Symbol]) -> Symbol | None:
    """`min(...)` or `max(...)`."""
    text = f"{name}({', '.join(v.expression for v in values)})"
    positive = any if name == "max" else all
    return _symbol(
        text,
        ATOM,
        is_float=any(v.is_float for v in values),
        is_positive=positive(v.is_positive for v in values),
    )


def _wrapped(value: Symbol, level: int) -> str:
    return value.expression if value.level >= level else f"({value.expression})"


def _symbol(
    text: str, level: int, *, is_float: bool = False, is_positive: bool = False
) -> Symbol | None:
    if len(text) > LONGEST_EXPRESSION:
        return None
    return Symbol(text, level, is_float, is_positive)
