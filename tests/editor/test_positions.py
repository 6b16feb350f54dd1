"""Positions in the units of the protocol, held against Python's own encodings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.editor.positions import Position, Text, Unit
from plimsoll.model.place import Span

TEXTS = st.text(st.sampled_from("ab é😀\x0c\x85\u2028\r\n"), max_size=30)
SIZES = {Unit.UTF_8: ("utf-8", 1), Unit.UTF_16: ("utf-16-le", 2), Unit.UTF_32: ("utf-32-le", 4)}


@given(TEXTS, st.sampled_from(Unit), st.data())
def test_a_position_leads_back_to_its_offset(text: str, unit: Unit, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    known = Text(text, unit)
    at = known.position(offset)
    assert known.offset(at) == offset or text[offset - 1 : offset + 1] == "\r\n"


@given(TEXTS, st.sampled_from(Unit))
def test_columns_count_what_the_encoding_writes(text: str, unit: Unit) -> None:
    line = text.replace("\r", "").replace("\n", "")
    encoding, size = SIZES[unit]
    for offset in range(len(line) + 1):
        at = Text(line, unit).position(offset)
        assert at == Position(0, len(line[:offset].encode(encoding)) // size)


@pytest.mark.parametrize(
    ("at", "offset"),
    [
        pytest.param(Position(0, 99), 2, id="behind the end of a line"),
        pytest.param(Position(1, 0), 4, id="after both characters of a line's end"),
        pytest.param(Position(2, 1), 7, id="after a lone return"),
        pytest.param(Position(9, 0), 8, id="behind the end of the text"),
        pytest.param(Position(1, 1), 5, id="behind the second half of a pair"),
    ],
)
def test_lines_end_as_the_protocol_says(at: Position, offset: int) -> None:
    text = "ab\r\nc\rde"
    assert Text(text, Unit.UTF_16).offset(at) == offset


def test_a_line_of_ours_may_be_two_of_the_editor() -> None:
    text = Text("a\rbcd\ne", Unit.UTF_16)
    assert text.ends(Span(1, 3, 1, 5)) == (Position(1, 0), Position(1, 2))
    assert text.ends(Span(2, 1, 2, 2)) == (Position(2, 0), Position(2, 1))


def test_a_place_outside_of_the_text_is_its_end() -> None:
    assert Text("ab\n", Unit.UTF_16).ends(Span(7, 3, 7, 5)) == (Position(1, 0), Position(1, 0))
