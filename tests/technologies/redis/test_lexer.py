from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.technologies.redis.lexer import lines, quoted, tokens, unquoted

PIECES = [
    "maxmemory",
    '"',
    "'",
    "\\",
    '"a b"',
    "'a'",
    "# c",
    "\n",
    "\r\n",
    " ",
    "\t",
    "\v",
    "é",
    "\udcff",
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=5)).map("".join)


@given(TEXTS)
def test_no_character_is_lost_or_moved(text: str) -> None:
    found = list(tokens(text))
    assert "".join(token.text for token in found) == text
    assert all(text[token.start : token.end] == token.text for token in found)


@given(TEXTS)
def test_every_word_and_all_junk_is_in_a_line(text: str) -> None:
    said = [token for token in tokens(text) if token.kind in ("word", "junk")]
    held = [token for words, junk in lines(text) for token in (*words, *([junk] if junk else ()))]
    assert held == said


@pytest.mark.parametrize(
    ("line", "words", "junk"),
    [
        ("maxmemory 1gb", ["maxmemory", "1gb"], ""),
        ("  maxmemory\t1gb \r", ["maxmemory", "1gb"], ""),
        ("maxmemory 1gb # c", ["maxmemory", "1gb", "#", "c"], ""),
        ("a \"b c\" 'd e'", ["a", '"b c"', "'d e'"], ""),
        ('a x"b c"', ["a", 'x"b c"'], ""),
        (r'a "b\"c" ', ["a", r'"b\"c"'], ""),
        (r"a 'b\'c'", ["a", r"'b\'c'"], ""),
        (r"a 'b\\'", ["a"], r"'b\\'"),
        ('a "b"c', ["a"], '"b"c'),
        ('a "b', ["a"], '"b'),
        ("a 'b'c", ["a"], "'b'c"),
        ("a ''", ["a", "''"], ""),
        ("a\v b", ["a\v", "b"], ""),
        ("a \vb", ["a", "b"], ""),
    ],
)
def test_words(line: str, words: list[str], junk: str) -> None:
    [(found, rest)] = lines(line)
    assert [token.text for token in found] == words
    assert (rest.text if rest else "") == junk


@pytest.mark.parametrize("text", ["", "\n\n", "# maxmemory 1gb", "  \t# x\n", "\r\n"])
def test_nothing_is_said(text: str) -> None:
    assert list(lines(text)) == []


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("a#b", "a#b"),
        ('""', ""),
        ("''", ""),
        (r'"\n\r\t\b\a\\\"\q"', '\n\r\t\b\a\\"q'),
        (r'"\x41\x7a\xc3\xa9"', "Azé"),
        (r'"\xff\x4"', "\udcffx4"),
        (r"'\n\x41 it\'s'", r"\n\x41 it's"),
        ('x"y z"', "xy z"),
        (r"a\nb", r"a\nb"),
    ],
)
def test_unquoted(raw: str, text: str) -> None:
    assert unquoted(raw) == text


@given(st.text(st.characters(exclude_characters="\0\n")))
def test_quoting_is_undone(text: str) -> None:
    raw = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    [([token], junk)] = lines(raw)
    assert junk is None
    assert unquoted(token.text) == text


@pytest.mark.parametrize(
    ("text", "expected"), [("a", "a"), ("", '""'), ("a b", '"a b"'), ("a'b", '"a\'b"')]
)
def test_quoted(text: str, expected: str) -> None:
    assert quoted(text) == expected
