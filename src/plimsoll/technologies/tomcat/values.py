"""What the text of an attribute means: times are milliseconds, sizes bytes.

Source: Tomcat's manual; measured on 10.1.60: what is no number is warned of and left out.
"""

from __future__ import annotations

import re
from fractions import Fraction

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Status, Value

_LONG = frozenset({"asyncTimeout", "maxAge"})  # of 64 bits, the others of 32
_ABOVE_0 = frozenset({"acceptCount"})
_WHOLE = re.compile(r"[+-]?[0-9]{1,19}")


def value(text: str, entry: Entry) -> Value | Rejected:
    """A whole number as Java reads it; any word but `true` is false; below 0 is often never."""
    if entry.type in (Type.TEXT, Type.ENUM):
        return text
    if entry.type is Type.BOOLEAN:
        return text.lower() == "true"
    most = 2**63 if entry.name in _LONG or entry.name.endswith("Millis") else 2**31
    if _WHOLE.fullmatch(text) is None or not -most <= int(text) < most:
        return Rejected(Status.IGNORED, f"{text[:40]!r} is no whole number: the default holds")
    number = int(text)
    if entry.name in _ABOVE_0 and number <= 0:
        return Rejected(Status.IGNORED, f"{number} is not above 0: the default holds")
    is_infinite = str(number) in entry.infinite or (number < 0 and "-1" in entry.infinite)
    if is_infinite:
        return Amount.of(UNLIMITED, entry.unit)
    scaled = number * Fraction(entry.scale if entry.scale is not None else 1)
    exact = scaled.numerator if scaled.denominator == 1 else scaled
    return Amount.of(exact, entry.unit)
