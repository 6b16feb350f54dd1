"""The manual page is that of the commands, and is what a formatter takes."""

from __future__ import annotations

import subprocess

import pytest

import man
from plimsoll.cli import names
from support.programs import need


def test_the_page_is_up_to_date() -> None:
    assert man.PAGE.read_text("utf-8") == man.page(), "run `make docs`"


def test_every_command_is_in_it() -> None:
    for name in names():
        assert f".SS plimsoll {name}\n" in man.page()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("--a", r"\-\-a"), (".x", r"\&.x"), ("a\\b", r"a\eb"), ("it's", r"it\(aqs")],
)
def test_nothing_of_a_text_is_a_request(text: str, expected: str) -> None:
    assert man.roff(text) == expected


@pytest.mark.real
def test_a_formatter_takes_it() -> None:
    done = subprocess.run(
        [need("groff", "groff-base"), "-man", "-Tutf8", "-ww", str(man.PAGE)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert "plimsoll.NAME.yaml" in done.stdout
