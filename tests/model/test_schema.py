from __future__ import annotations

import pytest

from plimsoll.model.quantity import Amount
from plimsoll.model.schema import Default, Entry, Type
from plimsoll.model.version import Version

NEW = Entry("c", Type.ENUM, defaults=(Default("new"),), absent="old", since=Version("2"))
GONE = Entry("a", Type.COUNT, until=Version("8.0"))
BACK = Entry(
    "b", Type.COUNT, defaults=(Default(Amount.of(5)),), absent=Amount.of(0),
    since=Version("5.1"), until=Version("8.0"), again=Version("10"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("version", "has_gone", "has_back"),
    [
        ("5.0", True, False),
        ("5.7", True, True),
        ("8.0", False, False),
        ("9.9", False, False),
        ("10", False, True),
        ("11.4", False, True),
    ],
)
def test_a_setting_that_went_and_came_back(version: str, has_gone: bool, has_back: bool) -> None:
    assert GONE.exists_in(Version(version)) is has_gone
    assert BACK.exists_in(Version(version)) is has_back
    assert BACK.default(Version(version)) == Amount.of(5 if has_back else 0)


def test_an_unknown_version_has_every_setting() -> None:
    assert GONE.exists_in(None)
    assert BACK.exists_in(None)


def test_of_an_unknown_version_a_number_may_be_the_one_that_stands_for_it_elsewhere() -> None:
    assert BACK.default(None) == Amount(0, 5)
    assert NEW.default(None) == "new"


@pytest.mark.parametrize(
    ("version", "exists", "held"),
    [
        ("8.0.29", False, Amount.of(0)),
        ("8.0.30", True, Amount.of(5)),
        ("8.0", None, Amount(0, 5)),
        ("8.4", True, Amount.of(9)),
        ("8", None, Amount(0, 9)),
    ],
)
def test_a_version_with_few_parts_may_have_it(
    version: str, exists: bool | None, held: Amount
) -> None:
    entry = Entry(
        "d",
        Type.COUNT,
        defaults=(Default(Amount.of(5)), Default(Amount.of(9), Version("8.4"))),
        absent=Amount.of(0),
        since=Version("8.0.30"),
    )
    assert entry.existence(Version(version)) is exists
    assert entry.default(Version(version)) == held
