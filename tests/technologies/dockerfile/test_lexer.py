"""Nothing of a Dockerfile is lost, and everything has its place."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.setting import Setting
from plimsoll.syntax.text import Lines
from plimsoll.technologies.dockerfile.lexer import instructions, tokens
from plimsoll.technologies.dockerfile.reader import READER

PIECES = st.sampled_from(
    ("FROM x\n", "RUN a \\\n", "# escape=`\n", "# c\n", "\n", "ENV A=1 B='2\n", "CMD [\"a\", \"b\"]\n",
     "COPY <<E /x\n", "E\n", "`\n", "\\\n", "\r\n", "\t", "ARG X=$Y\n", "<<-'E' ", "HEALTHCHECK --a=b CMD x\n",
     "\ufeff", "é😀", "\udcff", "[", "\"", "=")
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=8), max_size=14).map("".join)


@given(TEXTS)
def test_nothing_is_lost(text: str) -> None:
    found = list(tokens(text))
    assert "".join(token.text for token in found) == text
    assert all(text[token.start : token.end] == token.text for token in found)


@given(TEXTS)
def test_every_instruction_is_said(text: str) -> None:
    """What no setting covers is blank, a comment, a directive or the body of a here-document."""
    lines = Lines(text, "Dockerfile")
    covered: set[int] = set()
    for item in READER.read(text, "Dockerfile"):
        assert item.place is not None
        span = item.place.span
        covered.update(
            range(
                lines.offset(span.line, span.column), lines.offset(span.end_line, span.end_column)
            )
        )
        for block in item.scope if isinstance(item, Setting) else ():
            assert block.place is not None
    for each in instructions(text):
        assert each.name == "ENV" or covered.intersection(range(each.start, each.end + 1)), each


@given(TEXTS)
def test_values_stand_at_their_place(text: str) -> None:
    lines = Lines(text, "Dockerfile")
    for item in READER.read(text, "Dockerfile"):
        if isinstance(item, Setting) and item.place and item.place.value:
            span = item.place.value
            start = lines.offset(span.line, span.column)
            end = lines.offset(span.end_line, span.end_column)
            if item.text and span.line == span.end_line and re.fullmatch(r"[a-z0-9.]+", item.text):
                assert item.text in text[start:end] or "$" in text[start:end] or "\\" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("RUN a \\\n  b\n", "a   b", id="continued"),
        pytest.param("RUN a \\\n# why\n\n b\n", "a  b", id="comment within"),
        pytest.param("RUN a \\  \n b\n", "a  b", id="blanks behind the sign"),
        pytest.param("# escape=`\nRUN a `\n b \\\n", "a  b \\", id="another sign"),
        pytest.param("#escape=`\n#syntax=x\nRUN a `\n b", "a  b", id="two directives"),
        pytest.param("# a comment\n# escape=`\nRUN a `\n", "a `", id="no directive behind a comment"),
        pytest.param("\n# escape=`\nRUN a `\n", "a `", id="no directive behind a blank"),
        pytest.param("RUN a \\", "a", id="at the end"),
        pytest.param("  run\ta", "a", id="lower case"),
    ],
)  # fmt: skip
def test_lines_are_joined(text: str, expected: str) -> None:
    [found] = instructions(text)
    assert (found.name, found.arguments.text) == ("RUN", expected)


def test_here_documents_are_no_instructions() -> None:
    text = "COPY <<A <<-'B' /x/\nRUN one\nA\n\t two $x\n\tB\nRUN z\n"
    copy, run = instructions(text)
    assert [(h.name, h.text.text, h.is_raw) for h in copy.heredocs] == [
        ("A", "RUN one\n", False),
        ("B", " two $x\n", True),
    ]
    assert run.name == "RUN"
    start, end = copy.heredocs[1].text.range(1, 4)
    assert text[start:end] == "two"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("RUN " + "a" * 8_000_000, id="one line of 8 MB"),
        pytest.param("FROM x\n" + "ENV A=$A$B\n" * 20_000, id="20,000 lines"),
        pytest.param("FROM x\nRUN " + "\\\n" * 100_000, id="continued for ever"),
        pytest.param("FROM x\nCMD " + "[" * 100_000, id="nested lists"),
        pytest.param("FROM x\nENV A=" + "${A:-" * 5_000, id="nested defaults"),
    ],
)
def test_hostile_texts_are_read(text: str) -> None:
    assert list(READER.read(text, "Dockerfile"))
