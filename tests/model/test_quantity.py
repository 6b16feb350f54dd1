from __future__ import annotations

from fractions import Fraction

import pytest

from plimsoll.model.quantity import (
    BYTES,
    COUNT,
    GIB,
    MIB,
    SECONDS,
    UNLIMITED,
    Amount,
    Number,
    Unit,
    shown,
)


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        (129, COUNT, "129"),
        (Fraction(3, 2), COUNT, "1.5"),
        (Fraction(1, 3), COUNT, "~0.333"),
        (4 * GIB, BYTES, "4 GiB"),
        (512 * MIB, BYTES, "512 MiB"),
        (1000, BYTES, "1000 B"),
        (1536, BYTES, "1.5 KiB"),
        (GIB + 1, BYTES, "~1 GiB"),
        (30, SECONDS, "30 s"),
        (Fraction(1, 4), SECONDS, "250 ms"),
        (Fraction(1, 10**5), SECONDS, "10 us"),
        (90, SECONDS, "90 s"),
        (300, SECONDS, "5 min"),
        (7200, SECONDS, "2 h"),
        (0, SECONDS, "0 s"),
        (UNLIMITED, COUNT, "unlimited"),
        (UNLIMITED, BYTES, "unlimited"),
        (UNLIMITED, SECONDS, "never"),
        (-UNLIMITED, COUNT, "-unlimited"),
        (5, BYTES / SECONDS, "5 bytes/seconds"),
    ],
)
def test_an_amount_is_shown_as_a_person_writes_it(number: Number, unit: Unit, text: str) -> None:
    assert shown(number, unit) == text


def test_a_range_shows_both_ends() -> None:
    assert str(Amount(8 * MIB, 128 * MIB, BYTES)) == "8 MiB to 128 MiB"
    assert str(Amount.of(4)) == "4"


def test_units_multiply_and_cancel() -> None:
    assert BYTES / BYTES == COUNT
    assert COUNT * BYTES == BYTES
    assert str(BYTES * BYTES) == "bytes^2"
    assert str(COUNT / SECONDS) == "1/seconds"
    assert str(COUNT) == "count"
