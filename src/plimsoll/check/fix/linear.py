"""Sums over whole-number variables, with exact coefficients."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import reduce
from math import gcd, lcm

from msgspec import Struct, field

from plimsoll.model.quantity import Number

Exact = int | Fraction


class Linear(Struct, frozen=True):
    """*constant* plus, for each variable, its coefficient times its value."""

    constant: Exact = 0
    terms: Mapping[int, Exact] = field(default_factory=dict)

    @property
    def is_constant(self) -> bool:
        return not self.terms

    def plus(self, other: Linear) -> Linear:
        terms = dict(self.terms)
        for each, factor in other.terms.items():
            terms[each] = terms.get(each, 0) + factor
        kept = {each: factor for each, factor in terms.items() if factor}
        return Linear(self.constant + other.constant, kept)

    def times(self, factor: Exact) -> Linear:
        terms = {each: own * factor for each, own in self.terms.items()} if factor else {}
        return Linear(self.constant * factor, terms)

    def minus(self, other: Linear) -> Linear:
        return self.plus(other.times(-1))

    def at(self, value: Callable[[int], int]) -> Exact:
        """What it is worth where variables have those values."""
        return self.constant + sum(factor * value(each) for each, factor in self.terms.items())

    def between(self, low: Callable[[int], int], high: Callable[[int], int]) -> tuple[Exact, Exact]:
        """The least and the most that it can be worth."""
        least = most = self.constant
        for each, factor in self.terms.items():
            ends = (factor * low(each), factor * high(each))
            least, most = least + min(ends), most + max(ends)
        return least, most


def quantum(sums: Iterable[Linear]) -> Fraction:
    """The largest number of which every value of *sums* is a whole multiple."""
    every = [abs(Fraction(c)) for each in sums for c in (each.constant, *each.terms.values()) if c]
    if not every:
        return Fraction(1)
    above = reduce(gcd, (each.numerator for each in every))
    return Fraction(above, reduce(lcm, (each.denominator for each in every)))


def exact(number: Number) -> Exact:
    """A finite number; the only floats are the infinities."""
    fraction = Fraction(number)
    return fraction.numerator if fraction.denominator == 1 else fraction
