"""What a value's text means to PHP: quantities, truths, and what it makes of others.

Source: PHP manual, Shorthand byte values; measured on 8.2.35. Before 8.2 nothing is said of a value
that is altered.
"""

from __future__ import annotations

import re

from plimsoll.model.quantity import MIB, UNLIMITED, Amount
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Formula, Status, Unknown, Value
from plimsoll.syntax.expression_values import LEVELS, sense

_QUANTITY = re.compile(r"\s*([+-]?)(0[xX][0-9a-fA-F]+|0[oO]?[0-7]*|0[bB][01]+|[0-9]+)(.*)", re.S)
_UNITS = {"k": 1024, "m": 1024**2, "g": 1024**3}
_BASES = {"x": 16, "o": 8, "b": 2}
_LEADING = re.compile(r"\s*([+-]?[0-9]+)")
_FRACTION = re.compile(r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_IN_USE = 2 * MIB  # by the interpreter itself
_LONGEST = 100
# How the reason of a value ends that is dropped: the default holds, not what a line before says.
KEPT = "its default stays"


def value(text: str, entry: Entry) -> Value | Rejected:
    """What *text* means for *entry*; ignored where PHP keeps what it had."""
    if entry.type in (Type.TEXT, Type.ENUM):
        return text
    word = sense(text)
    plain = LEVELS.get(text, text) if word is None else word
    if entry.type is Type.BOOLEAN:
        return _truth(plain)
    if len(plain) > _LONGEST:
        return Unknown(f"{plain[:20]!r}... is too long for a number")
    if entry.type is Type.NUMBER:
        found = _FRACTION.match(plain)
        return _shown_amount(found[0] if found else "0", entry)
    return _amount(plain, entry)


def _shown_amount(text: str, entry: Entry) -> Value:
    from fractions import Fraction  # for the few settings that have one

    return Amount.of(Fraction(text.strip()), entry.unit)


def _truth(text: str) -> bool:
    """Words stand for true; of any other text the number that it begins with."""
    if sense(text) == "1":
        return True
    found = _LEADING.match(text)
    return found is not None and int(found[1][:_LONGEST]) != 0


def _amount(text: str, entry: Entry) -> Value | Rejected:
    number, _ = quantity(text)
    if str(number) in entry.infinite:
        return Amount.of(UNLIMITED, entry.unit)
    if number == -1 and (formula := _MINUS_ONE.get(entry.name)):
        return Formula(formula)
    if entry.name == "memory_limit" and 0 <= number < _IN_USE:
        reason = f"{altered(text) or repr(text)} is less than PHP itself uses: {KEPT}"
        return Rejected(Status.IGNORED, reason)
    if entry.name == "memory_limit" and number < 0:
        return Unknown(f"{text!r} is out of range")
    scale = entry.scale if entry.scale is not None else 1
    return _within(Amount.of(number * scale, entry.unit), entry)


def _within(found: Amount, entry: Entry) -> Amount | Rejected:
    """Out of its range a value is dropped."""
    least, most = entry.minimum, entry.maximum
    if isinstance(least, Amount) and found.low < least.low:
        return Rejected(Status.IGNORED, f"{found} is below {least}: {KEPT}")
    if isinstance(most, Amount) and found.low > most.low:
        return Rejected(Status.IGNORED, f"{found} is above {most}: {KEPT}")
    return found


_MINUS_ONE = {
    "max_input_time": "s.max_execution_time",
    "max_multipart_body_parts": "s.max_input_vars + s.max_file_uploads",
}


def quantity(text: str) -> tuple[int, str]:
    """The number that PHP takes a text for, and what it does not understand of it.

    Whatever stands between the digits and the last letter counts for nothing; a last letter that is
    no unit neither.
    """
    found = _QUANTITY.match(text)
    if found is None:
        return 0, text.strip()
    sign, digits, rest = found.groups()
    base = _BASES.get(digits[1:2].lower(), 8 if digits.startswith("0") else 10)
    number = int(digits[2:] if digits[1:2].lower() in _BASES else digits, base)
    unit = rest.rstrip()[-1:].lower()
    junk = rest.strip()[:-1].strip() if unit in _UNITS else rest.strip()
    number *= _UNITS.get(unit, 1)
    number = -number if sign == "-" else number
    return (number + 2**63) % 2**64 - 2**63, junk


def altered(text: str) -> str:
    """What PHP makes of a quantity that it does not understand as a whole; empty where it does."""
    word = sense(text)
    number, junk = quantity(LEVELS.get(text, text) if word is None else word)
    return f"{text!r}, which PHP takes for {number}," if junk else ""
