"""What the text of a flag means.

Source: measured on 17.0.21; every flag and its range: java -XX:+PrintFlagsRanges.
"""

from __future__ import annotations

import re
from fractions import Fraction

from plimsoll.model.quantity import KIB, UNLIMITED, Amount
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Status, Value

_NUMBER = re.compile(r"(-?)(?:0[xX]([0-9a-fA-F]{1,16})|([0-9]{1,20}))([kKmMgGtT]?)")
_DECIMAL = re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,20})?")
_UNITS = {"": 1, "k": KIB, "m": KIB**2, "g": KIB**3, "t": KIB**4}
_LARGEST = 2**64


def value(text: str, entry: Entry) -> Value | Rejected:
    """What *text* means for a flag; a switch is `+` or `-`."""
    if entry.type in (Type.TEXT, Type.ENUM):
        return text
    if entry.type is Type.BOOLEAN:
        if text in ("+", "-"):
            return text == "+"
        return _refused(f"{entry.name} is a switch: -XX:+ or -XX:- before its name")
    if text in ("+", "-"):
        return _refused(f"{entry.name} is no switch: it takes a value behind =")
    number = _decimal(text) if entry.type is Type.NUMBER else _whole(text)
    if number is None:
        return _refused(f"{text[:40]!r} is no {_KINDS.get(entry.type, 'number')}")
    if number == 0 and entry.name in _CHOSEN_AT_0:
        return entry.default(None)
    return _in_range(number, entry)


# A size of 0 leaves it to Java.
_CHOSEN_AT_0 = frozenset({"-Xms", "-XX:MaxDirectMemorySize"})

_KINDS = {Type.SIZE: "size: a whole number with k, m, g or t", Type.NUMBER: "decimal number"}


def _refused(reason: str) -> Rejected:
    return Rejected(Status.REFUSED, reason)


def _whole(text: str) -> int | None:
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    sign, hexadecimal, digits, unit = found.groups()
    number = int(hexadecimal, 16) if hexadecimal else int(digits)
    number *= _UNITS[unit.lower()] * (-1 if sign else 1)
    return number if abs(number) < _LARGEST else None


def _decimal(text: str) -> Fraction | int | None:
    if _DECIMAL.fullmatch(text) is None:
        return None
    exact = Fraction(text)
    return exact.numerator if exact.denominator == 1 else exact


def _in_range(number: int | Fraction, entry: Entry) -> Value | Rejected:
    scaled = number * Fraction(entry.scale if entry.scale is not None else 1)
    exact = scaled.numerator if scaled.denominator == 1 else scaled
    low, high = entry.minimum, entry.maximum
    if isinstance(low, Amount) and exact < low.low:
        return _refused(f"{number} is less than {low}")
    if isinstance(high, Amount) and exact > high.high:
        return _refused(f"{number} is more than {high}")
    if entry.type is Type.SIZE and number < 0:
        return _refused(f"{number} is negative")
    is_infinite = str(number) in entry.infinite
    return Amount.of(UNLIMITED if is_infinite else exact, entry.unit)
