"""Texts whose characters know where they stand."""

from __future__ import annotations

import pytest

from plimsoll.syntax.traced import Traced, joined, straight

# In the file: `ab\x41` from 10, then `cd` from 30.
MIXED = joined([("ab", 10, 12), ("A", 12, 16), ("cd", 30, 32)], 10)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param(0, 5, (10, 32), id="all"),
        pytest.param(0, 2, (10, 12), id="first piece"),
        pytest.param(1, 2, (11, 12), id="inside"),
        pytest.param(2, 3, (12, 16), id="escape"),
        pytest.param(1, 4, (11, 31), id="over pieces"),
        pytest.param(3, 3, (30, 30), id="nothing"),
        pytest.param(5, 5, (32, 32), id="behind the end"),
    ],
)
def test_ranges(start: int, end: int, expected: tuple[int, int]) -> None:
    assert MIXED.range(start, end) == expected


def test_an_empty_text_stands_where_it_begins() -> None:
    assert Traced("", (), 7).range(0, 0) == (7, 7)


def test_a_text_as_it_stands() -> None:
    assert straight("abc", 5).range(1, 3) == (6, 8)


def test_a_cut_keeps_the_places_of_the_file() -> None:
    cut = MIXED.cut([("b", 1, 2), ("x", 2, 4), ("d", 4, 5)], 1)
    assert cut.text == "bxd"
    assert [cut.range(i, i + 1) for i in range(3)] == [(11, 12), (12, 31), (31, 32)]
