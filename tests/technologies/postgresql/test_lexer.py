from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.technologies.postgresql.lexer import is_dotted, lines, unquoted

PIECES = [
    "work_mem",
    "=",
    "'a''b'",
    "'",
    "\\",
    "4MB",
    "# c",
    "\n",
    "\r\n",
    " ",
    "\t",
    "é",
    "\udcff",
    ";",
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=5)).map("".join)


@given(TEXTS)
def test_no_character_is_lost_or_moved(text: str) -> None:
    tokens = [token for line in lines(text) for token in line]
    assert "".join(token.text for token in tokens) == text
    assert all(text[token.start : token.end] == token.text for token in tokens)


@given(TEXTS)
def test_a_line_has_one_token_of_each_kind(text: str) -> None:
    for line in lines(text):
        kinds = [token.kind for token in line if token.kind != "space"]
        assert len(kinds) == len(set(kinds))
        assert "\n" not in "".join(token.text for token in line[:-1])


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("work_mem = 4MB # c\n", "name equals value comment newline"),
        ("work_mem 4MB", "name value"),
        ("work_mem'4MB'", "name value"),
        ("ext.name=on", "name equals value"),
        ("work_mem = '4''MB'\r\n", "name equals value newline"),
        ("work_mem = 4 MB", "name equals value junk"),
        ("work_mem = 'a' 'b' # c", "name equals value junk comment"),
        ("work_mem = 'a", "name equals junk"),
        ("work_mem == 4", "name equals junk"),
        ("work_mem = * # c", "name equals junk comment"),
        ("work_mem =", "name equals"),
        ("work_mem", "name"),
        ("work-mem = 4", "junk"),
        ("a.b.c = 4", "junk"),
        ("= 4", "junk"),
        ("1a = 4", "junk"),
        ("#", "comment"),
        ("", ""),
        ("x = 1.5e-3", "name equals value"),
        ("x = 1e5.0", "name equals value junk"),
        ("x = -0x1FkB", "name equals value"),
        ("x = en_US.UTF-8", "name equals value"),
        ("é = ü", "name equals value"),
    ],
)
def test_lines(line: str, kinds: str) -> None:
    [tokens] = lines(line) if line else [[]]
    assert " ".join(token.kind for token in tokens if token.kind != "space") == kinds


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("on", "on"),
        ("''", ""),
        ("'a''b'", "a'b"),
        (r"'a\'b'", "a'b"),
        (r"'\\'", "\\"),
        (r"'\b\f\n\r\t'", "\b\f\n\r\t"),
        (r"'\101\60'", "A0"),
        (r"'\1018'", "A8"),
        (r"'\303\251'", "é"),
        (r"'\351'", "\udce9"),
        (r"'a\0b'", "a"),
        (r"'\q'", "q"),
        (r"'\501'", "A"),
        ("'ü\udcff'", "ü\udcff"),
    ],
)
def test_unquoted(raw: str, text: str) -> None:
    assert unquoted(raw) == text


@given(st.text(st.characters(exclude_characters="\0\n")))
def test_quoting_is_undone(text: str) -> None:
    quoted = "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
    [line] = lines(f"x={quoted}")
    assert [token.text for token in line] == ["x", "=", quoted]
    assert unquoted(quoted) == text


@pytest.mark.parametrize(
    ("word", "expected"), [("a.b", True), ("a", False), ("a.b.c", False), ("a.5", False)]
)
def test_is_dotted(word: str, expected: bool) -> None:
    assert is_dotted(word) is expected
