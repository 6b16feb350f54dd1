"""Texts that mean harm: refused, or read in seconds."""

from __future__ import annotations

import time

import pytest

from plimsoll.learn.reading.read import read
from plimsoll.learn.reading.texts import (
    MOST_BYTES,
    MOST_LINES,
    MOST_OF_A_FILE,
    TooLargeError,
    text_of,
)

LINES = {
    "entries": "- 10:00 the server was down because of an error in the configuration and was restarted",
    "actions": "- improve the monitoring of the server and check its configuration",
    "brackets": "[" * 3990,
    "emphasis": "*a " * 1300,
    "clocks": "10:00 to 11:00, " * 240,
    "bars": "|" * 3990,
    "blanks": " " * 3990 + "- a",
    "sentences": "The server was down for 5 minutes. " * 110,
}


@pytest.mark.parametrize("name", sorted(LINES))
def test_it_is_read_in_seconds(name: str) -> None:
    line = LINES[name]
    count = min(MOST_LINES - 2, (MOST_BYTES - 100) // (len(line) + 1))
    text = "## Actions\n" if name == "actions" else "## Timeline\n"
    began = time.process_time()
    read(text_of((text + f"{line}\n" * count).encode()), "pm.md")
    assert time.process_time() - began < 10


def test_what_is_larger_is_refused() -> None:
    with pytest.raises(TooLargeError, match="larger than"):
        text_of(b"a" * (MOST_BYTES + 1))
    with pytest.raises(TooLargeError, match="lines"):
        text_of(b"\n" * (MOST_LINES + 1))
    with pytest.raises(TooLargeError, match="no text"):
        text_of(b"PK\x03\x04\0\0\0")


def test_of_a_long_line_the_beginning_is_read_and_it_is_told() -> None:
    found = read(
        text_of(b"# Down\n\n- 10:00 down " + b"x" * 9000 + b"\n- 10:05 up again, resolved\n"),
        "pm.md",
    )
    assert [each.line for each in found.not_understood] == [3]


@pytest.mark.parametrize(
    "data",
    [b"", b"\n\n", b"\xff\xfe", b"\xef\xbb\xbf", bytes(range(1, 256)), "é".encode("latin-1")],
)
def test_nothing_much_says_nothing(data: bytes) -> None:
    found = read(text_of(data), "pm.md")
    assert found.start is None
    assert found.timeline == ()


def test_a_picture_inside_of_an_export_is_no_text() -> None:
    picture = b"<img src='data:image/png;base64," + b"iVBOR" * 200_000 + b"'>"
    page = (
        b"<h1>Shop down</h1>"
        + picture
        + b"<ul><li>10:00 UTC down</li><li>10:10 UTC restored</li></ul>"
    )
    assert text_of(page).lines == (
        "<h1>Shop down</h1><img src=''><ul><li>10:00 UTC down</li><li>10:10 UTC restored</li></ul>",
    )
    with pytest.raises(TooLargeError, match="larger than"):
        text_of(b"<p>" * MOST_OF_A_FILE)
