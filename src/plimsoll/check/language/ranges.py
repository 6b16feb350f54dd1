"""Arithmetic on ranges: the result holds whatever any numbers inside the operands give."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

from plimsoll.check.language.shown import amount
from plimsoll.check.language.values import Items, NotHere, Num, Op, Text, Thing, Truth, Value, whole
from plimsoll.model.quantity import COUNT, UNLIMITED, Number, Unit

# Numbers beyond this are rounded outwards: it keeps every calculation short. No resource is near.
_BOUND = 2**600
_FINEST = 1200  # bits of a denominator


def are_mixed(a: Unit | None, b: Unit | None) -> bool:
    """Whether two units cannot be added or compared; a bare number fits any."""
    return a is not None and b is not None and a != b


def add(a: Num, b: Num) -> Num:
    if a.unit is not b.unit and are_mixed(a.unit, b.unit):
        return _mixed("+", a, b)
    return _result(a.low + b.low, a.high + b.high, a.unit or b.unit, "+", a, b)


def subtract(a: Num, b: Num) -> Num:
    if a.unit is not b.unit and are_mixed(a.unit, b.unit):
        return _mixed("-", a, b)
    return _result(a.low - b.high, a.high - b.low, a.unit or b.unit, "-", a, b)


def multiply(a: Num, b: Num) -> Num:
    unit = product_unit(a.unit, b.unit)
    if a.low >= 0 and b.low >= 0:
        low, high = _times(a.low, b.low), _times(a.high, b.high)
    else:
        ends = [_times(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
        low, high = min(ends), max(ends)
    return _result(low, high, unit, "*", a, b)


def divide(a: Num, b: Num) -> Num:
    unit = quotient_unit(a.unit, b.unit)
    if b.low <= 0 <= b.high or (_reaches_infinity(a) and _reaches_infinity(b)):
        return _undefined("/", unit, a, b)
    ends = [_quotient(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
    return _result(min(ends), max(ends), unit, "/", a, b)


def remainder(a: Num, b: Num) -> Num:
    """With the sign of *a*, as in CEL; only of whole numbers that are known."""
    if are_mixed(a.unit, b.unit):
        return _mixed("%", a, b)
    x, y, unit = a.low, b.low, a.unit or b.unit
    if not (a.is_known and b.is_known and isinstance(x, int) and isinstance(y, int) and y):
        return _undefined("%", unit, a, b)
    rest = abs(x) % abs(y) * (1 if x >= 0 else -1)
    return Num(rest, rest, unit, Op("%", (a, b)))


def negative(a: Num) -> Num:
    return Num(-a.high, -a.low, a.unit, Op("neg", (a,)))


def ceiling(a: Num) -> Num:
    return Num(_ceiling(a.low), _ceiling(a.high), a.unit, Op("ceil", (a,)))


def least(nums: Sequence[Num]) -> Num:
    """The smallest. The one that decides is the first operand."""
    low, high = min(n.low for n in nums), min(n.high for n in nums)
    return _chosen("min", nums, low, high, min(nums, key=lambda n: (n.high, n.low)))


def greatest(nums: Sequence[Num]) -> Num:
    """The largest. The one that decides is the first operand."""
    low, high = max(n.low for n in nums), max(n.high for n in nums)
    return _chosen("max", nums, low, high, max(nums, key=lambda n: (n.low, n.high)))


ARITHMETIC: Mapping[str, Callable[[Num, Num], Num]] = {
    "+": add, "-": subtract, "*": multiply, "/": divide, "%": remainder,
}  # fmt: skip


def uncalculated(symbol: str, children: tuple[Value, ...]) -> Num | NotHere:
    """What a calculation gives whose operands are not all numbers."""
    for each in children:
        if type(each) is NotHere:
            return each
    return whole(None, Op(symbol, children, odd(symbol, children)))


def odd(symbol: str, children: Sequence[Value]) -> str:
    """Why there is no result, where it is not for want of a value: "+ of text and number"."""
    kinds = [KINDS.get(type(each), "") for each in children]
    return f"{symbol} of {' and '.join(kinds)} makes no sense" if all(kinds) else ""


# What is known to be of another kind than what was wanted.
KINDS: Mapping[type, str] = {
    Num: "a number", Text: "text", Truth: "a condition", Items: "a list", Thing: "a thing",
}  # fmt: skip


def common_unit(nums: Iterable[Num]) -> tuple[Unit | None, bool]:
    """The unit of all of them, and whether they have none in common."""
    unit = None
    for each in nums:
        if are_mixed(unit, each.unit):
            return None, True
        unit = unit or each.unit
    return unit, False


def product_unit(a: Unit | None, b: Unit | None) -> Unit | None:
    if b is None or (b is COUNT and a is not None):
        return a
    return b if a is None or a is COUNT else a * b


def quotient_unit(a: Unit | None, b: Unit | None) -> Unit | None:
    if b is None or b is COUNT:
        return a or b
    return (a or COUNT) / b


def _result(low: Number, high: Number, unit: Unit | None, symbol: str, a: Num, b: Num) -> Num:
    if type(low) is int and type(high) is int and low >= -_BOUND and high <= _BOUND:
        return Num(low, high, unit, Op(symbol, (a, b)))
    if low != low or high != high:  # not a number: infinite - infinite
        return _undefined(symbol, unit, a, b)
    held, most = _held(low, -1), _held(high, 1)
    lost = "a number of that size cannot be calculated with" if low == high and held != most else ""
    return Num(held, most, unit, Op(symbol, (a, b), lost))


def _held(number: Number, direction: int) -> Number:
    """*number*, rounded in that direction where it is too large or too fine to go on with."""
    if isinstance(number, float):
        return number
    if not -_BOUND <= number <= _BOUND:
        outwards = (number > 0) == (direction > 0)
        return direction * UNLIMITED if outwards else -direction * _BOUND
    if number.denominator == 1:
        return number.numerator
    if number.denominator.bit_length() > _FINEST:
        return Fraction(
            (number.numerator << _FINEST) // number.denominator + (direction > 0), 1 << _FINEST
        )
    return number


def _times(x: Number, y: Number) -> Number:
    return 0 if x == 0 or y == 0 else x * y


def _quotient(x: Number, y: Number) -> Number:
    if isinstance(y, float):
        return 0
    if isinstance(x, float):
        return x if y > 0 else -x
    return Fraction(x) / y


def _ceiling(number: Number) -> Number:
    return number if isinstance(number, float) else math.ceil(number)


def _reaches_infinity(a: Num) -> bool:
    return a.high == UNLIMITED or a.low == -UNLIMITED


def _undefined(symbol: str, unit: Unit | None, a: Num, b: Num) -> Num:
    is_final = a.is_known and b.is_known
    problem = f"{amount(a)} {symbol} {amount(b)} has no result" if is_final else ""
    return whole(unit, Op(symbol, (a, b), problem))


def _mixed(symbol: str, a: Num, b: Num) -> Num:
    return whole(a.unit, Op(symbol, (a, b), f"{symbol} of {a.unit} and {b.unit} makes no sense"))


def _chosen(symbol: str, nums: Sequence[Num], low: Number, high: Number, deciding: Num) -> Num:
    unit, is_mixed = common_unit(nums)
    if is_mixed:
        return whole(None, Op(symbol, tuple(nums), f"{symbol} of different units makes no sense"))
    others = (each for each in nums if each is not deciding)
    return Num(low, high, unit, Op(symbol, (deciding, *others)))
