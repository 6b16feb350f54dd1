from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.report.width import columns, shown_bytes, visible, wrapped


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("plain text", "plain text", id="plain"),
        pytest.param("\x1b[31m", "␛[31m", id="escape"),
        pytest.param("a\x00b\x7f", "a␀b␡", id="nul and delete"),
        pytest.param("\x9b31m", "\\x9b31m", id="C1 control"),
        pytest.param("caf\udce9", "caf\\xe9", id="byte that is not UTF-8"),
        pytest.param("\ud800", "\\ud800", id="lone surrogate"),
        pytest.param("a\u202eb", "a\\u202eb", id="right-to-left override"),
        pytest.param("a\u200bb", "a\\u200bb", id="zero width"),
        pytest.param("a\tb", "a b", id="tab"),
        pytest.param("größe 設定", "größe 設定", id="letters stay"),
        pytest.param("a\U000e0041", "a\\U000e0041", id="tag character"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_nothing_that_a_terminal_acts_on_is_sent(text: str) -> None:
    hidden = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert not [c for c in visible(text) if unicodedata.category(c) in hidden]


def test_columns_of_wide_and_combining_characters() -> None:
    assert columns("設定") == 4
    assert columns("e\u0301") == 1


@given(st.text(alphabet="ab 設\n"), st.integers(min_value=4, max_value=40))
def test_wrapping_keeps_the_words_and_the_width(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert " ".join(lines).split() == text.split()
    assert all(columns(line) <= width or " " not in line for line in lines)


def test_only_what_is_not_utf8_is_shown_in_json() -> None:
    assert shown_bytes("a\x1b\udcff設") == "a\x1b\\xff設"
