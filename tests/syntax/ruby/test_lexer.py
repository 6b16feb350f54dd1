"""Ruby's tokens: what each piece of a configuration file is, and that nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.syntax.ruby.lexer import IGNORED, tokens
from support.rubies import PIECES


def kinds(text: str) -> list[tuple[str, str]]:
    return [(t.kind, t.text) for t in tokens(text) if t.kind not in IGNORED]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("workers 2", [("name", "workers"), ("number", "2")]),
        ("x = 1_000", [("name", "x"), ("operator", "="), ("number", "1_000")]),
        (":auto", [("symbol", ":auto")]),
        (':"a b"', [("symbol", ':"a b"')]),
        (
            "a ? 1:2",
            [("name", "a"), ("operator", "?"), ("number", "1"), ("operator", ":"), ("number", "2")],
        ),
        ("f size: 5", [("name", "f"), ("label", "size:"), ("number", "5")]),
        ("A::B", [("constant", "A"), ("operator", "::"), ("constant", "B")]),
        ('"a#{b("}")}c"', [("string", '"a#{b("}")}c"')]),
        ("'it''s'", [("string", "'it'"), ("string", "'s'")]),
        ("%w[a [b] c]", [("words", "%w[a [b] c]")]),
        ("%i(a b)", [("words", "%i(a b)")]),
        ("%q{a{b}}", [("string", "%q{a{b}}")]),
        ("10 % 3", [("number", "10"), ("operator", "%"), ("number", "3")]),
        (
            "a / b / c",
            [("name", "a"), ("operator", "/"), ("name", "b"), ("operator", "/"), ("name", "c")],
        ),
        ("f /b c/", [("name", "f"), ("pattern", "/b c/")]),
        ("x = /a\\/b/i", [("name", "x"), ("operator", "="), ("pattern", "/a\\/b/i")]),
        ("f ?a", [("name", "f"), ("string", "?a")]),
        ("preload_app!", [("name", "preload_app!")]),
        ("a.class", [("name", "a"), ("operator", "."), ("name", "class")]),
        ("a != b", [("name", "a"), ("operator", "!="), ("name", "b")]),
        ("@a ||= $b", [("variable", "@a"), ("operator", "||="), ("variable", "$b")]),
        ('x "open', [("name", "x"), ("unclosed", '"open')]),
        ("1..2", [("number", "1"), ("operator", ".."), ("number", "2")]),
        ("é = 1", [("name", "é"), ("operator", "="), ("number", "1")]),
    ],
)
def test_tokens(text: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("text", "kind", "body"),
    [
        ("f <<~A, 1\n  b\nA\nc", "body", "  b\nA"),
        ("f <<-'A'\n #{x}\n A\nc", "body", " #{x}\n A"),
        ("x = <<A\nno end", "body", "no end"),
        ("=begin\na\n=end\nb", "comment", "=begin\na\n=end"),
        ("a\n__END__\nb = 1", "data", "__END__\nb = 1"),
        ("a # b", "comment", "# b"),
    ],
)
def test_what_is_no_code(text: str, kind: str, body: str) -> None:
    assert [t.text for t in tokens(text) if t.kind == kind] == [body]


def test_two_heredocs_of_a_line_follow_each_other() -> None:
    found = tokens("f <<~A, <<~B\n a\nA\n b\nB\ng 1\n")
    assert [t.text for t in found if t.kind == "body"] == [" a\nA", "\n b\nB"]
    assert found[-2].text == "1"


@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=80))
def test_tokens_joined_are_the_text(text: str) -> None:
    found = tokens(text)
    assert "".join(t.text for t in found) == text
    at = 0
    for token in found:
        assert token.start == at
        assert token.text
        at = token.end
