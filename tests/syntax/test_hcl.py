"""HCL: nothing of a text is lost, blocks and attributes stand where they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.place import Place
from plimsoll.model.setting import Unread
from plimsoll.syntax.hcl import Attribute, Expression, Literal, Section, read, tokens
from plimsoll.syntax.text import Lines


def value(text: str) -> object:
    (found,) = read(f"a = {text}\n", "a.tf")
    assert isinstance(found, Attribute)
    return found.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("60", Literal("60")),
        ("-1.5e3", Literal("-1.5e3")),
        ("true", Literal("true")),
        ('"a"', Literal("a", is_text=True)),
        ('"a\\n\\u0041$${b}"', Literal("a\nA${b}", is_text=True)),
        ("var.x", Expression("var.x", "var.x")),
        ('"${local.x}"', Expression('"${local.x}"', "local.x")),
        ('"a${b("c}")}d"', Expression('"a${b("c}")}d"')),
        ("max(1, 2)", Expression("max(1, 2)")),
        ("x ? 1 : 2", Expression("x ? 1 : 2")),
        ("<<-EOT\n  a = 1\n  EOT", Expression("<<-EOT\n  a = 1\n  EOT")),
    ],
)
def test_values(text: str, expected: object) -> None:
    assert value(text) == expected


def test_lists_and_objects() -> None:
    found = value('{ a = 1, "b" : [2, "x"]\n c = {} }')
    assert isinstance(found, tuple)
    assert [(e.name, type(e.value).__name__) for e in found] == [
        ("a", "Literal"), ("b", "tuple"), ("c", "tuple"),
    ]  # fmt: skip


def test_blocks() -> None:
    text = '# é\nresource "aws_lb" "a" {\n  x = 1 // c\n  inner { y = 2 }\n}\n'
    (found,) = read(text, "a.tf")
    assert isinstance(found, Section)
    assert (found.type, found.labels) == ("resource", ("aws_lb", "a"))
    first, inner = found.body
    assert isinstance(first, Attribute)
    assert at(text, first.place) == "x = 1"
    assert isinstance(inner, Section)
    assert at(text, inner.place) == "inner { y = 2 }"


def at(text: str, place: Place) -> str:
    lines, span = Lines(text, ""), place.span
    return text[lines.offset(span.line, span.column) : lines.offset(span.end_line, span.end_column)]


@pytest.mark.parametrize("text", ["= 1", "a b c", "%%", "}", '"x" = 1'])
def test_what_is_neither(text: str) -> None:
    first, second = read(text + "\nok = 1\n", "a.tf")
    assert isinstance(first, Unread)
    assert isinstance(second, Attribute)


_PIECES = st.sampled_from(
    ["a", " = ", "{", "}", "[", "]", '"', "${", "%{", "\n", "#", "/*", "*/", "<<E\n", "E\n", "1", ",", ":",
     "\\", "é", "\udc80", "\ufeff", "var.x", " "]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=50).map("".join))
def test_nothing_is_lost(text: str) -> None:
    assert "".join(t.text for t in tokens(text)) == text


@given(st.lists(_PIECES, max_size=50).map("".join))
def test_what_means_something_is_covered(text: str) -> None:
    lines = Lines(text, "")
    covered: set[int] = set()
    for each in read(text, "a.tf"):
        place = each.place
        assert place is not None
        span = place.span
        start, end = (
            lines.offset(span.line, span.column),
            lines.offset(span.end_line, span.end_column),
        )
        covered.update(range(start, end))
    for token in tokens(text):
        if token.kind not in ("blank", "line", "comment") and token.text not in "{}[](),:=":
            assert token.start in covered, token


def test_depth_costs_no_stack() -> None:
    for text in ("a {\n" * 5000 + "}\n" * 5000, "a = " + "[" * 5000 + "]" * 5000, '"${' * 5000):
        assert read(text, "a.tf")
