"""Edits, one after the other, held against edits of a plain list of UTF-16 units."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from plimsoll.editor.documents import Document, Documents, Edit
from plimsoll.editor.positions import Position, Text, Unit

TEXTS = st.text(st.sampled_from("a é😀\x0b\u2028\r\n"), max_size=20)
URI = "file:///a"


def opened(text: str) -> Documents:
    documents = Documents(Unit.UTF_16)
    documents.open(Document(URI, Path("/a"), 1, text))
    return documents


@given(TEXTS, st.lists(st.tuples(TEXTS, st.integers(0, 30), st.integers(0, 30)), max_size=5))
def test_edits_do_what_slices_do(text: str, changes: list[tuple[str, int, int]]) -> None:
    documents, wanted = opened(text), text
    for version, (new, *ends) in enumerate(changes, start=2):
        start, end = sorted(min(each, len(wanted)) for each in ends)
        known = Text(wanted, Unit.UTF_16)
        edit = Edit(new, known.position(start), known.position(end))
        start, end = known.offset(known.position(start)), known.offset(known.position(end))
        wanted = wanted[:start] + new + wanted[end:]
        changed = documents.change(URI, version, [edit])
        assert changed is not None
        assert (changed.text, changed.version) == (wanted, version)


def test_several_edits_of_one_change_follow_each_other() -> None:
    documents = opened("one\ntwo\n")
    first = Edit("1\n", Position(0, 0), Position(1, 0))
    second = Edit("2", Position(1, 0), Position(1, 3))
    changed = documents.change(URI, 2, [first, second])
    assert changed is not None
    assert changed.text == "1\n2\n"


def test_a_change_may_be_the_whole_text_and_half_a_character_is_replaced() -> None:
    changed = opened("one").change(URI, 2, [Edit("a\ud800b")])
    assert changed is not None
    assert changed.text == "a\ufffdb"


def test_what_is_not_open_does_not_change() -> None:
    documents = Documents()
    assert documents.change(URI, 2, [Edit("a")]) is None
    assert documents.close(URI) is None
