"""The page of the rules for postmortems has all of them."""

from __future__ import annotations

import lint_page


def test_the_page_is_up_to_date() -> None:
    assert lint_page.PAGE.read_text("utf-8") == lint_page.page(), "run `make docs`"
