"""Methods and operators of Ruby that a reader knows the result of, without calling them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from plimsoll.syntax.python import symbols
from plimsoll.syntax.python.operations import ABSENT, Absent
from plimsoll.syntax.python.values import Entry, Listed, Result, Symbol, Table, is_number
from plimsoll.syntax.ruby.nodes import Name, Stage

__all__ = ["ABSENT", "Absent", "function", "method", "operation"]

_LEADING = re.compile(r"\s*([+-]?[0-9](?:_?[0-9])*)")
_LEADING_DECIMAL = re.compile(r"\s*([+-]?[0-9](?:_?[0-9])*(?:\.[0-9]+)?)")
_WHOLE = re.compile(
    r"\s*[+-]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|[1-9][0-9]*(?:_[0-9]+)*|0)\s*"
)
_DECIMAL = re.compile(r"\s*[+-]?[0-9]+(?:_[0-9]+)*(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?\s*")
_LONGEST = 40
_DURATIONS = {
    **dict.fromkeys(("second", "seconds"), 1),
    **dict.fromkeys(("minute", "minutes"), 60),
    **dict.fromkeys(("hour", "hours"), 3600),
    **dict.fromkeys(("day", "days"), 86_400),
    **dict.fromkeys(("week", "weeks"), 604_800),
}
_SIZES = {"kilobyte": 1024, "megabyte": 1024**2, "gigabyte": 1024**3}
_AMOUNTS = {**_DURATIONS, **_SIZES, **{f"{name}s": size for name, size in _SIZES.items()}}
_MOST_POWER = 64


def function(name: str, given: Sequence[Result]) -> Result | Absent:
    """`Integer("5")`, `Float(...)`, `String(...)`."""
    if len(given) != 1:
        return ABSENT
    value = given[0]
    if name == "Integer":
        return _integer(value)
    if name == "Float":
        return _float(value)
    return _text(value) if name == "String" else ABSENT


def _integer(value: Result) -> Result | Absent:
    if isinstance(value, str):
        if isinstance(value, Name) or not _WHOLE.fullmatch(value) or len(value) > _LONGEST:
            return ABSENT
        plain = value.strip().replace("_", "")
        digits = plain.lstrip("+-")
        base = 8 if len(digits) > 1 and digits[0] == "0" and digits[1].isdigit() else 0
        return int(plain, base)
    return _truncated(value)


def _truncated(value: Result) -> Result | Absent:
    if isinstance(value, Symbol) and not value.is_condition:
        found = symbols.truncated(value)
        return ABSENT if found is None else found
    is_real = isinstance(value, int | Fraction) and not isinstance(value, bool)
    return int(value) if is_real and isinstance(value, int | Fraction) else ABSENT


def _float(value: Result) -> Result | Absent:
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return Fraction(value.strip().replace("_", ""))
    return _as_float(value)


def _as_float(value: Result) -> Result | Absent:
    if isinstance(value, Symbol) and not value.is_condition:
        return Symbol(value.expression, value.level, is_float=True, is_positive=value.is_positive)
    is_real = isinstance(value, int | Fraction) and not isinstance(value, bool)
    return Fraction(value) if is_real and isinstance(value, int | Fraction) else ABSENT


def _text(value: Result) -> Result | Absent:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return repr(float(value))
    return str(value) if isinstance(value, int | str) else ABSENT


# -- operators


def operation(left: Result, operator: str, right: Result) -> Result | Absent:
    """`left operator right` for all but `||` and `&&`."""
    if operator in ("==", "!=", "===", "<", "<=", ">", ">="):
        return _compared(left, operator, right)
    if isinstance(left, str) and isinstance(right, str) and not isinstance(left, Name):
        return left + right if operator == "+" else ABSENT
    if operator == "+" and isinstance(left, Listed) and isinstance(right, Listed):
        return Listed((*left.entries, *right.entries))
    if not is_number(left) or not is_number(right):
        return ABSENT
    if isinstance(left, int | Fraction) and isinstance(right, int | Fraction):
        return _calculated(left, operator, right)
    a, b = symbols.symbolic(left), symbols.symbolic(right)
    if a is None or b is None or operator not in "+-*/":
        return ABSENT
    is_whole = operator == "/" and not a.is_float and not b.is_float
    found = symbols.combined(a, "//" if is_whole else operator, b)
    return ABSENT if found is None else found


def _calculated(left: int | Fraction, operator: str, right: int | Fraction) -> Result | Absent:
    is_float = isinstance(left, Fraction) or isinstance(right, Fraction)
    if operator in ("/", "%") and right == 0:
        return ABSENT
    if operator == "**":
        is_small = (
            isinstance(right, int) and 0 <= right <= _MOST_POWER and abs(left) < 2**_MOST_POWER
        )
        return left**right if is_small and isinstance(right, int) else ABSENT
    a, b = Fraction(left), Fraction(right)
    results: Mapping[str, Callable[[], Fraction | int]] = {
        "+": lambda: a + b,
        "-": lambda: a - b,
        "*": lambda: a * b,
        "/": lambda: a / b if is_float else a // b,
        "%": lambda: a % b,
    }
    known = results.get(operator)
    if known is None:
        return ABSENT
    found = known()
    return Fraction(found) if is_float else int(found)


def _compared(left: Result, operator: str, right: Result) -> Result | Absent:
    if isinstance(left, Symbol) or isinstance(right, Symbol):
        a, b = symbols.symbolic(left), symbols.symbolic(right)
        found = symbols.compared(a, operator, b) if a and b and operator != "===" else None
        return ABSENT if found is None else found
    if not _is_scalar(left) or not _is_scalar(right):
        return ABSENT
    if operator in ("==", "===", "!="):
        is_same = left == right and isinstance(left, Name) is isinstance(right, Name)
        is_same = is_same and isinstance(left, bool) is isinstance(right, bool)
        return is_same is (operator != "!=")
    if is_number(left) and is_number(right):
        a_, b_ = left, right
        if isinstance(a_, int | Fraction) and isinstance(b_, int | Fraction):
            return {"<": a_ < b_, "<=": a_ <= b_, ">": a_ > b_, ">=": a_ >= b_}[operator]
    return ABSENT


def _is_scalar(value: Result) -> bool:
    return value is None or isinstance(value, bool | int | str | Fraction)


# -- methods


def method(base: Result, name: str, given: Sequence[Result]) -> Result | Absent:
    """`base.name(given)`; ABSENT for methods that we do not know."""
    if isinstance(base, Table | Listed):
        return _of_many(base, name, given)
    if name in ("nil?", "present?", "blank?", "presence") and not given and _is_scalar(base):
        is_blank = base is None or base is False or (isinstance(base, str) and not base.strip())
        if name == "presence":
            return None if is_blank else base
        return {"nil?": base is None, "blank?": is_blank}.get(name, not is_blank)
    if name in ("==", "!=") and len(given) == 1:
        return _compared(base, name, given[0])
    if name == "to_s" and not given:
        return _text(base)
    if isinstance(base, str):
        return _of_text(base, name, given)
    if base is None:
        return 0 if name == "to_i" else Fraction(0) if name == "to_f" else ABSENT
    return _of_number(base, name, given) if is_number(base) else ABSENT


def _of_text(base: str, name: str, given: Sequence[Result]) -> Result | Absent:
    if isinstance(base, Stage) and name.endswith("?") and not given:
        return base == name[:-1]
    if isinstance(base, Name) and name not in _OF_SYMBOLS:
        return ABSENT
    if not given and name in _PLAIN:
        return _PLAIN[name](base)
    if len(given) == 1 and isinstance(given[0], str):
        other = given[0]
        if name in ("start_with?", "end_with?"):
            return base.startswith(other) if name == "start_with?" else base.endswith(other)
        if name == "include?":
            return other in base
        if name == "split" and other:
            return _listed(base.split(other))
        if name == "delete_suffix":
            return base.removesuffix(other)
    return _listed(base.split()) if name == "split" and not given else ABSENT


_OF_SYMBOLS = frozenset({"to_sym", "length", "size", "empty?"})


def _to_i(text: str) -> int:
    found = _LEADING.match(text[:_LONGEST])
    return int(found[1].replace("_", "")) if found else 0


def _to_f(text: str) -> Fraction:
    found = _LEADING_DECIMAL.match(text[:_LONGEST])
    return Fraction(found[1].replace("_", "")) if found else Fraction(0)


_PLAIN: Mapping[str, Callable[[str], Result]] = {
    "to_i": _to_i,
    "to_f": _to_f,
    "to_sym": Name,
    "to_str": str,
    "strip": str.strip,
    "downcase": str.lower,
    "upcase": str.upper,
    "chomp": lambda text: text.removesuffix("\n"),
    "freeze": lambda text: text,
    "dup": lambda text: text,
    "empty?": lambda text: not text,
    "length": len,
    "size": len,
}


def _of_number(base: Result, name: str, given: Sequence[Result]) -> Result | Absent:
    if name in _AMOUNTS and not given:
        return operation(base, "*", _AMOUNTS[name])
    if name == "clamp" and len(given) == 2:
        low = _extreme("max", [base, given[0]])
        return ABSENT if isinstance(low, Absent) else _extreme("min", [low, given[1]])
    if given:
        return ABSENT
    if name in ("to_i", "truncate", "to_int"):
        return _truncated(base)
    if name == "to_f":
        return _as_float(base)
    if name in ("positive?", "zero?", "negative?"):
        return _compared(base, {"positive?": ">", "zero?": "==", "negative?": "<"}[name], 0)
    if isinstance(base, Symbol):
        rounding = {"ceil": symbols.ceiled, "floor": symbols.floored}.get(name)
        found = rounding(base) if rounding else base if name == "abs" and base.is_positive else None
        return ABSENT if found is None else found
    return _rounded(base, name) if isinstance(base, int | Fraction) else ABSENT


def _rounded(base: int | Fraction, name: str) -> Result | Absent:
    if name == "ceil":
        return int(-(-base // 1))
    if name == "floor":
        return int(base // 1)
    if name == "round":  # a half goes away from zero
        up = int((abs(Fraction(base)) + Fraction(1, 2)) // 1)
        return up if base >= 0 else -up
    if name != "abs":
        return ABSENT
    return -base if base < 0 else base


def _of_many(base: Table | Listed, name: str, given: Sequence[Result]) -> Result | Absent:
    if name in ("max", "min", "sum", "first", "last", "length", "size", "freeze") and not given:
        return _of_all(base, name)
    if name not in ("[]", "fetch", "dig") or not given:
        return ABSENT
    index = given[0]
    if isinstance(base, Listed):
        size = len(base.entries)
        is_inside = isinstance(index, int) and -size <= index < size
        return base.entries[index].value if is_inside and isinstance(index, int) else ABSENT
    found = base.get(str(index)) if isinstance(index, str | int) else None
    if found is not None:
        return found.value
    if name == "fetch":
        return given[1] if len(given) == 2 and base.is_complete else ABSENT
    return None if base.is_complete else ABSENT


def _of_all(base: Table | Listed, name: str) -> Result | Absent:
    values = [each.value for each in base.entries]
    if name == "freeze":
        return base
    if name in ("length", "size"):
        return len(values) if isinstance(base, Listed) or base.is_complete else ABSENT
    if isinstance(base, Table) or not values:
        return ABSENT
    if name in ("first", "last"):
        return values[0 if name == "first" else -1]
    if name == "sum":
        total: Result | Absent = 0
        for each in values:
            total = ABSENT if isinstance(total, Absent) else operation(total, "+", each)
        return total
    return _extreme(name, values)


def _extreme(name: str, values: Sequence[Result]) -> Result | Absent:
    if not all(is_number(v) for v in values):
        return ABSENT
    plain = [v for v in values if isinstance(v, int | Fraction)]
    if len(plain) == len(values):
        return max(plain) if name == "max" else min(plain)
    found = symbols.extreme(name, [s for v in values if (s := symbols.symbolic(v))])
    return ABSENT if found is None else found


def _listed(values: Sequence[str]) -> Listed:
    return Listed(tuple(Entry(str(n), value, None) for n, value in enumerate(values)))
