"""What a JavaScript expression comes to when nobody runs it.

Most of it are the values of a symbolic reading of Python: numbers are whole or fractions, `null` is
None. What JavaScript has besides are references by name.
"""

from __future__ import annotations

from fractions import Fraction

from plimsoll.syntax.python.values import (
    Computed,
    Entry,
    Function,
    Listed,
    Reference,
    Result,
    Symbol,
    Table,
)

__all__ = [
    "INFINITY", "NAN", "UNDEFINED", "Computed", "Entry", "Function", "Listed", "Reference",
    "Result", "Symbol", "Table", "is_literal", "number_of", "shown", "text_of", "truth",
]  # fmt: skip

UNDEFINED, NAN, INFINITY = Reference("undefined"), Reference("NaN"), Reference("Infinity")
_CONSTANTS = (UNDEFINED, NAN, INFINITY)
_LONGEST_NUMBER = 400
# What JavaScript holds exactly.
_LARGEST_WHOLE = 2**53


def is_literal(value: Result) -> bool:
    """Whether *value* is one that JavaScript has without running anything: no object, no name."""
    is_plain = value is None or isinstance(value, bool | int | str | Fraction)
    return is_plain or value in _CONSTANTS


def truth(value: Result) -> bool | None:
    """Whether JavaScript takes *value* for true; None where that cannot be told."""
    if value in (UNDEFINED, NAN):
        return False
    if value is None or isinstance(value, bool | int | str | Fraction):
        return bool(value)
    is_object = isinstance(value, Listed | Function | Table) or value == INFINITY
    is_made = isinstance(value, Reference) and value.dotted.endswith(")")
    is_positive = isinstance(value, Symbol) and value.is_positive
    return True if is_object or is_made or is_positive else None


def shown(value: Result, source: str = "") -> str:
    """The text of *value* as JavaScript prints it; *source* where that is not told."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return _decimal(value)
    if isinstance(value, Function):
        return "function"
    if value in _CONSTANTS and isinstance(value, Reference):
        return value.dotted
    return str(value) if isinstance(value, int | str) else source


def _decimal(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    return repr(float(value)).replace("e-0", "e-")  # 1e-7


def normal(value: Fraction) -> Result | None:
    """A number as a value: whole where it is; None beyond what JavaScript holds exactly."""
    if abs(value) > _LARGEST_WHOLE:
        return None
    return value.numerator if value.denominator == 1 else value


def text_of(value: Result) -> str | None:
    """What a text that *value* is joined to gets; None where that cannot be told."""
    return shown(value) if is_literal(value) else None


def number_of(value: Result) -> Result | None:
    """What JavaScript's Number() makes of *value*; None where that cannot be told."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | Fraction) or value in (NAN, INFINITY):
        return value
    if value is None:
        return 0
    if value == UNDEFINED:
        return NAN
    return _of_text(value) if isinstance(value, str) else None


def _of_text(text: str) -> Result | None:
    plain = text.strip()
    if not plain:
        return 0
    if plain == "Infinity":
        return INFINITY
    found = literal_number(plain.lstrip("+-")) if "_" not in plain and plain[-1] != "n" else None
    sign = plain[: len(plain) - len(plain.lstrip("+-"))]
    if found is None or len(sign) > 1 or (sign and plain[1:2] == "0" and plain[2:3].isalpha()):
        return NAN
    return normal(-found if sign == "-" else found)


def literal_number(text: str) -> Fraction | None:
    """The number that a literal is: 1_000, 0x1F, 1e3, .5, 10n; None where it is none."""
    digits = text.replace("_", "").removesuffix("n")
    if len(digits) > _LONGEST_NUMBER or "__" in text or not text.isascii() or text.endswith("_"):
        return None
    base = _BASES.get(digits[:2].lower())
    try:
        if base:
            return Fraction(int(digits[2:], base))
        if len(digits) > 1 and digits[0] == "0" and digits.isdigit():
            return Fraction(int(digits, 8 if set(digits) <= set("01234567") else 10))
        mantissa, _, exponent = digits.lower().partition("e")
        if abs(int(exponent or 0)) > _LONGEST_NUMBER or mantissa[:1] in ("", "+", "-"):
            return None
        return Fraction(mantissa + ("0" if mantissa.endswith(".") else "")) * _power(exponent)
    except ValueError:
        return None


_BASES = {"0x": 16, "0o": 8, "0b": 2}


def _power(exponent: str) -> Fraction:
    return Fraction(10) ** int(exponent or 0)
