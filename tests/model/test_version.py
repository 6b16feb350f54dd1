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


def test_what_begins_with_no_number_is_no_version() -> None:
    with pytest.raises(ValueError, match="not a version: 'alpine'"):
        Version("alpine")
