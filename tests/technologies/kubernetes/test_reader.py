"""Manifests by themselves: nothing is lost, every place is right, no text stops the reader."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.reader import Deployment
from plimsoll.model.setting import Setting, Unread
from plimsoll.syntax.text import Lines
from plimsoll.technologies.kubernetes.manifest import MANIFEST
from plimsoll.technologies.kubernetes.reader import READER

FIXTURES = Path(__file__).parent / "fixtures"
SAMPLES = sorted(p.read_text("utf-8") for p in FIXTURES.rglob("*.yaml"))


def damaged(draw: st.DrawFn) -> str:
    """A sample that somebody cut, doubled or put something else into."""
    text = draw(st.sampled_from(SAMPLES))
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    kept = draw(
        st.sampled_from(
            ["", text[start:end] * 2, "{{ x }}", "\t", "- ", "&a *a", "é\udcff", ": |\n"]
        )
    )
    return text[:start] + kept + text[end:]


TEXTS = st.composite(damaged)() | st.text(max_size=60)


@given(TEXTS)
def test_places_lie_in_the_text(text: str) -> None:
    lines = Lines(text, "a.yaml")
    for item in READER.read(text, "a.yaml"):
        if item.place is not None:
            span = item.place.span
            start = lines.offset(span.line, span.column)
            assert 0 <= start <= lines.offset(span.end_line, span.end_column) <= len(text)


@given(TEXTS)
def test_any_text_is_described(text: str) -> None:
    for item in MANIFEST.describe(["a.yaml"], lambda _: text):
        assert isinstance(item, Deployment | Unread)


@pytest.mark.parametrize("text", SAMPLES)
def test_every_scalar_is_said(text: str) -> None:
    """Of a file that is no template every plain word behind a colon is the value of a setting."""
    items = list(READER.read(text, "a.yaml"))
    if any(isinstance(item, Unread) for item in items):
        return
    lines = Lines(text, "a.yaml")
    for item in items:
        assert isinstance(item, Setting)
        assert item.place is not None
        span = item.place.value or item.place.span
        start, end = (
            lines.offset(span.line, span.column),
            lines.offset(span.end_line, span.end_column),
        )
        if item.text.isalnum():
            assert item.text in text[start:end]


HOSTILE = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("\ufeff", id="a mark only"),
        pytest.param("\x00\x01\x02", id="binary"),
        pytest.param("a: " + "[" * 5_000, id="nested lists"),
        pytest.param("a: {" * 5_000, id="nested maps"),
        pytest.param("a: " + "x" * 8_000_000, id="one line of 8 MB"),
        pytest.param(HOSTILE + "  - {name: a, image: x}\n" * 3_000, id="many containers"),
        pytest.param("kind: Pod\n---\n" * 3_000, id="many documents"),
        pytest.param("{{" * 200_000, id="braces"),
        pytest.param("{{ " + "." * 400_000, id="open braces"),
    ],
)
def test_hostile_texts_end(text: str) -> None:
    assert isinstance(list(READER.read(text, "a.yaml")), list)
    assert isinstance(list(MANIFEST.describe(["a.yaml"], lambda _: text)), list)
