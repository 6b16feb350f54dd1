"""Pages that commands write into."""

from __future__ import annotations

import pytest

import pages


def test_the_text_takes_the_place_between_the_markers_of_its_command() -> None:
    begin, end = pages.markers("make x")
    page = f"Before\n{begin}\nold\n{end}\nafter\n"
    assert pages.filled(page, "make x", "new") == f"Before\n{begin}\nnew\n{end}\nafter\n"
    with pytest.raises(SystemExit, match="make y: the page has no lines"):
        pages.filled(page, "make y", "new")


@pytest.mark.parametrize("command", ["make bench", "make fuzz"])
def test_the_benchmarks_have_a_place_for_it(command: str) -> None:
    page = pages.BENCHMARKS.read_text("utf-8")
    assert "new" in pages.filled(page, command, "new")
