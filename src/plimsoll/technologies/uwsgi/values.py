"""What a value's text means to uWSGI: the number that it begins with, whatever follows.

Source: uWSGI 2.0 core; measured on 2.0.21.
"""

from __future__ import annotations

import re

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Status, Unknown, Value

_LEADING = re.compile(r"[ \t\n\v\f\r]*([+-]?[0-9]{1,100})")
_WHOLE = re.compile(r"[+-]?[0-9]+|")
_FALSE = frozenset({"false", "off", "no", "0"})


def value(text: str, entry: Entry) -> Value | Rejected:
    """What *text* means for *entry*; of most a negative number is refused."""
    if entry.type is Type.TEXT:
        return text
    if entry.type is Type.BOOLEAN:
        return text.casefold() not in _FALSE
    if entry.type is Type.ENUM:
        return text
    number = leading(text)
    if number < 0 and entry.minimum is not None:
        return Rejected(Status.REFUSED, f"{number} is negative: uWSGI does not start")
    if number < 0:
        return Unknown(f"{number} is negative")
    if str(number) in entry.infinite:
        return Amount.of(UNLIMITED, entry.unit)
    scale = entry.scale if entry.scale is not None else 1
    return Amount.of(number * scale, entry.unit)


def leading(text: str) -> int:
    """The number that a text begins with; 0 where it begins with none."""
    found = _LEADING.match(text)
    return int(found[1]) if found else 0


def altered(text: str) -> str:
    """What uWSGI makes of a number with something behind it; empty where there is nothing."""
    if _WHOLE.fullmatch(text.strip()):
        return ""
    return f"{text!r}, which uWSGI takes for {leading(text)}"
