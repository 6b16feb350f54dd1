"""The numbers that an operator would write, from the roundest on."""

from __future__ import annotations

from collections.abc import Iterator

from plimsoll.model.quantity import BYTES, SECONDS, Unit

_DECIMAL = (1, 2, 5)
_TIMES = (86_400, 43_200, 21_600, 3600, 1800, 900, 600, 300, 120, 60, 30, 15, 10, 5, 2)


def quanta(unit: Unit, most: int) -> Iterator[int]:
    """Numbers of steps, up to *most*, of which a round value is a multiple; the largest first."""
    found = {digit * 10**power for digit in _DECIMAL for power in range(len(str(most)))}
    if unit == BYTES:
        found |= {1 << power for power in range(1, most.bit_length())}
    if unit == SECONDS:
        found |= set(_TIMES)
    yield from (each for each in sorted(found, reverse=True) if 1 < each <= most)
