"""The page of technologies has all of them."""

from __future__ import annotations

import technologies_page
from plimsoll.technologies import names


def test_the_page_is_up_to_date() -> None:
    assert technologies_page.PAGE.read_text("utf-8") == technologies_page.page(), "run `make docs`"


def test_every_technology_has_its_line() -> None:
    lines = technologies_page.page().splitlines()
    found = [line.split(" | ")[0].removeprefix("| ") for line in lines if line.startswith("| ")]
    assert sorted(n for n in found if n != "technology") == sorted(names())
