"""How HAProxy reads numbers, sizes and times, and values that wait for a variable.

Source: HAProxy manual, 2.5 "Time format"; each form tried with `haproxy -c` of 2.6.12. Most numbers
are read with atol(3): what follows the digits is dropped without a word.
"""

from __future__ import annotations

import re
from fractions import Fraction

from plimsoll.model.quantity import UNLIMITED, Amount, Number
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Status, Unknown, Unset, Value
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.technologies.haproxy.lexer import Pieces

_TIME = re.compile(r"([0-9]{1,30})(us|ms|[smhd])?(.*)", re.DOTALL)
_FACTORS = {
    "us": Fraction(1, 10**6), "ms": Fraction(1, 1000), "s": Fraction(1), "m": Fraction(60),
    "h": Fraction(3600), "d": Fraction(86_400),
}  # fmt: skip
_MILLISECOND = Fraction(1, 1000)
_LONGEST_TIME = Fraction(2**31 - 1, 1000)
_LEADING = re.compile(r"[ \t]*([+-]?[0-9]{1,18})(.*)", re.DOTALL)
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_SUFFIX = re.compile(r"[kKmMgG][bB]?")

# Where a 0 is as if nobody had written it, and another timeout holds.
_FALLS_BACK = frozenset(
    {
        "timeout queue", "timeout http-keep-alive", "timeout check", "timeout tarpit",
        "timeout client-fin", "timeout server-fin", "timeout tunnel", "timeout client-hs",
    }
)  # fmt: skip
# Numbers that are refused with anything behind their digits.
_STRICT = re.compile(
    r"nbthread|thread-groups?|tune\.(?:h2|lua|vars|quic)\..*|tune\.ssl\.default-dh-param"
    r"|(?:cli|srv)tcpka-.*|max-keep-alive-queue|rate-limit sessions|hash-balance-factor"
)
_SWITCHES = {"off": False, "on": True, "disabled": False, "enabled": True}


class Waiting(Unknown, frozen=True):
    """The value of a setting with variables: *pieces* are its text, apart from them."""

    pieces: Pieces = ()


def value(text: str, entry: Entry) -> Value | Rejected:
    """What *text* means for *entry*; `Rejected` where HAProxy does not start with it."""
    if is_unrendered(text, has_variables=entry.type in (Type.TEXT, Type.ENUM)):
        return Unknown(UNRENDERED)
    if entry.type is Type.TEXT:
        return text
    if entry.type is Type.BOOLEAN:
        return _SWITCHES.get(text, True)  # what stands behind an option is more of it
    if entry.type is Type.ENUM:
        return _one_of(text, entry)
    read = _time(text, entry) if entry.type is Type.TIME else _number(text, entry)
    if not isinstance(read, int | Fraction):
        return read
    if str(read) in entry.infinite:
        return Amount.of(UNLIMITED, entry.unit)
    if entry.name in _FALLS_BACK and read == 0:
        return Unset()
    if not _is_within(read, entry):
        return _refused(f"'{entry.name}' has to be between {entry.minimum} and {entry.maximum}")
    return Amount.of(read, entry.unit)


def _one_of(text: str, entry: Entry) -> Value | Rejected:
    if text in entry.values:
        return text
    return _refused(f"'{entry.name}' is one of {', '.join(entry.values)}, not '{text}'")


def _time(text: str, entry: Entry) -> int | Fraction | Rejected:
    found = _TIME.fullmatch(text)
    scale = Fraction(entry.scale or 1)
    if found is None or (not found[2] and found[3]):
        at = "" if found is None else found[3][:1]
        wanted = "one number with us, ms, s, m, h or d"
        return _refused(f"unexpected character '{at or text[:1]}' in '{entry.name}': {wanted}")
    factor = _FACTORS[found[2]] if found[2] else scale
    exact = Fraction(found[1]) * factor
    if scale <= _MILLISECOND:
        exact = Fraction(-(-exact // _MILLISECOND)) * _MILLISECOND  # what is begun counts whole
    if exact > _LONGEST_TIME:
        return _refused(f"timer overflow in '{text}': the most is 2147483647 ms, about 24.8 days")
    return exact.numerator if exact.denominator == 1 else exact


def _number(text: str, entry: Entry) -> int | Fraction | Unknown | Rejected:
    found = _LEADING.fullmatch(text)
    if _STRICT.fullmatch(entry.name) and not _WHOLE.fullmatch(text):
        return _refused(f"'{entry.name}' takes a whole number, not '{text}'")
    if not text:
        return _refused(f"'{entry.name}' expects an integer argument")
    if found and _SUFFIX.fullmatch(found[2]):
        return Unknown(f"'{text}': up to 2.6 only the digits count, later versions take the unit")
    if entry.type is Type.NUMBER and found:
        return Fraction(found[1])
    read = Fraction(int(found[1]) if found else 0) * Fraction(entry.scale or 1)
    return read.numerator if read.denominator == 1 else read


def _is_within(read: Number, entry: Entry) -> bool:
    low = entry.minimum.low if isinstance(entry.minimum, Amount) else -UNLIMITED
    high = entry.maximum.high if isinstance(entry.maximum, Amount) else UNLIMITED
    return low <= read <= high


def _refused(reason: str) -> Rejected:
    return Rejected(Status.REFUSED, reason)
