from __future__ import annotations

from plimsoll.report import format_named, names
from plimsoll.report.format import Format


def test_every_file_of_the_package_is_a_format_or_said_to_be_none() -> None:
    assert {"text", "json"} <= set(names())
    assert all(isinstance(format_named(name), Format) for name in names())


def test_an_unknown_format_is_none() -> None:
    assert format_named("xml") is None
    assert format_named("secrets") is None
