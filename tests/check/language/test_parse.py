"""What can be read, as which nodes, and what the message is when it cannot."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.check.language import Node, RuleSyntaxError, parse
from plimsoll.check.language.nodes import DEEPEST, LONGEST, children

S = ("name", 1, "s")


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("0.5", ("number", 1, "0.5")),
        (".5", ("number", 1, ".5")),
        ("1e3", ("number", 1, "1e3")),
        ("true", ("truth", 1, True)),
        ("index", ("name", 1, "index")),
        (r"'it\'s\x41\n'", ("text", 1, "it'sA\n")),
        (r'"\u00e9\U0001F600\101"', ("text", 1, "é😀A")),
        (r'"\U0010FFFF"', ("text", 1, "\U0010ffff")),
        (r"r'\d+'", ("text", 1, r"\d+")),
        ("s.memory", ("attribute", 1, S, "memory")),
        ("s . memory", ("attribute", 1, S, "memory")),
        ("s['my-name']", ("index", 1, S, "my-name")),
        ("s.var", ("attribute", 1, S, "var")),
        ("[]", ("list", 1, ())),
        ("[1, 2]", ("list", 1, (("number", 2, "1"), ("number", 5, "2")))),
        ("ceil(1)", ("call", 1, "ceil", (("number", 6, "1"),))),
        ("s.size()", ("method", 1, S, "size", ())),
        ("s.map(v, 1)", ("each", 1, S, "map", "v", ("number", 10, "1"))),
        ("!!s", ("unary", 1, "!", ("unary", 2, "!", ("name", 3, "s")))),
        ("1 // one\n", ("number", 1, "1")),
        ("  1\n+ s", ("binary", 3, "+", ("number", 3, "1"), ("name", 7, "s"))),
        (
            "1 - 2 - 3",
            ("binary", 1, "-", ("binary", 1, "-", ("number", 1, "1"), ("number", 5, "2")),
             ("number", 9, "3")),
        ),
        (
            "1 ? 2 : 3 ? 4 : 5",
            ("ternary", 1, ("number", 1, "1"), ("number", 5, "2"),
             ("ternary", 9, ("number", 9, "3"), ("number", 13, "4"), ("number", 17, "5"))),
        ),
    ],
)  # fmt: skip
def test_nodes_and_the_column_where_they_start(text: str, node: Node) -> None:
    assert parse(text) == node


@pytest.mark.parametrize(
    ("tight", "loose"),
    [
        ("1 + 2 * 3", "1 + (2 * 3)"),
        ("1 * 2 + 3", "(1 * 2) + 3"),
        ("1 + 2 < 3 + 4", "(1 + 2) < (3 + 4)"),
        ("1 < 2 && 3 < 4", "(1 < 2) && (3 < 4)"),
        ("a && b || c && d", "(a && b) || (c && d)"),
        ("a || b ? c : d", "(a || b) ? c : d"),
        ("-a.b", "-(a.b)"),
        ("-a * b", "(-a) * b"),
        ("!a && b", "(!a) && b"),
        ("a in b && c", "(a in b) && c"),
        ("a / b % c * d", "((a / b) % c) * d"),
    ],
)
def test_what_binds_more_strongly(tight: str, loose: str) -> None:
    assert _without_columns(parse(tight)) == _without_columns(parse(loose))


def _without_columns(node: Node) -> Node:
    kind, _, *rest = node
    return (kind, *(_bare(each) for each in rest))


def _bare(part: object) -> object:
    if not isinstance(part, tuple):
        return part
    if part and isinstance(part[0], tuple):
        return tuple(_without_columns(each) for each in part)
    return _without_columns(part) if part else part


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("", 1, "the expression ends too early"),
        ("1 +", 4, "the expression ends too early"),
        ("a = 1", 3, "write == to compare"),
        ("a & b", 3, "write && for and"),
        ("a and b", 3, "write &&"),
        ("a or b", 3, "write ||"),
        ("not a", 5, "did not expect 'a' here"),
        ("a b", 3, "did not expect 'b' here"),
        ("(a", 3, "the expression ends too early"),
        ("a)", 2, "did not expect ')' here"),
        ("'abc", 1, "this text is not closed"),
        (r"'a\q'", 3, r"unknown escape \q"),
        (r"'\ud800'", 2, "there is no character 0xd800"),
        (r"'ab\ud800'", 4, "there is no character 0xd800"),
        (r"'\U00110000'", 2, "there is no character 0x110000"),
        ("null", 1, "there is no null; write has(x)"),
        ("1 + while", 5, "'while' is a reserved word"),
        ("!-a", 2, "did not expect '-' here"),
        ("1.", 3, "the expression ends too early"),
        ("mxa(1, 2)", 1, "unknown function 'mxa'; did you mean max?"),
        ("s.siez()", 3, "unknown method 'siez'; did you mean size?"),
        ("s.fliter(v, v)", 3, "unknown method 'fliter'; did you mean filter?"),
        ("min()", 1, "min() takes at least one value"),
        ("ceil(1, 2)", 1, "ceil() takes one value"),
        ("s.sum(1)", 3, "sum() takes nothing"),
        ("s.map(v)", 3, "write x.map(name, expression)"),
        ("s.map(1, 2)", 3, "write x.map(name, expression)"),
        ("s.map(v, 1, 2)", 3, "write x.map(name, expression)"),
        ("has(a)", 5, "has() asks about a name like s.memory"),
        ("has(s.size())", 5, "has() asks about a name"),
        ("written(1 + 1)", 9, "written() asks about a name"),
        ("s.matches(t)", 11, "matches() takes its pattern in quotes"),
        ("s.matches('a(b')", 11, "pattern 'a(b', character 2: this bracket is not closed"),
        ("s[1]", 3, "did not expect '1' here"),
        ("9223372036854775808", 1, "larger than 9223372036854775807"),
        ("1e99999999999", 1, "a number of that size is not needed"),
        ("0." + "0" * 40 + "1", 1, "a number of that size is not needed"),
        ("{'a': 1}", 1, "did not expect '{' here"),
    ],
)
def test_what_cannot_be_read_says_where_and_why(text: str, column: int, message: str) -> None:
    with pytest.raises(RuleSyntaxError) as caught:
        parse(text)
    assert caught.value.column == column
    assert message in caught.value.message


def test_long_texts_are_refused() -> None:
    assert parse(" " * (LONGEST - 1) + "1") == ("number", LONGEST, "1")
    with pytest.raises(RuleSyntaxError, match=f"longer than {LONGEST} characters"):
        parse(" " * LONGEST + "1")


@pytest.mark.parametrize("piece", ["!", "1 + ", "ceil(", "[", "a ? b : ", "s.map(v, "])
def test_deep_texts_are_refused(piece: str) -> None:
    closing = {"ceil(": ")", "[": "]", "s.map(v, ": ")"}.get(piece, "")
    deepest = piece * (DEEPEST - 1) + "a" + closing * (DEEPEST - 1)
    assert parse(deepest)
    with pytest.raises(RuleSyntaxError, match=f"more than {DEEPEST} levels"):
        parse(piece * (DEEPEST + 5) + "a" + closing * (DEEPEST + 5))


@given(st.text("aes.!&|<>=+-*/%?:,()[]{}'\"\\ 0123456789\nrxin", max_size=40))
def test_any_text_is_read_or_refused_inside_of_it(text: str) -> None:
    assert all(1 <= column <= len(text) + 1 for column in _columns(text))


def _columns(text: str) -> list[int]:
    """Of every node, or of the error."""
    try:
        waiting = [parse(text)]
    except RuleSyntaxError as problem:
        return [problem.column]
    found = []
    while waiting:
        each = waiting.pop()
        found.append(each[1])
        waiting.extend(children(each))
    return found


def test_the_parser_is_imported_only_when_something_is_parsed() -> None:
    program = (
        "import sys, plimsoll.check.language as language\n"
        "assert 'lark' not in sys.modules\n"
        "assert language.parse('1')\n"
        "assert 'lark' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
