"""What a value's text means to memcached: it takes the digits in front, and asks no further.

Source: memcached -h; measured on 1.6.18.
"""

from __future__ import annotations

import re
from fractions import Fraction

from plimsoll.model.quantity import UNLIMITED, Amount, Number
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Status, Value

_LEADING = re.compile(r"\s*([+-]?[0-9]{0,30})")
_DECIMAL = re.compile(r"\s*([+-]?(?:[0-9]{1,30}\.?[0-9]{0,30}|\.[0-9]{1,30}))")
_SUFFIXES = {"k": 1024, "m": 1024**2}
_GIB = 1024**3


def value(text: str, entry: Entry) -> Value | Rejected:
    """What *text* means for *entry*; rejected where the server does not start with it."""
    if entry.type is Type.TEXT:
        return text
    if entry.type is Type.ENUM:
        return (
            text
            if text in entry.values
            else _refused(f"{text!r} is none of {', '.join(entry.values)}")
        )
    if entry.type is Type.BOOLEAN:
        return text not in ("0", "no")
    number = _item_size(text) if entry.name == "-I" else _number(text, entry)
    if isinstance(number, Rejected):
        return number
    if entry.name == "-f" and number <= 1:
        return _refused(f"{text!r}: the factor has to be above 1")
    if str(number) in entry.infinite:
        return Amount.of(UNLIMITED, entry.unit)
    return _within(number * Fraction(entry.scale or 1), entry)


def _refused(reason: str) -> Rejected:
    return Rejected(Status.REFUSED, reason)


def _number(text: str, entry: Entry) -> Fraction:
    """The number that *text* begins with; 0 where it begins with none."""
    is_real = entry.type is Type.NUMBER
    found = (_DECIMAL if is_real else _LEADING).match(text)
    digits = found[1] if found else ""
    return Fraction(digits) if digits.strip("+-") else Fraction(0)


def _item_size(text: str) -> Fraction | Rejected:
    """-I: bytes, or with k or m as its last letter."""
    factor = _SUFFIXES.get(text[-1:].lower(), 1)
    found = _LEADING.match(text)
    digits = found[1] if found else ""
    size = Fraction(digits) * factor if digits.strip("+-") else Fraction(0)
    if size < 1024:
        return _refused(f"{text!r} is below 1 KiB; only k and m may stand behind the number")
    return size if size <= _GIB else _refused(f"{text!r} is above 1 GiB")


def _within(found: Fraction, entry: Entry) -> Amount | Rejected:
    low, high = entry.minimum, entry.maximum
    amount = Amount.of(_exact(found), entry.unit)
    below = isinstance(low, Amount) and found < low.low
    above = isinstance(high, Amount) and found > high.high
    if below or above:
        return _refused(f"{amount} is {'below ' + str(low) if below else 'above ' + str(high)}")
    return amount


def _exact(number: Fraction) -> Number:
    return number.numerator if number.denominator == 1 else number
