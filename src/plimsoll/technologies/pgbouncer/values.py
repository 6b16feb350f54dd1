"""What a value's text means to PgBouncer: whole numbers as C writes them, seconds with fractions.

Source: PgBouncer manual; measured on 1.18.
"""

from __future__ import annotations

import re
from fractions import Fraction

from plimsoll.model.quantity import UNLIMITED, Amount, Number
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Status, Value

_WHOLE = re.compile(r"[+-]?(0[xX][0-9A-Fa-f]+|0[0-7]*|[1-9][0-9]*)")
_DECIMAL = re.compile(r"\+?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,2})?")
_OCTAL = re.compile(r"[0-7]+")
_LONGEST = 40

# Times that take no fraction; measured 1.18.
WHOLE_SECONDS = frozenset({"stats_period", "tcp_keepidle", "tcp_keepintvl", "tcp_user_timeout"})


def value(text: str, entry: Entry) -> Value | Rejected:
    """What *text* means for *entry*; rejected where the server does not start with it."""
    if entry.name == "unix_socket_mode":
        return text if _OCTAL.fullmatch(text) else _refused(f"{text!r} is not octal")
    if entry.type is Type.TEXT:
        return text
    if entry.type is Type.ENUM:
        words = {word.lower(): word for word in entry.values}
        found = words.get(text.lower())
        return found or _refused(f"{text!r} is none of {', '.join(entry.values)}")
    has_fractions = entry.type is Type.TIME and entry.name not in WHOLE_SECONDS
    number = _seconds(text) if has_fractions else _whole(text)
    if isinstance(number, Rejected):
        return number
    if str(number) in entry.infinite:
        return Amount.of(UNLIMITED, entry.unit)
    return Amount.of(_exact(number * Fraction(entry.scale or 1)), entry.unit)


def _refused(reason: str) -> Rejected:
    return Rejected(Status.REFUSED, reason)


def _whole(text: str) -> Fraction | Rejected:
    """A whole number; 0x10 is 16, 010 is 8."""
    if not _WHOLE.fullmatch(text) or len(text) > _LONGEST:
        return _refused(f"{text!r} is no whole number; it takes no unit")
    sign, digits = (-1 if text[0] == "-" else 1), text.lstrip("+-")
    base = 16 if digits[:2] in ("0x", "0X") else 8 if digits[0] == "0" else 10
    return Fraction(sign * int(digits, base))


def _seconds(text: str) -> Fraction | Rejected:
    if not _DECIMAL.fullmatch(text) or len(text) > _LONGEST:
        return _refused(f"{text!r} is no number of seconds; it takes no unit")
    return Fraction(text)


def _exact(number: Fraction) -> Number:
    return number.numerator if number.denominator == 1 else number
