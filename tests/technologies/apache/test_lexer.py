from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.technologies.apache.lexer import lines, tokens, unquoted

TEXTS = st.text(alphabet=" \t\n\r#\"'\\<>/ab${}\x0b\x0cé\udcff\ufeff", max_size=60)


def words(text: str) -> list[list[str]]:
    return [[unquoted(word.text) for word in line.words] for line in lines(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("A b\n  C\td e\n", [["A", "b"], ["C", "d", "e"]], id="blanks"),
        pytest.param("# A\n  # B\nC d # e\n", [["C", "d", "#", "e"]], id="comments begin a line"),
        pytest.param("# A \\\nB c\nD e\n", [["D", "e"]], id="a comment goes on"),
        pytest.param("A b \\\n  c\n", [["A", "b", "c"]], id="a line goes on"),
        pytest.param("A b\\\nc\n", [["A", "bc"]], id="in a word"),
        pytest.param("A b\\\r\n c\r\nD\r\n", [["A", "b", "c"], ["D"]], id="CRLF"),
        pytest.param("A b \\\\\nC d\n", [["A", "b", "\\C", "d"]], id="two backslashes"),
        pytest.param("A 'b c' \"d e\"f\n", [["A", "b c", "d e", "f"]], id="quotes"),
        pytest.param('A "b \\" \\\\ \\n"\n', [["A", 'b " \\ \\n']], id="escapes"),
        pytest.param("A b'c d'\n", [["A", "b'c", "d'"]], id="a quote inside a word"),
        pytest.param('A "b c\nD e\n', [["A", "b c"], ["D", "e"]], id="a quote that nothing closes"),
        pytest.param("A b\\ c\n", [["A", "b\\", "c"]], id="a backslash protects no blank"),
        pytest.param('A ""\n', [["A", ""]], id="an empty word"),
        pytest.param("A b \\", [["A", "b", "\\"]], id="a backslash at the end"),
        pytest.param("\ufeffA b\n", [["A", "b"]], id="a byte order mark"),
    ],
)
def test_words(text: str, expected: list[list[str]]) -> None:
    assert words(text) == expected


@given(TEXTS)
def test_nothing_is_lost(text: str) -> None:
    assert "".join(token.text for token in tokens(text)) == text


@pytest.mark.parametrize(
    "text", ["\\\n" * 200_000, "A " + '\\"' * 300_000, "'\\" * 300_000, "A \\\r" * 30_000]
)
def test_hostile_texts_cost_no_time(text: str) -> None:
    assert "".join(token.text for token in tokens(text)) == text
