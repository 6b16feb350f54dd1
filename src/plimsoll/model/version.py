"""Versions of servers, as far as their order goes."""

from __future__ import annotations

import re
from functools import total_ordering

_PARTS = re.compile(r"v?(\d+(?:\.\d+)*)")


@total_ordering
class Version:
    """The numbers that a version begins with: "15.4-1.pgdg" is 15.4. Missing parts are 0."""

    __slots__ = ("numbers", "text")

    def __init__(self, text: str) -> None:
        found = _PARTS.match(text.strip())
        if not found:
            raise ValueError(f"not a version: {text!r}")
        self.text = text.strip()
        self.numbers = tuple(int(n) for n in found[1].split("."))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and self._key() == other._key()

    def __lt__(self, other: Version) -> bool:
        return self._key() < other._key()

    def reaches(self, bound: Version) -> bool | None:
        """Whether it is *bound* or later; None where it has too few parts: "8.0" for 8.0.30."""
        own, rest = self.numbers, bound.numbers[len(self.numbers) :]
        if own == bound.numbers[: len(own)] and any(rest):
            return None
        return self >= bound

    def __hash__(self) -> int:
        return hash(self._key())

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Version({self.text!r})"

    def _key(self) -> tuple[int, ...]:
        numbers = self.numbers
        while numbers and numbers[-1] == 0:
            numbers = numbers[:-1]
        return numbers
