"""What a value's text means to Redis: its own numbers, sizes and words.

Source: redis.conf, Note on units; measured on 7.0.15.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from plimsoll.model.quantity import GIB, KIB, MIB, UNLIMITED, Amount
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Formula, Setting, Status, Value

_UNITS = {"": 1, "b": 1, "k": 10**3, "kb": KIB, "m": 10**6, "mb": MIB, "g": 10**9, "gb": GIB}
_SIZE = re.compile(r"([0-9]*)([A-Za-z]*)")
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,18}")
_OCTAL = re.compile(r"[0-7]{1,20}")
_PERCENT = re.compile(r"(0|[1-9][0-9]?|100)%")
_CAPPED = {"hz": (1, 500)}
_LONGEST = 127  # digits that the server copies
_UNSIGNED = frozenset({"cluster-link-sendbuf-limit", "maxmemory"})
_FLAGS = frozenset({"shutdown-on-sigint", "shutdown-on-sigterm"})


def value(text: str, entry: Entry) -> Value | Rejected:
    """What *text* means for *entry*; rejected when the server does not start with it."""
    if entry.type is Type.TEXT:
        return text
    if entry.type is Type.BOOLEAN:
        return _boolean(text)
    if entry.type is Type.ENUM:
        return _words(text, entry)
    if entry.name == "maxmemory-clients" and (percent := _PERCENT.fullmatch(text)):
        return Formula(f"s.maxmemory * {percent[1]} / 100")
    return _amount(text, entry)


def _refused(reason: str) -> Rejected:
    return Rejected(Status.REFUSED, reason)


def _boolean(text: str) -> bool | Rejected:
    word = text.lower()
    if word not in ("yes", "no"):
        return _refused(f"{text!r} is neither yes nor no")
    return word == "yes"


def _words(text: str, entry: Entry) -> str | Rejected:
    """One word of the list, in any case; of a few settings several."""
    words = text.lower().split() if entry.name in _FLAGS else [text.lower()]
    for word in words:
        if word not in entry.values:
            return _refused(f"{word!r} is none of {', '.join(entry.values)}")
    return " ".join(words)


def _amount(text: str, entry: Entry) -> Value | Rejected:
    number = _size(text, entry) if entry.type is Type.SIZE else _whole(text, entry)
    if isinstance(number, Rejected):
        return number
    if str(number) in entry.infinite:
        return Amount.of(UNLIMITED, entry.unit)
    scale = entry.scale if entry.scale is not None else 1
    return _within(Amount.of(number * scale, entry.unit), entry)


def _size(text: str, entry: Entry) -> int | Rejected:
    """Bytes; k, m and g count in thousands, kb, mb and gb in 1024. No digits are 0."""
    found = _SIZE.fullmatch(text)
    factor = _UNITS.get(found[2].lower()) if found else None
    if found is None or factor is None or len(found[1]) > _LONGEST:
        units = ", ".join(unit for unit in _UNITS if unit)
        return _refused(f"{text!r} is no whole number with one of {units}")
    number = min(int(found[1] or 0), 2**64 - 1) * factor % 2**64
    if number >= 2**63 and entry.name not in _UNSIGNED:
        return _refused(f"{text!r} is beyond 63 bits")
    return number


def _whole(text: str, entry: Entry) -> int | Rejected:
    if entry.name == "unixsocketperm":
        return int(text, 8) if _OCTAL.fullmatch(text) else _refused(f"{text!r} is not octal")
    if not _WHOLE.fullmatch(text) or not -(2**63) <= int(text) < 2**63:
        return _refused(f"{text!r} is no whole number; it takes no unit")
    return int(text)


def _within(found: Amount, entry: Entry) -> Amount | Rejected:
    low, high = entry.minimum, entry.maximum
    below = isinstance(low, Amount) and found.low < low.low
    above = isinstance(high, Amount) and found.high > high.high
    if below or above:
        bounds = f"{low if low is not None else 'any'} to {high if high is not None else 'any'}"
        return _refused(f"{found} is outside of {bounds}")
    return _capped(found, entry)


def _capped(found: Amount, entry: Entry) -> Amount:
    """What the server takes without a word, and makes another number of."""
    low, high = _CAPPED.get(entry.name, (found.low, found.high))
    return Amount.of(min(max(found.low, low), high), entry.unit)


def adjusted(setting: Setting) -> Setting:
    """*setting* with what the server makes of its text, where that is another number."""
    held = setting.value
    if setting.reason or setting.name not in _CAPPED or not isinstance(held, Amount):
        return setting
    if not _WHOLE.fullmatch(setting.text) or int(setting.text) == held.low:
        return setting
    return replace(setting, reason=f"the server makes {held} of {setting.text}")
