"""Amounts: exact numbers with a unit, and how they are printed."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

from msgspec import Struct

# An exact number. The only floats are the two infinities: nothing is ever rounded.
Number = int | Fraction | float

UNLIMITED: float = math.inf


class Unit(Struct, frozen=True):
    """A product of powers: bytes^bytes * seconds^seconds. The unit of a count has neither."""

    bytes: int = 0
    seconds: int = 0

    def __mul__(self, other: Unit) -> Unit:
        return Unit(self.bytes + other.bytes, self.seconds + other.seconds)

    def __truediv__(self, other: Unit) -> Unit:
        return Unit(self.bytes - other.bytes, self.seconds - other.seconds)

    def __str__(self) -> str:
        """As the output contract names it: count, bytes, seconds, bytes/second, ..."""
        above = [f"{n}^{p}" if p > 1 else n for n, p in self._powers() if p > 0]
        below = [f"{n}^{-p}" if p < -1 else n for n, p in self._powers() if p < 0]
        if not below:
            return " ".join(above) or "count"
        return f"{' '.join(above) or '1'}/{' '.join(below)}"

    def _powers(self) -> tuple[tuple[str, int], ...]:
        return (("bytes", self.bytes), ("seconds", self.seconds))


COUNT = Unit()
BYTES = Unit(bytes=1)
SECONDS = Unit(seconds=1)

KIB, MIB, GIB, TIB = 1024, 1024**2, 1024**3, 1024**4


class Amount(Struct, frozen=True):
    """A range of numbers in base units (bytes, seconds, count); known when both ends are equal."""

    low: Number
    high: Number
    unit: Unit = COUNT

    @property
    def is_known(self) -> bool:
        return self.low == self.high

    @classmethod
    def of(cls, number: Number, unit: Unit = COUNT) -> Amount:
        return cls(number, number, unit)

    def __str__(self) -> str:
        low, high = shown(self.low, self.unit), shown(self.high, self.unit)
        return low if self.is_known else f"{low} to {high}"


UNKNOWN_COUNT = Amount(0, UNLIMITED)


@lru_cache(maxsize=4096)  # a stack says the same few hundred amounts again and again
def shown(number: Number, unit: Unit) -> str:
    """*number* of base units for a person: "4 GiB", "1.5 s", "129", "unlimited", "never".

    At most four significant digits behind the largest unit that fits; a value that is cut is
    marked with "~".
    """
    if number == UNLIMITED:
        return "never" if unit == SECONDS else "unlimited"
    if number == -UNLIMITED:  # the lower end of what has no result
        return "-unlimited"
    if unit == BYTES:
        return _scaled(number, (("TiB", TIB), ("GiB", GIB), ("MiB", MIB), ("KiB", KIB)), "B")
    if unit == SECONDS:
        return _seconds(number)
    return _digits(Fraction(number)) if unit == COUNT else f"{_digits(Fraction(number))} {unit}"


def _scaled(number: Number, steps: tuple[tuple[str, int], ...], base: str) -> str:
    exact = Fraction(number)
    for name, size in steps:
        if abs(exact) >= size:
            return f"{_digits(exact / size)} {name}"
    return f"{_digits(exact)} {base}"


def _seconds(number: Number) -> str:
    exact = Fraction(number)
    if 0 < abs(exact) < Fraction(1, 1000):
        return f"{_digits(exact * 1_000_000)} us"
    if 0 < abs(exact) < 1:
        return f"{_digits(exact * 1000)} ms"
    for name, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if abs(exact) >= 2 * size and exact % size == 0:
            return f"{exact // size} {name}"
    return f"{_digits(exact)} s"


def _digits(exact: Fraction) -> str:
    if exact.denominator == 1:
        return str(exact.numerator)
    places = 3 if abs(exact) < 10 else 2 if abs(exact) < 100 else 1
    cut = round(exact, places)
    text = f"{float(cut):.{places}f}".rstrip("0").rstrip(".")
    return text if cut == exact else f"~{text}"
