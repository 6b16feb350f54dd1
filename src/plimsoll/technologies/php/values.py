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
from plimsoll.syntax.shorthand import leading, misread, quantity, truth

_FRACTION = re.compile(r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_IN_USE = 2 * MIB  # by the interpreter itself
_LONGEST = 100
# Megabytes, of which PHP reads the digits alone: 256M is 256.
NO_UNIT = frozenset({"opcache.memory_consumption"})
# How the reason of a value ends that is dropped: the default holds, not what a line before says.
KEPT = "its default stays"


def value(text: str, entry: Entry) -> Value | Rejected:
    """What *text* means for *entry*; ignored where PHP keeps what it had."""
    if entry.type in (Type.TEXT, Type.ENUM):
        return text
    word = sense(text)
    plain = LEVELS.get(text, text) if word is None else word
    if entry.type is Type.BOOLEAN:
        return truth(plain)
    if len(plain) > _LONGEST:
        return Unknown(f"{plain[:20]!r}... is too long for a number")
    if entry.type is Type.NUMBER:
        found = _FRACTION.match(plain)
        return _shown_amount(found[0] if found else "0", entry)
    return _amount(plain, entry)


def _shown_amount(text: str, entry: Entry) -> Value:
    from fractions import Fraction  # for the few settings that have one

    return Amount.of(Fraction(text.strip()), entry.unit)


def _amount(text: str, entry: Entry) -> Value | Rejected:
    number = leading(text) if entry.name in NO_UNIT else quantity(text)[0]
    if str(number) in entry.infinite:
        return Amount.of(UNLIMITED, entry.unit)
    if number == -1 and (formula := _MINUS_ONE.get(entry.name)):
        return Formula(formula)
    if entry.name == "memory_limit" and 0 <= number < _IN_USE:
        odd = altered(text)
        reason = f"{f'{odd},' if odd else repr(text)} is less than PHP itself uses: {KEPT}"
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


def altered(text: str) -> str:
    """What PHP makes of a quantity that it does not understand as a whole; empty where it does."""
    number = misread(text)
    return "" if number is None else f"{text!r}, which PHP takes for {number}"
