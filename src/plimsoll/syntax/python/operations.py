"""Python's operators over values and symbols; None where only running the code would tell."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from fractions import Fraction

from plimsoll.syntax.python import symbols, texts
from plimsoll.syntax.python.values import (
    TERNARY,
    Listed,
    Result,
    Scalar,
    Symbol,
    Table,
    is_number,
    is_plain,
)

_ARITHMETIC: Mapping[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
}
_COMPARISONS: Mapping[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Is: "==",
    ast.IsNot: "!=",
}
_MOST_POWER = 64
_ZERO = Symbol("0")


def calculated(left: Result, operator: type[ast.operator], right: Result) -> Result | Absent:
    """`left operator right`."""
    if operator is ast.Pow:
        return _power(left, right)
    if operator is ast.BitOr and isinstance(left, Table) and isinstance(right, Table):
        return Table((*left.entries, *right.entries), left.is_complete and right.is_complete)
    sign = _ARITHMETIC.get(operator)
    if sign is None:
        return ABSENT
    if isinstance(left, str):
        return _of_text(left, sign, right)
    if sign == "+" and isinstance(left, Listed) and isinstance(right, Listed):
        return Listed((*left.entries, *right.entries))
    if isinstance(left, int | Fraction) and isinstance(right, int | Fraction):
        return _exact(left, sign, right)
    if not is_number(left) or not is_number(right):
        return ABSENT
    a, b = symbols.symbolic(left), symbols.symbolic(right)
    return found(symbols.combined(a, sign, b) if a and b else None)


class Absent:
    """No value, not even None."""

    __slots__ = ()


ABSENT = Absent()


def found(value: Symbol | None) -> Result | Absent:
    return ABSENT if value is None else value


def _of_text(left: str, sign: str, right: Result) -> Result | Absent:
    if sign == "+" and isinstance(right, str):
        return left + right
    text = texts.percent(left, right) if sign == "%" else None
    return ABSENT if text is None else text


def _power(left: Result, right: Result) -> Result | Absent:
    if not isinstance(left, int | Fraction) or not isinstance(right, int):
        return ABSENT
    if not 0 <= right <= _MOST_POWER or abs(left) > 2**_MOST_POWER:
        return ABSENT
    return left**right


def _exact(left: int | Fraction, sign: str, right: int | Fraction) -> Result | Absent:
    if sign in ("/", "//", "%") and right == 0:
        return ABSENT
    a, b = Fraction(left), Fraction(right)
    if sign == "/":
        return a / b
    value = Fraction(
        a + b if sign == "+" else a - b if sign == "-" else a * b if sign == "*" else
        a // b if sign == "//" else a % b
    )  # fmt: skip
    is_float = isinstance(left, Fraction) or isinstance(right, Fraction)
    return value if is_float else int(value)


def compared(left: Result, operator: ast.cmpop, right: Result) -> Result | Absent:
    """`left operator right` for all but `in`."""
    sign = _COMPARISONS[type(operator)]
    if is_plain(left) and is_plain(right):
        return _plainly_compared(left, sign, right)
    a, b = symbols.symbolic(left), symbols.symbolic(right)
    return found(symbols.compared(a, sign, b) if a and b else None)


def _plainly_compared(left: Scalar, sign: str, right: Scalar) -> Result | Absent:
    if sign in ("==", "!="):
        return (left == right) is (sign == "==")
    if isinstance(left, str) and isinstance(right, str):
        return _ordered(sign, is_less=left < right, is_more=left > right)
    if isinstance(left, int | Fraction) and isinstance(right, int | Fraction):
        return _ordered(sign, is_less=left < right, is_more=left > right)
    return ABSENT


def _ordered(sign: str, *, is_less: bool, is_more: bool) -> bool:
    return {"<": is_less, "<=": not is_more, ">": is_more, ">=": not is_less}[sign]


def either(left: Result, right: Result, *, is_or: bool) -> Result | Absent:
    """`left or right` (`and`) of symbols, where the left one alone does not decide."""
    if not isinstance(left, Symbol):
        return ABSENT
    if left.is_condition:
        if not isinstance(right, Symbol) or not right.is_condition:
            return ABSENT
        text = f"({left.expression}) {'||' if is_or else '&&'} ({right.expression})"
        return Symbol(text, TERNARY, is_condition=True)
    other = symbols.symbolic(right)
    is_set = symbols.compared(left, "!=", _ZERO)
    if other is None or other.is_condition or is_set is None:
        return ABSENT
    return found(symbols.chosen(is_set, *((left, other) if is_or else (other, left))))


def chosen(test: Result, yes: Result, no: Result) -> Result | Absent:
    """`yes if test else no`, where the test is not decided."""
    if is_plain(yes) and is_plain(no) and yes == no and type(yes) is type(no):
        return yes
    if not isinstance(test, Symbol) or not is_number(yes) or not is_number(no):
        return ABSENT
    condition = test if test.is_condition else symbols.compared(test, "!=", _ZERO)
    a, b = symbols.symbolic(yes), symbols.symbolic(no)
    return found(symbols.chosen(condition, a, b) if condition and a and b else None)


def signed(operator: ast.unaryop, value: Result) -> Result | Absent:
    """`-value`, `+value`; `not` of a condition."""
    if isinstance(operator, ast.Not):
        if not isinstance(value, Symbol) or not value.is_condition:
            return ABSENT
        return Symbol(f"!({value.expression})", TERNARY, is_condition=True)
    if not is_number(value) or not isinstance(operator, ast.UAdd | ast.USub):
        return ABSENT
    if isinstance(operator, ast.UAdd):
        return value
    if isinstance(value, int | Fraction):
        return -value
    return found(symbols.negated(value) if isinstance(value, Symbol) else None)
