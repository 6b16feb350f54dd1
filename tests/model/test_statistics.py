"""Statistics against values that are known, and against counting by hand."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.statistics import (
    median,
    median_interval,
    rank_test,
    sign_test,
    survival_median,
)


@pytest.mark.parametrize(
    ("n", "low", "high", "coverage"),
    [
        (5, 1, 5, 93.8),
        (6, 1, 6, 96.9),
        (8, 2, 7, 93.0),
        (10, 2, 9, 97.9),
        (15, 4, 12, 96.5),
        (20, 6, 15, 95.9),
    ],
)
def test_order_statistics_around_the_median(n: int, low: int, high: int, coverage: float) -> None:
    found = median_interval(list(range(1, n + 1)))
    assert (found.low, found.high) == (low, high)
    assert round(100 * found.coverage, 1) == coverage


def test_one_value_covers_nothing() -> None:
    found = median_interval([7])
    assert (found.median, found.low, found.high, found.coverage) == (7, 7, 7, 0)


@pytest.mark.parametrize(
    ("better", "p"), [(5, 0.0625), (6, 0.03125), (7, 0.015625), (10, 0.001953125)]
)
def test_all_pairs_better(better: int, p: float) -> None:
    assert sign_test(better, 0) == p


def test_no_pair_says_nothing() -> None:
    assert sign_test(0, 0) == 1


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=4),
    st.lists(st.integers(0, 5), min_size=1, max_size=4),
)
def test_the_rank_test_counts_all_ways(first: list[int], second: list[int]) -> None:
    both = [*first, *second]
    ordered = sorted(both)
    ranks = [sum(i + 1 for i, w in enumerate(ordered) if w == v) / ordered.count(v) for v in both]
    expected = len(first) * sum(ranks) / len(both)
    seen = abs(sum(ranks[: len(first)]) - expected)
    ways = [abs(sum(each) - expected) for each in combinations(ranks, len(first))]
    assert rank_test(first, second) == pytest.approx(
        sum(w >= seen - 1e-9 for w in ways) / len(ways)
    )


def test_separate_samples_are_unlikely_to_be_one() -> None:
    assert round(rank_test([1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12]), 4) == 0.0022


def test_those_that_go_on_count_as_long_as_they_lasted() -> None:
    assert survival_median([10, 20, 30, 40], [True, True, True, True]) == 20
    assert survival_median([10, 20, 30, 40], [True, False, True, True]) == 30
    assert survival_median([10, 20, 30], [False, False, True]) == 30
    assert survival_median([10, 20, 30], [True, False, False]) is None
    assert survival_median([], []) is None


@given(st.lists(st.integers(-50, 50), min_size=1))
def test_the_median_is_in_its_interval(values: list[int]) -> None:
    found = median_interval(values)
    assert found.low <= found.median <= found.high
    assert found.median == median(values)
