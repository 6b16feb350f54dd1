from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.syntax.braces import BYTE_ORDER_MARK, Statement, statements, tokens, unquoted
from plimsoll.syntax.text import Token

AWKWARD = st.text(alphabet=" \t\r\n{};#\"'\\$ab=\ufeffé\udc80", max_size=60)


def read(text: str) -> list[tuple[str, list[str], str]]:
    return [(s.kind, [unquoted(w) for w in s.words], s.fault) for s in statements(tokens(text))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("a b c;", ["a", "b", "c"], id="blanks"),
        pytest.param("a\tb\r\n  c ;", ["a", "b", "c"], id="every blank, also before the end"),
        pytest.param('a "b c";', ["a", "b c"], id="double quotes"),
        pytest.param("a 'b \"c';", ["a", 'b "c'], id="single quotes around a double one"),
        pytest.param("a '}' \"{;\";", ["a", "}", "{;"], id="quoted signs"),
        pytest.param('a "";', ["a", ""], id="an empty word"),
        pytest.param('"a" b;', ["a", "b"], id="a quoted name"),
        pytest.param('a b"c d";', ["a", 'b"c', 'd"'], id="a quote inside a word is a sign"),
        pytest.param(r"a b\;c \{ \};", ["a", r"b\;c", r"\{", r"\}"], id="protected signs"),
        pytest.param(r"a b\ c;", ["a", r"b\ c"], id="a protected blank"),
        pytest.param(r'a "b\"c\\d" e\tf;', ["a", r'b"c\d', "e\tf"], id="escapes"),
        pytest.param(r"a \.php$;", ["a", r"\.php$"], id="a backslash that is none of the escapes"),
        pytest.param("a ${b}c $d;", ["a", "${b}c", "$d"], id="a variable in braces"),
        pytest.param("a b}c;", ["a", "b}c"], id="a closing brace inside a word"),
        pytest.param("a # ; { x\n b;", ["a", "b"], id="a comment between arguments"),
        pytest.param("a b#c;", ["a", "b#c"], id="no comment inside a word"),
        pytest.param('a ("b");', ["a", '("b")'], id="a quote behind a bracket"),
        pytest.param('if ( "b") ;', ["if", "(", "b", ")"], id="a bracket behind a quote"),
        pytest.param("a b\u00a0c;", ["a", "b\u00a0c"], id="no blank of Unicode separates"),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert read(text) == [("simple", words, "")]


def test_blocks_and_several_statements_on_a_line() -> None:
    assert read("a{b c;d e;}f;") == [
        ("open", ["a"], ""),
        ("simple", ["b", "c"], ""),
        ("simple", ["d", "e"], ""),
        ("close", [], ""),
        ("simple", ["f"], ""),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a b", [("broken", ["a", "b"], "unexpected end of file")], id="no end"),
        pytest.param("a 'b", [("broken", ["a", "'b"], "a quote is not closed")], id="open quote"),
        pytest.param("a \\", [("broken", ["a", "\\"], "unexpected end of file")], id="backslash"),
        pytest.param(";", [("simple", [], "unexpected ';'")], id="nothing ended"),
        pytest.param("{", [("open", [], "unexpected '{'")], id="nothing opened"),
        pytest.param(
            "a {b c}",
            [("open", ["a"], ""), ("broken", ["b", "c}"], "unexpected end of file")],
            id="a brace that belongs to the word",
        ),
        pytest.param(
            "a {b c }",
            [
                ("open", ["a"], ""),
                ("broken", ["b", "c"], "unexpected '}': a ';' is missing"),
                ("close", [], ""),
            ],
            id="a block closed too early",
        ),
        pytest.param('a "b"c;', [("simple", ["a", "b", "c"], "unexpected 'c'")], id="tight word"),
        pytest.param('a "b"#c\n;', [("simple", ["a", "b"], "unexpected '#'")], id="tight comment"),
    ],
)
def test_faults(text: str, expected: list[tuple[str, list[str], str]]) -> None:
    found = read(text)
    assert [(kind, words) for kind, words, _ in found] == [(k, w) for k, w, _ in expected]
    for (_, _, fault), (_, _, part) in zip(found, expected, strict=True):
        assert part in fault
        assert bool(part) == bool(fault)


def at_line_start(text: str, start: int) -> int:
    found = text.find("\n}", start)
    return found + 1 if found >= 0 else -1


def foreign(text: str) -> list[Statement]:
    return list(statements(tokens(text, lambda w: at_line_start if w[0].text == "code" else None)))


def test_a_block_in_another_language_is_one_piece() -> None:
    code, after = foreign("code x { } \"' ; {\n} a {b;}")[:2]
    assert code.kind == "foreign"
    assert [w.text for w in code.words] == ["code", "x"]
    assert code.body == Token("foreign", " } \"' ; {\n", 8)
    assert [w.text for w in after.words] == ["a"]


def test_a_block_in_another_language_that_does_not_end() -> None:
    (code,) = foreign("code { } a b;")
    assert code.fault == "unexpected end of file, expecting '}'"
    assert code.body == Token("foreign", " } a b;", 6)


def test_a_byte_order_mark_is_a_token_of_its_own() -> None:
    found = list(tokens(f"{BYTE_ORDER_MARK}a b;"))
    assert [(t.kind, t.start) for t in found[:2]] == [("mark", 0), ("word", 1)]


@given(AWKWARD)
def test_tokens_lose_nothing(text: str) -> None:
    found = list(tokens(text))
    assert "".join(t.text for t in found) == text
    assert all(text[t.start : t.end] == t.text and t.text for t in found)


@given(AWKWARD)
def test_statements_hold_every_word_in_order(text: str) -> None:
    found = list(tokens(text))
    words = [t for t in found if t.kind in ("word", "quoted", "broken")]
    assert [w for s in statements(found) for w in s.words] == words


def quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@given(st.lists(st.lists(st.text(max_size=8), min_size=1, max_size=4), max_size=6))
def test_whatever_is_quoted_comes_back(written: list[list[str]]) -> None:
    text = "\n".join(" ".join(map(quoted, words)) + "; # end" for words in written)
    assert read(text) == [("simple", words, "") for words in written]


@pytest.mark.parametrize("piece", ["{", "}", '"', "'", "\\", "a {", "${", "#", ";", 'a "b"'])
def test_repetition_is_read_to_the_end(piece: str) -> None:
    text = piece * 50_000
    found = list(tokens(text))
    assert sum(len(t.text) for t in found) == len(text)
    assert sum(1 for _ in statements(found)) <= 2 * len(found)
