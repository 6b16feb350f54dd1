from __future__ import annotations

import pytest

from plimsoll.model.version import Version


@pytest.mark.parametrize(
    ("older", "newer"),
    [("9.6", "10"), ("1.9.15", "1.19.10"), ("7.0", "7.0.15"), ("15.4-1.pgdg120", "15.5")],
)
def test_numbers_order_versions(older: str, newer: str) -> None:
    assert Version(older) < Version(newer)
    assert Version(newer) > Version(older)


def test_missing_parts_are_zero() -> None:
    assert Version("15") == Version("15.0") == Version("v15")
    assert hash(Version("15")) == hash(Version("15.0"))


@pytest.mark.parametrize(
    ("version", "bound", "reached"),
    [
        ("8.0.36", "8.0.30", True),
        ("8.0.29", "8.0.30", False),
        ("8.0", "8.0.30", None),
        ("8", "8.0.30", None),
        ("8", "8.0", True),
        ("8.4", "8.0.30", True),
        ("5.7", "8.0.30", False),
        ("15", "15", True),
    ],
)
def test_a_version_with_few_parts_may_be_any_that_begins_so(
    version: str, bound: str, reached: bool | None
) -> None:
    assert Version(version).reaches(Version(bound)) is reached


def test_what_begins_with_no_number_is_no_version() -> None:
    with pytest.raises(ValueError, match="not a version: 'alpine'"):
        Version("alpine")
