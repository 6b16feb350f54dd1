"""JavaScript's operators over values and symbols; None where only running the code would tell."""

from __future__ import annotations

from fractions import Fraction

from plimsoll.syntax.javascript.values import (
    INFINITY,
    NAN,
    UNDEFINED,
    Result,
    Symbol,
    is_literal,
    normal,
    number_of,
    shown,
    text_of,
)
from plimsoll.syntax.python import symbols
from plimsoll.syntax.python.values import is_number


class Absent:
    """No value, not even null."""

    __slots__ = ()


ABSENT = Absent()
_LARGEST_POWER = 64
_LONGEST_TEXT = 10_000


def calculated(left: Result, operator: str, right: Result) -> Result | Absent:
    """`left operator right` for + - * / % **."""
    if operator == "+" and (isinstance(left, str) or isinstance(right, str)):
        return _joined(left, right)
    if isinstance(left, Symbol) or isinstance(right, Symbol):
        return _of_symbols(left, operator, right)
    a, b = number_of(left), number_of(right)
    if NAN in (a, b):
        return NAN
    if not isinstance(a, int | Fraction) or not isinstance(b, int | Fraction):
        return ABSENT
    return _exact(Fraction(a), operator, Fraction(b))


def _joined(left: Result, right: Result) -> Result | Absent:
    a, b = text_of(left), text_of(right)
    if a is None or b is None or len(a) + len(b) > _LONGEST_TEXT:
        return ABSENT
    return a + b


def _exact(a: Fraction, operator: str, b: Fraction) -> Result | Absent:
    if operator == "**":
        is_small = b.denominator == 1 and 0 <= b <= _LARGEST_POWER and abs(a) <= 2**_LARGEST_POWER
        return _held(a ** int(b)) if is_small else ABSENT
    if operator in "/%" and b == 0:
        if operator == "%" or a == 0:
            return NAN
        return INFINITY if a > 0 else ABSENT
    if operator == "%":
        return _held(a - b * _cut(a / b))
    return _held(
        a + b
        if operator == "+"
        else a - b
        if operator == "-"
        else a * b
        if operator == "*"
        else a / b
    )


def _cut(number: Fraction) -> int:
    return -(-number // 1) if number < 0 else int(number // 1)


def _held(value: Fraction) -> Result | Absent:
    found = normal(value)
    return ABSENT if found is None else found


def _of_symbols(left: Result, operator: str, right: Result) -> Result | Absent:
    if operator == "**" or not is_number(left) or not is_number(right):
        return ABSENT
    a, b = symbols.symbolic(left), symbols.symbolic(right)
    return found(symbols.combined(a, operator, b) if a and b else None)


def found(value: Symbol | None) -> Result | Absent:
    return ABSENT if value is None else value


def compared(left: Result, operator: str, right: Result) -> Result | Absent:
    """`left operator right` for === !== == != < <= > >=."""
    if isinstance(left, Symbol) or isinstance(right, Symbol):
        a, b = symbols.symbolic(left), symbols.symbolic(right)
        sign = operator.replace("===", "==").replace("!==", "!=")
        return found(symbols.compared(a, sign, b) if a and b else None)
    if not is_literal(left) or not is_literal(right):
        return ABSENT
    if operator in ("===", "!=="):
        return _is_same(left, right) is (operator == "===")
    if operator in ("==", "!="):
        return _is_like(left, right) is (operator == "==")
    return _ordered(left, operator, right)


def _is_same(left: Result, right: Result) -> bool:
    if left == NAN or isinstance(left, bool) is not isinstance(right, bool):
        return False
    return left == right


def _is_like(left: Result, right: Result) -> bool:
    nothing = (None, UNDEFINED)
    if left in nothing or right in nothing:
        return left in nothing and right in nothing
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    return _is_same(number_of(left), number_of(right))


def _ordered(left: Result, operator: str, right: Result) -> Result | Absent:
    if isinstance(left, str) and isinstance(right, str):
        is_less, is_equal = left < right, left == right
    else:
        a, b = number_of(left), number_of(right)
        if NAN in (a, b):
            return False
        if not isinstance(a, int | Fraction) or not isinstance(b, int | Fraction):
            return ABSENT
        is_less, is_equal = a < b, a == b
    return {
        "<": is_less, "<=": is_less or is_equal, ">": not is_less and not is_equal, ">=": not is_less,
    }[operator]  # fmt: skip


def signed(operator: str, value: Result) -> Result | Absent:
    """`-value`, `+value`."""
    if isinstance(value, Symbol) and not value.is_condition:
        return value if operator == "+" else found(symbols.negated(value))
    number = number_of(value)
    if number == NAN:
        return NAN
    if isinstance(number, int | Fraction):
        return number if operator == "+" else -number
    return number if number == INFINITY and operator == "+" else ABSENT


def chosen(test: Result, yes: Result, no: Result) -> Result | Absent:
    """`test ? yes : no`, where the test is not decided."""
    if is_literal(yes) and is_literal(no) and yes == no and shown(yes) == shown(no):
        return yes
    if not isinstance(test, Symbol) or not is_number(yes) or not is_number(no):
        return ABSENT
    condition = test if test.is_condition else symbols.compared(test, "!=", Symbol("0"))
    a, b = symbols.symbolic(yes), symbols.symbolic(no)
    return found(symbols.chosen(condition, a, b) if condition and a and b else None)
