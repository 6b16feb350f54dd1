"""Numbers that end in one letter, taken as far as they are understood: nothing is refused."""

from __future__ import annotations

import re

from plimsoll.syntax.expression_values import LEVELS, sense

_QUANTITY = re.compile(
    r"\s*([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]*|[0-9]+)(.*)", re.DOTALL
)
_UNITS = {"k": 1024, "m": 1024**2, "g": 1024**3}
_BASES = {"x": 16, "o": 8, "b": 2}
_LEADING = re.compile(r"\s*([+-]?[0-9]+)")
_LONGEST = 100


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


def misread(text: str) -> int | None:
    """The number that a text is taken for that is not understood as a whole; None where it is."""
    word = sense(text)
    number, junk = quantity(LEVELS.get(text, text) if word is None else word)
    return number if junk else None


def leading(text: str) -> int:
    """The digits that a text begins with: of a number that takes no unit."""
    found = _LEADING.match(text)
    return int(found[1][:_LONGEST]) if found else 0


def truth(text: str) -> bool:
    """Words stand for true; of any other text the number that it begins with."""
    if sense(text) == "1":
        return True
    return leading(text) != 0
