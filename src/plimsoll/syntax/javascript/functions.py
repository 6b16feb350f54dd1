"""Functions of JavaScript whose result can be told without running anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from plimsoll.syntax.javascript.operations import ABSENT, Absent, found
from plimsoll.syntax.javascript.values import (
    NAN,
    UNDEFINED,
    Computed,
    Listed,
    Result,
    Symbol,
    Table,
    is_literal,
    literal_number,
    normal,
    number_of,
    text_of,
    truth,
)
from plimsoll.syntax.python import symbols
from plimsoll.syntax.python.values import is_number

# What a call gives for its arguments; ABSENT where only running it would tell.
Callee = Callable[[Sequence[Result]], Result | Absent]

_WHOLE = re.compile(r"\s*([+-]?)(0[xX])?([0-9a-zA-Z]*)")
_DECIMAL = re.compile(r"\s*([+-]?)((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)")
_LONGEST = 400


def _first(values: Sequence[Result]) -> Result:
    return values[0] if values else UNDEFINED


def _parse_int(values: Sequence[Result]) -> Result | Absent:
    given, base = _first(values), values[1] if len(values) > 1 else 10
    if isinstance(given, Symbol) and given.is_positive:
        return found(symbols.truncated(given))
    text = text_of(given)
    if text is None or not isinstance(base, int) or len(text) > _LONGEST:
        return ABSENT
    match = _WHOLE.match(text)
    if match is None:
        return NAN
    sign, is_hex, digits = match.groups()
    radix = 16 if is_hex and base in (10, 16, 0) and len(values) < 2 else base or 10
    if is_hex and base == 16:
        radix = 16
    elif is_hex and len(values) > 1:
        digits = "0"  # it stops at the x
    return _in_base(digits, radix, sign)


def _in_base(digits: str, radix: int, sign: str) -> Result | Absent:
    if not 2 <= radix <= 36:
        return NAN
    taken = ""
    for each in digits:
        if not each.isascii() or int(each, 36) >= radix:
            break
        taken += each
    if not taken:
        return NAN
    number = normal(Fraction(int(taken, radix) * (-1 if sign == "-" else 1)))
    return ABSENT if number is None else number


def _parse_float(values: Sequence[Result]) -> Result | Absent:
    text = text_of(_first(values))
    if text is None or len(text) > _LONGEST:
        return ABSENT
    match = _DECIMAL.match(text)
    if match is None:
        return ABSENT if "Infinity" in text else NAN
    number = literal_number(match[2].lstrip("0") or "0")
    if number is None:
        return ABSENT
    held = normal(-number if match[1] == "-" else number)
    return ABSENT if held is None else held


def _number(values: Sequence[Result]) -> Result | Absent:
    given = values[0] if values else 0
    if isinstance(given, Symbol) and not given.is_condition:
        return given
    number = number_of(given)
    return ABSENT if number is None else number


def _string(values: Sequence[Result]) -> Result | Absent:
    text = text_of(_first(values)) if values else ""
    return ABSENT if text is None else text


def _boolean(values: Sequence[Result]) -> Result | Absent:
    found_ = truth(_first(values))
    return ABSENT if found_ is None else found_


def _rounding(exact: Callable[[Fraction], int], of: Callable[[Symbol], Symbol | None]) -> Callee:
    def rounded(values: Sequence[Result]) -> Result | Absent:
        given = _first(values)
        if isinstance(given, Symbol):
            return ABSENT if given.is_condition else found(of(given))
        number = number_of(given)
        return exact(Fraction(number)) if isinstance(number, int | Fraction) else ABSENT

    return rounded


def _half_up(value: Symbol) -> Symbol | None:
    """Math.round: a half goes up."""
    up = symbols.combined(value, "+", Symbol("0.5", is_float=True)) if value.is_float else value
    return symbols.floored(up) if up else None


def _cut(number: Fraction) -> int:
    return -int(-number // 1) if number < 0 else int(number // 1)


def _extreme(name: str) -> Callee:
    choose = max if name == "max" else min

    def extreme(values: Sequence[Result]) -> Result | Absent:
        if not values or not all(is_number(v) or is_literal(v) for v in values):
            return ABSENT
        if any(isinstance(v, Symbol) for v in values):
            known = [symbols.symbolic(v) for v in values]
            return found(symbols.extreme(name, [k for k in known if k])) if all(known) else ABSENT
        numbers = [number_of(v) for v in values]
        if NAN in numbers:
            return NAN
        exact = [n for n in numbers if isinstance(n, int | Fraction)]
        return choose(exact) if len(exact) == len(numbers) else ABSENT

    return extreme


def _same(values: Sequence[Result]) -> Result | Absent:
    given = _first(values)
    return given if isinstance(given, Table | Listed) else ABSENT


def _merged(values: Sequence[Result]) -> Result | Absent:
    """Object.assign({}, a, b)."""
    tables = [v for v in values if isinstance(v, Table)]
    if len(tables) != len(values):
        unknown = [v for v in values if isinstance(v, Computed)]
        return unknown[0] if unknown else ABSENT
    entries = tuple(entry for table in tables for entry in table.entries)
    return Table(entries, all(table.is_complete for table in tables))


FUNCTIONS: Mapping[str, Callee] = {
    "parseInt": _parse_int,
    "Number.parseInt": _parse_int,
    "parseFloat": _parse_float,
    "Number.parseFloat": _parse_float,
    "Number": _number,
    "String": _string,
    "Boolean": _boolean,
    "Math.floor": _rounding(lambda n: int(n // 1), symbols.floored),
    "Math.ceil": _rounding(lambda n: int(-(-n // 1)), symbols.ceiled),
    "Math.round": _rounding(lambda n: int((n + Fraction(1, 2)) // 1), _half_up),
    "Math.trunc": _rounding(_cut, symbols.truncated),
    "Math.max": _extreme("max"),
    "Math.min": _extreme("min"),
    "Object.freeze": _same,
    "Object.seal": _same,
    "Object.assign": _merged,
}
