"""What a value's text means to php-fpm, and what it refuses to start with.

Source: php-fpm configuration; measured on 8.2.35.
"""

from __future__ import annotations

import re

from plimsoll.model.quantity import MIB, UNLIMITED, Amount
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Status, Value
from plimsoll.syntax.expression_values import LEVELS, sense
from plimsoll.syntax.shorthand import leading, misread, quantity, truth
from plimsoll.technologies.php_fpm.names import OWN

_WHOLE = re.compile(r"-?[0-9]{0,100}")
_LEADING = re.compile(r"\s*([+-]?[0-9]{1,100})")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_TIME = re.compile(r"-?[0-9]+[smhd]?")
_ALIASES = {"log_level": {"warn": "warning"}}
_IN_USE = 2 * MIB  # by PHP itself
# Megabytes, of which PHP reads the digits alone: 256M is 256.
_NO_UNIT = frozenset({"opcache.memory_consumption"})


def value(text: str, entry: Entry) -> Value | Rejected:
    """What *text* means for *entry*: one of php-fpm's own, or of PHP's that a pool sets."""
    if entry.type is Type.TEXT:
        return text
    if entry.name not in OWN:
        return _of_php(text, entry)
    word = sense(text)
    plain = LEVELS.get(text, text) if word is None else word
    if entry.type is Type.BOOLEAN:
        return (
            plain == "1" if plain in ("1", "0", "") else _refused(f"{text!r} is neither yes nor no")
        )
    if entry.type is Type.ENUM:
        return _word(plain, entry)
    return _time(plain, entry) if entry.type is Type.TIME else _number(plain, entry)


def _refused(reason: str) -> Rejected:
    return Rejected(Status.REFUSED, reason)


def _word(text: str, entry: Entry) -> str | Rejected:
    folded = text.casefold()
    folded = _ALIASES.get(entry.name, {}).get(folded, folded)
    if folded in entry.values:
        return folded
    return _refused(f"{text!r} is none of {', '.join(entry.values)}")


def _number(text: str, entry: Entry) -> Value | Rejected:
    """Digits, or nothing, which is 0."""
    if text in entry.infinite:
        return Amount.of(UNLIMITED, entry.unit)
    if not _WHOLE.fullmatch(text):
        return _refused(f"{text!r} is no whole number; it takes no unit")
    number = int(text) if text.strip("-") else 0
    return _within((number + 2**31) % 2**32 - 2**31, entry)


def _time(text: str, entry: Entry) -> Value | Rejected:
    """The number that a text begins with, by its last letter."""
    if not text:
        return _refused("a time is missing")
    unit = text[-1]
    if unit not in _UNITS and not unit.isdigit():
        return _refused(f"{unit!r} is no unit of time; there are {', '.join(_UNITS)}")
    found = _LEADING.match(text)
    number = int(found[1]) if found else 0
    return _within(number * _UNITS.get(unit, 1), entry)


def _within(number: int, entry: Entry) -> Value | Rejected:
    if str(number) in entry.infinite:
        return Amount.of(UNLIMITED, entry.unit)
    least, most = entry.minimum, entry.maximum
    if isinstance(least, Amount) and number < least.low:
        return _refused(f"{number} is below {least}")
    if isinstance(most, Amount) and number > most.low:
        return _refused(f"{number} is above {most}")
    return Amount.of(number, entry.unit)


def altered(text: str) -> str:
    """What php-fpm makes of a time that it does not understand as a whole; empty where it does."""
    if _TIME.fullmatch(text) or sense(text) is not None:
        return ""
    found = _LEADING.match(text)
    unit = text[-1:] if text[-1:] in _UNITS else "s"
    return f"{text!r}, which php-fpm takes for {int(found[1]) if found else 0}{unit}"


def _of_php(text: str, entry: Entry) -> Value | Rejected:
    """A value as PHP itself takes it."""
    if entry.type is Type.BOOLEAN:
        return truth(text)
    word = sense(text)
    plain = LEVELS.get(text, text) if word is None else word
    number = leading(plain) if entry.name in _NO_UNIT else quantity(plain)[0]
    if str(number) in entry.infinite:
        return Amount.of(UNLIMITED, entry.unit)
    if entry.name == "memory_limit" and number < _IN_USE:
        reason = f"{text!r} is {number} bytes, less than PHP itself uses: php.ini's stays"
        return Rejected(Status.IGNORED, reason)
    return Amount.of(number * (entry.scale or 1), entry.unit)


def misread_by_php(text: str, entry: str) -> str:
    """What PHP makes of a quantity that it does not understand as a whole; empty where it does."""
    number = None if entry in _NO_UNIT else misread(text)
    return "" if number is None else f"{text!r}, which PHP takes for {number}"
