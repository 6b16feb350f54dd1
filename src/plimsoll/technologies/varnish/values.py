"""What a text means: to VCL, where a time has a unit, and as a parameter, where none has.

Source: vcl(7), varnishd(1); measured on 7.1.1: of a parameter in seconds the number alone counts,
and `-p default_ttl=1d` is one second.
"""

from __future__ import annotations

import re
from fractions import Fraction

from msgspec.structs import replace

from plimsoll.model.quantity import SECONDS, UNLIMITED, Amount
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Setting, Status, Value
from plimsoll.syntax.amounts import Dialect

_TIMES: dict[str, int | Fraction] = {"ms": Fraction(1, 1000), "s": 1, "m": 60, "h": 3600}
_TIMES |= {"d": 86_400, "w": 604_800, "y": 31_536_000}
VCL = Dialect(
    times=_TIMES, takes_fractions=True, takes_spaces=True, true=("true",), false=("false",)
)

_WORDS = Dialect()

_SECONDS = re.compile(r"([+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30}))[ ]*(\S*).*")
_SIZE = re.compile(r"([0-9]{1,30}(?:\.[0-9]{0,30})?)[ ]*([kKmMgGtTpP]?)[bB]?")
_POWERS = {unit: 1024**power for power, unit in enumerate(("", "k", "m", "g", "t", "p"))}
_TRUE = frozenset({"yes", "on", "true", "enable"})
_FALSE = frozenset({"no", "off", "false", "disable"})
_MOST = 2**32 - 1


def value(text: str, entry: Entry) -> Value | Rejected:
    """What *text* means for *entry*; refused where varnishd does not start with it."""
    if entry.type is Type.TIME and entry.scale is None:
        return VCL.value(text, entry)
    if entry.type is Type.TIME:
        return _seconds(text, entry)
    if entry.type is Type.SIZE:
        return _size(text, entry)
    if entry.type is Type.BOOLEAN:
        return _boolean(text)
    return _checked(_WORDS.value(text, entry), entry)


def _refused(reason: str) -> Rejected:
    return Rejected(Status.REFUSED, reason)


def _boolean(text: str) -> bool | Rejected:
    word = text.casefold()
    if word not in _TRUE | _FALSE:
        return _refused(f"{text!r} is neither on nor off")
    return word in _TRUE


def _seconds(text: str, entry: Entry) -> Value | Rejected:
    """The number; with a unit behind it, it may be one of 7.1, or what the unit makes of it."""
    found = _SECONDS.fullmatch(text.strip())
    if found is None:
        return _refused(f"{text!r} is no number of seconds")
    number = Fraction(found[1])
    factor = _TIMES.get(found[2], 1)
    low, high = sorted((number, number * factor))
    checked = _checked(Amount.of(_exact(number), entry.unit), entry)
    return (
        checked if isinstance(checked, Rejected) else Amount(_exact(low), _exact(high), entry.unit)
    )


def _size(text: str, entry: Entry) -> Value | Rejected:
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        return _refused(f"{text!r} is no number with one of k, m, g, t, p")
    number = int(Fraction(found[1]) * _POWERS[found[2].lower()])
    return _checked(Amount.of(number, entry.unit), entry)


def _checked(found: Value | Rejected, entry: Entry) -> Value | Rejected:
    if not isinstance(found, Amount) or found.low == UNLIMITED:
        return found
    low, high = entry.minimum, entry.maximum
    if isinstance(low, Amount) and found.high < low.low:
        return _refused(f"{found} is less than {low}")
    if isinstance(high, Amount) and found.low > high.high:
        return _refused(f"{found} is more than {high}")
    if entry.type is Type.COUNT and found.high > _MOST:
        return _refused(f"{found} is beyond 32 bits")
    return found


def _exact(number: Fraction) -> int | Fraction:
    return number.numerator if number.denominator == 1 else number


def adjusted(setting: Setting) -> Setting:
    """*setting* with what the server makes of a unit where it takes none."""
    held = setting.value
    if setting.reason or not isinstance(held, Amount) or held.unit != SECONDS:
        return setting
    found = _SECONDS.fullmatch(setting.text.strip())
    if found is None or held.low == held.high:
        return setting
    number = Amount.of(_exact(Fraction(found[1])), SECONDS)
    return replace(setting, reason=f"the server reads {number}: it takes seconds, and no unit")
