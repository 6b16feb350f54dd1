"""Where each character of a YAML scalar stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.syntax.yaml_nodes import Document, Mapping, Scalar, documents
from plimsoll.syntax.yaml_texts import traced


def scalar(text: str) -> Scalar:
    [document] = documents(text, "f")
    assert isinstance(document, Document)
    assert isinstance(document.root, Mapping)
    value = document.root.pairs[0].value
    assert isinstance(value, Scalar)
    return value


@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        pytest.param("a: one two\n", "two", "two", id="plain"),
        pytest.param("a: 'one two'\n", "two", "two", id="single quotes"),
        pytest.param("a: 'it''s two'\n", "'", "''", id="doubled quote"),
        pytest.param('a: "\\x41 b"\n', "A", "\\x41", id="escape"),
        pytest.param('a: "x\\\n   y z"\n', "y z", "y z", id="cut line"),
        pytest.param('a: "x  \n   y"\n', " ", "  \n   ", id="folded in quotes"),
        pytest.param("a: one\n   two\n\n   three\n", "two", "two", id="plain over lines"),
        pytest.param("a: one\n   two\n\n   three\n", "\n", "\n\n   ", id="a blank line"),
        pytest.param("a: |\n  one\n   two\n\n  three\n", " two", " two", id="literal"),
        pytest.param(
            "a: |\n  one\n   two\n\n  three\n", "three", "three", id="literal, third line"
        ),
        pytest.param("a: >-\n  one\n  two\n\n  three\n", "two", "two", id="folded"),
        pytest.param("a: >-\r\n  one\r\n  two\r\n", " ", "\r\n  ", id="folded with returns"),
        pytest.param("a: |2\n    one\n   two\n", "  one", "  one", id="given indentation"),
        pytest.param("\ufeffa: &x !!str 'é 😀 two'\n", "two", "two", id="mark, anchor, tag"),
    ],
)
def test_parts(text: str, part: str, expected: str) -> None:
    found = traced(text, scalar(text))
    at = found.text.index(part)
    start, end = found.range(at, at + len(part))
    assert text[start:end] == expected


STYLES = st.sampled_from(["a: {}\n", "a: '{}'\n", 'a: "{}"\n', "a: |\n  {}\n", "a: >\n  {}\n"])
LINES = st.lists(
    st.sampled_from(["one", "two", " x", "", "é😀", "it''s", "\\t"]), min_size=1, max_size=5
)


@given(STYLES, LINES)
def test_every_character_stands_in_its_scalar(style: str, lines: list[str]) -> None:
    text = style.format("\n  ".join(lines))
    found = list(documents(text, "f"))
    if not isinstance(found[0], Document) or not isinstance(found[0].root, Mapping):
        return
    value = found[0].root.pairs[0].value
    assert isinstance(value, Scalar)
    placed = traced(text, value)
    assert placed.text == value.text
    ranges = [placed.range(i, i + 1) for i in range(len(placed.text))]
    assert ranges == sorted(ranges)
    for (start, end), char in zip(ranges, placed.text, strict=True):
        assert value.start <= start <= end <= value.end
        if end - start == 1 and char not in " \n\t":
            assert text[start:end] == char
