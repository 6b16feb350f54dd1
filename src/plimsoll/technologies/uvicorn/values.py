"""What a value's text means to uvicorn, and what its command line refuses.

Source: uvicorn Config, 0.54.0; its options are click's.
"""

from __future__ import annotations

import re
from fractions import Fraction

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Status, Unset, Value

_WHOLE = re.compile(r"\s*[+-]?[0-9]+(?:_[0-9]+)*\s*")
_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?\s*")
_TRUE = frozenset({"true", "t", "yes", "y", "on", "1"})
_FALSE = frozenset({"false", "f", "no", "n", "off", "0"})
# Seconds, but with a fraction.
FRACTIONS = frozenset({"reload_delay", "ws_ping_interval", "ws_ping_timeout"})
_LONGEST = 100


def value(text: str, entry: Entry) -> Value | Rejected:
    """What *text* means for *entry*; refused where the command line does."""
    plain = text.strip()
    if plain == "None":
        return Amount.of(UNLIMITED, entry.unit) if "None" in entry.infinite else Unset()
    if entry.type is Type.TEXT:
        return text
    if entry.type is Type.ENUM:
        return (
            text
            if text in entry.values
            else _refused(f"{text!r} is none of {', '.join(entry.values)}")
        )
    if entry.type is Type.BOOLEAN:
        return _truth(plain)
    return _amount(text, entry)


def _refused(reason: str) -> Rejected:
    return Rejected(Status.REFUSED, reason)


def _truth(text: str) -> bool | Rejected:
    folded = text.casefold()
    if folded in _TRUE or folded in _FALSE:
        return folded in _TRUE
    return _refused(f"{text!r} is neither true nor false")


def _amount(text: str, entry: Entry) -> Value | Rejected:
    pattern = _NUMBER if entry.name in FRACTIONS else _WHOLE
    if not pattern.fullmatch(text) or len(text) > _LONGEST:
        kind = "number" if entry.name in FRACTIONS else "whole number; it takes no unit"
        return _refused(f"{text[:_LONGEST]!r} is no {kind}")
    number = Fraction(text.strip().replace("_", ""))
    exact = number.numerator if number.denominator == 1 else number
    if str(exact) in entry.infinite:
        return Amount.of(UNLIMITED, entry.unit)
    if entry.name == "workers" and exact == 0:
        return Amount.of(1)  # as if nobody had said it
    return Amount.of(exact, entry.unit)
