"""Quantities as the API server reads them.

Tables after the reference "Quantity" of the Kubernetes API and "Resource Management for Pods and
Containers".
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import Amount
from plimsoll.model.reader import Rejected
from plimsoll.technologies.kubernetes.quantities import cpu, quantity, share, size


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("128974848", 128974848),
        ("129e6", 129_000_000),
        ("129E6", 129_000_000),
        ("129M", 129_000_000),
        ("123Mi", 128974848),
        ("1Ki", 1024),
        ("1k", 1000),
        ("1G", 10**9),
        ("1Gi", 2**30),
        ("1T", 10**12),
        ("1Ti", 2**40),
        ("1P", 10**15),
        ("1Pi", 2**50),
        ("1E", 10**18),
        ("1Ei", 2**60),
        ("1.5Gi", 1610612736),
        ("0.1Ki", 103),
        (".5Mi", 2**19),
        ("5.", 5),
        ("+1Mi", 2**20),
        ("512m", 1),
        ("1500m", 2),
        ("1u", 1),
        ("1n", 1),
        ("1e-3", 1),
        ("007", 7),
    ],
)
def test_sizes(text: str, expected: int) -> None:
    found = size(text)
    assert isinstance(found, Amount)
    assert found.low == found.high == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100m", Fraction(1, 10)),
        ("0.5", Fraction(1, 2)),
        ("2", 2),
        ("1e-1", Fraction(1, 10)),
        ("0.0001", Fraction(1, 1000)),
        ("1k", 1000),
    ],
)
def test_cores(text: str, expected: Fraction) -> None:
    found = cpu(text)
    assert isinstance(found, Amount)
    assert found.low == expected


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("512mi", "Mi"),
        ("512MB", "M or Mi"),
        ("1GB", "G or Gi"),
        ("1g", "G or Gi"),
        ("1K", "k or Ki"),
        ("1 Gi", "Gi"),
        ("", "suffixes are"),
        ("1.2.3", "suffixes are"),
        ("Gi", "Gi"),
        ("-1Gi", "greater than or equal to 0"),
        ("1e", "suffix"),
        ("1e9999", "suffix"),
        ("1_000", "suffixes are"),
        ("\u0661", "suffixes are"),
        ("9" * 1000, "suffixes are"),
    ],
)
def test_what_is_refused(text: str, hint: str) -> None:
    found = size(text)
    assert isinstance(found, Rejected)
    assert hint in found.reason


@pytest.mark.parametrize(
    ("text", "expected"), [("25%", Fraction(1, 4)), ("100%", 1), ("3", 3), ("0", 0)]
)
def test_shares(text: str, expected: Fraction) -> None:
    assert share(text) == Amount.of(expected)


@pytest.mark.parametrize("text", ["25 %", "-1", "1.5", "a%", "", "%"])
def test_shares_that_are_refused(text: str) -> None:
    assert isinstance(share(text), Rejected)


@given(st.text(alphabet="0123456789.+-eEinumkKMGTPi ", max_size=12))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    assert isinstance(quantity(text), Fraction | Rejected)


@given(st.integers(0, 10**6), st.sampled_from("kMG"))
def test_a_thousand_is_less_than_1024(number: int, suffix: str) -> None:
    decimal, binary = quantity(f"{number}{suffix}"), quantity(f"{number}{suffix.upper()}i")
    assert isinstance(decimal, Fraction)
    assert isinstance(binary, Fraction)
    assert decimal <= binary <= decimal * 2
