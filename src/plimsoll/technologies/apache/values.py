"""How Apache reads numbers, times and switches.

Source: tried with `apache2 -t` of 2.4.71. Most numbers are read with atoi(3): what follows the
digits is dropped without a word, so that `Timeout 30ms` is 30 seconds.
"""

from __future__ import annotations

import re
from fractions import Fraction

from plimsoll.model.quantity import UNLIMITED, Amount, Number
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Status, Unknown, Value
from plimsoll.syntax.templates import UNRENDERED, is_unrendered

# Times that know units: those that are read with ap_timeout_parameter_parse().
_WITH_UNITS = frozenset(
    {"KeepAliveTimeout", "connectiontimeout", "ping", "acquire", "CGIDScriptTimeout",
     "CGIScriptTimeout"}
)  # fmt: skip
# Numbers that are refused with anything behind their digits.
_STRICT = frozenset(
    {"LimitRequestBody", "FlushMaxPipelined", "FlushMaxThreshold", "ReadBufferSize"}
)
_TIME = re.compile(r"\s*\+?([0-9]{0,15})(?:(ms|mi|s|h).*)?", re.DOTALL)
_FACTORS = {"s": Fraction(1), "ms": Fraction(1, 1000), "mi": Fraction(60), "h": Fraction(3600)}
_LEADING = re.compile(r"\s*([+-]?[0-9]{1,18})")
_WHOLE = re.compile(r"\s*[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15})?")


def value(text: str, entry: Entry) -> Value | Rejected:
    """What *text* means for *entry*; `Rejected` where Apache does not start with it."""
    if "${" in text and entry.type is not Type.TEXT:
        return Unknown(f"nobody has told what {text} is")
    if is_unrendered(text, has_variables=entry.type is Type.TEXT):
        return Unknown(UNRENDERED)
    if entry.type is Type.TEXT:
        return text
    if text.casefold() in (each.casefold() for each in entry.infinite):
        return Amount.of(UNLIMITED, entry.unit)
    if entry.type is Type.BOOLEAN:
        switch = {"on": True, "off": False}.get(text.lower())
        return _refused(f"{entry.name} must be On or Off") if switch is None else switch
    if entry.type is Type.ENUM:
        return _one_of(text, entry)
    read = _time(text, entry) if entry.type is Type.TIME else _number(text, entry)
    if read is None:
        return _refused(f"{text!r} has the wrong format for {entry.name}")
    if str(read) in entry.infinite:
        return Amount.of(UNLIMITED, entry.unit)
    if not _is_within(read, entry):
        return _refused(f"{entry.name} must be at least {entry.minimum}, not {text!r}")
    return Amount.of(read, entry.unit)


def _one_of(text: str, entry: Entry) -> Value | Rejected:
    folded = {each.casefold(): each for each in entry.values}
    found = folded.get(text.casefold())
    return found or _refused(f"{entry.name} is one of {', '.join(entry.values)}, not {text!r}")


def _time(text: str, entry: Entry) -> Number | None:
    if entry.name not in _WITH_UNITS:
        found = _LEADING.match(text)
        return _exact((int(found[1]) if found else 0) * Fraction(entry.scale or 1))
    found = _TIME.fullmatch(text)
    if not found or not (found[1] or found[2]):
        return None
    factor = _FACTORS[found[2]] if found[2] else Fraction(entry.scale or 1)
    return _exact(int(found[1] or 0) * factor)


def _number(text: str, entry: Entry) -> Number | None:
    if entry.type is Type.NUMBER:
        return _exact(Fraction(text)) if _DECIMAL.fullmatch(text) else None
    if entry.name in _STRICT and not _WHOLE.fullmatch(text):
        return None
    found = _LEADING.match(text)
    return _exact((int(found[1]) if found else 0) * Fraction(entry.scale or 1))


def _exact(number: Fraction) -> Number:
    return number.numerator if number.denominator == 1 else number


def _is_within(read: Number, entry: Entry) -> bool:
    low = entry.minimum.low if isinstance(entry.minimum, Amount) else -UNLIMITED
    high = entry.maximum.high if isinstance(entry.maximum, Amount) else UNLIMITED
    return low <= read <= high


def _refused(reason: str) -> Rejected:
    return Rejected(Status.REFUSED, reason)
