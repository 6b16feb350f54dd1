"""What a text means to the kernel: it takes the first number and drops what stands behind a blank.

Source: Linux, kernel/sysctl.c; measured on 6.18: `100 # x` is 100, `0x64` is 100, `010` is 8, and
`100k`, `1e3`, `+7` and nothing at all are an invalid argument: the value from before stays.
"""

from __future__ import annotations

import re

from plimsoll.model.quantity import Amount
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Status, Value

_NUMBER = re.compile(r"(-?)(?:0[xX]([0-9a-fA-F]{1,16})|(0[0-7]{0,22})|([1-9][0-9]{0,19}))")
_BASES = {2: 16, 3: 8, 4: 10}


def value(text: str, entry: Entry) -> Value | Rejected:
    """What *text* means for *entry*; ignored where the kernel refuses it."""
    words = text.split()
    if entry.type is Type.TEXT:
        return " ".join(words)
    found = _NUMBER.fullmatch(words[0]) if words else None
    if found is None:
        return _refused(text, "is no number")
    base = next(group for group in _BASES if found[group])
    number = int(found[base], _BASES[base]) * (-1 if found[1] else 1)
    low, high = entry.minimum, entry.maximum
    is_low = isinstance(low, Amount) and number < low.low
    if number >= 2**64 or is_low or (isinstance(high, Amount) and number > high.high):
        return _refused(text, "is out of range")
    return Amount.of(number * (entry.scale if entry.scale is not None else 1), entry.unit)


def _refused(text: str, why: str) -> Rejected:
    reason = f"{text!r} {why}: the kernel refuses it, and the value from before stays"
    return Rejected(Status.IGNORED, reason)
