"""A comment on a pull request."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec.structs import replace

from plimsoll.model.finding import Outcome
from plimsoll.report.format import Look
from plimsoll.report.formats.markdown import FORMAT, LONGEST, MARKER, code, plain


def written(outcome: Outcome) -> str:
    out = io.StringIO()
    FORMAT.write(outcome, out, Look(folder="deploy"))
    return out.getvalue()


def test_it_has_everything(outcome: Outcome) -> None:
    text = written(outcome)
    assert text.startswith(f"{MARKER}\n### Plimsoll: 1 critical, 1 medium in 2 services")
    for told in (
        "**critical** The clients can open more connections than the server takes",
        "`deploy/db/postgresql.conf:2`: clients open up to 160 connections, 97 are there",
        "`4 x 40 = 160 > 100 - 3 = 97`",
        "| `max_connections of db` | `100` | `db/postgresql.conf:2` |",
        "`nginx/site.j2`: a template",
    ):
        assert told in text


def test_what_does_not_fit_is_counted(outcome: Outcome) -> None:
    text = written(replace(outcome, findings=outcome.findings * 200))
    assert len(text) < LONGEST + 5_000
    shown = text.count("<details><summary>why")
    assert 10 < shown < 400
    assert f"... and {400 - shown} more." in text


def inline(text: str) -> list[tuple[str, str]]:
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parseInline(text)
    return [(t.type, t.content) for token in tokens for t in token.children or ()]


@pytest.mark.parametrize("text", ["a `b` c", "```", "`", " x ", "``a` `", "<b>|@me #1"])
def test_code_shows_a_text_as_it_is(text: str) -> None:
    assert inline(code(text)) == [("code_inline", text)]


@given(st.text("ab`*_[]()<>&!#|~@\\ {}-+.1\n", max_size=20))
def test_no_text_is_markup(text: str) -> None:
    kinds = {kind for kind, _ in inline(f"x {plain(text)} x")}
    assert kinds <= {"text"}
