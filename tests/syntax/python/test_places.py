"""Places in Python source: exact in code points, whatever the text holds; and no text is too much."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.place import Span
from plimsoll.model.setting import Unread
from plimsoll.syntax.python import Assignment, Listed, Table, read_module
from plimsoll.syntax.python.module import Statement
from plimsoll.syntax.text import Lines


def at(text: str, span: Span) -> str:
    lines = Lines(text, "")
    return text[lines.offset(span.line, span.column) : lines.offset(span.end_line, span.end_column)]


def values(text: str) -> list[tuple[str, str]]:
    found = []
    for each in read_module(text, "a.py").statements:
        assert isinstance(each, Assignment), each
        assert each.place.value is not None
        found.append((at(text, each.place.span), at(text, each.place.value)))
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("x = 1  # y\n", [("x = 1", "1")], id="comment"),
        pytest.param("x = 1;y=2", [("x = 1", "1"), ("y=2", "2")], id="two on a line"),
        pytest.param("\ufeffx = 1\n", [("x = 1", "1")], id="byte order mark"),
        pytest.param(
            "é = 'ü🚢'; y = 2\n", [("é = 'ü🚢'", "'ü🚢'"), ("y = 2", "2")], id="not ASCII"
        ),
        pytest.param("x = 1\r\ny = 2\r\n", [("x = 1", "1"), ("y = 2", "2")], id="CRLF"),
        pytest.param("x = 1\ry = 2\n", [("x = 1", "1"), ("y = 2", "2")], id="lone return"),
        pytest.param(
            "# \udce9\nx = '\udce9'\ny = 2",
            [("x = '\udce9'", "'\udce9'"), ("y = 2", "2")],
            id="not UTF-8",
        ),
        pytest.param("x = (\n  1 +\n  2\n)\n", [("x = (\n  1 +\n  2\n)", "1 +\n  2")], id="lines"),
        pytest.param("# \x0c\n\x0cx = 1\n", [("x = 1", "1")], id="form feed"),
        pytest.param("a, b = 1, 22\n", [("a, b = 1, 22", "1"), ("a, b = 1, 22", "22")], id="tuple"),
        pytest.param("if True:\n\tx = 1\n", [("x = 1", "1")], id="indented"),
    ],
)
def test_places_are_exact(text: str, expected: list[tuple[str, str]]) -> None:
    assert values(text) == expected


def test_entries_have_places_of_their_own() -> None:
    text = "D = {'ö': {'a': 1, **{'b': [2, 33]}}}\nE = dict(c=4)\n"
    first, second = read_module(text, "a.py").statements
    assert isinstance(first, Assignment)
    assert isinstance(second, Assignment)
    assert isinstance(first.value, Table)
    assert isinstance(second.value, Table)
    inner = first.value.entries[0].value
    assert isinstance(inner, Table)
    b = inner.get("b")
    assert b is not None
    assert isinstance(b.value, Listed)
    entries = [*inner.entries, *b.value.entries, *second.value.entries]
    found = [at(text, e.place.span) for e in entries if e.place]
    assert found == ["'a': 1", "'b': [2, 33]", "2", "33", "c=4"]
    assert [at(text, e.place.value) for e in entries if e.place and e.place.value] == [
        "1", "[2, 33]", "2", "33", "4",
    ]  # fmt: skip


NAMES = st.from_regex(r"[a-zé][a-z0-9_]{0,5}", fullmatch=True).filter(
    lambda n: (
        n not in ("as", "if", "in", "is", "or", "and", "def", "del", "for", "not", "try")
        and n
        not in ("elif", "else", "from", "pass", "with", "class", "break", "raise", "while", "yield")
        and n not in ("async", "await", "global", "import", "lambda", "return", "assert", "except")
    )
)
LITERALS = st.integers(0, 10**9).map(str) | st.text(
    alphabet=st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="'\\"), max_size=8
).map(lambda t: f"'{t}'")
BETWEEN = st.sampled_from(["\n", "\r\n", "  # ü\n", "\n\n", ";"])


@given(st.lists(st.tuples(NAMES, LITERALS, BETWEEN), min_size=1, max_size=6))
def test_the_text_at_a_place_is_what_was_written(parts: list[tuple[str, str, str]]) -> None:
    text = "".join(f"{name} = {literal}{between}" for name, literal, between in parts)
    expected = [(f"{name} = {literal}", literal) for name, literal, _ in parts]
    assert values(text) == expected


SOURCE = """x = if else : ( ) [ { } ' " 1 . , + * / % f'{ os.environ get def return try except # \\ é
    lambda for in import from _ multiprocessing.cpu_count() 10**10 'a'*99 ** // update del ;"""
PIECES = st.sampled_from([*SOURCE.split(), "\n", "\r", "\n  ", " ", "\0", "\ufeff", "\udcff"])


@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=60))
def test_any_text_is_read_without_an_error_and_inside_of_it(text: str) -> None:
    lines = text.split("\n")
    for each in read_module(text, "a.py").statements:
        check(each, lines)


def check(each: Statement, lines: list[str]) -> None:
    place = each.place
    if place is None:
        assert isinstance(each, Unread)
        return
    assert place.path == "a.py"
    span = place.span
    assert (span.line, span.column) <= (span.end_line, span.end_column)
    assert 1 <= span.line <= span.end_line <= len(lines)
    assert span.end_column <= len(lines[span.end_line - 1]) + 1


@pytest.mark.parametrize(
    "text",
    [
        "x = " + " + ".join(["1"] * 5000),
        "x = " + "not " * 5000 + "1",
        "x = a" + ".b" * 5000,
        "x = " + "1 if 1 else " * 500 + "1",
        "if 1:\n pass\n" + "elif 1:\n x = 1\n" * 900,
        "x = 1\n" + "x = x * x + x\n" * 200,
        "x = 'a'\n" + "x = x + x\n" * 200,
        "x = [1]\n" + "x = x + x\n" * 60,
        "import os\nx = os.cpu_count()\n" + "x = x * x + x\n" * 200,
        "def f(n):\n  return f(n)\nx = f(1)\n",
        "def f(n):\n  return g(n) + g(n)\ndef g(n):\n  return f(n) + f(n)\nx = f(1)\n",
        "x = " + "dict(a=" * 80 + "1" + ")" * 80,
        "try:\n x = f()\nexcept E:\n x = 1\n" * 300,
        "".join(" " * i + "try:\n" for i in range(30)) + " " * 30 + "x = f()\n",
        "".join(" " * i + "if f():\n" for i in range(40)) + " " * 40 + "x = 1\n",
        "x = {**x, **x}\n" * 50,
        "x = {'a': 1}\n" + "x = {**x, 'b': x}\n" * 40,
    ],
)
def test_hostile_texts_end(text: str) -> None:
    found = read_module(text, "a.py").statements
    assert found
