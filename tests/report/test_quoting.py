from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.report.quoting import quoted
from plimsoll.report.width import columns


def under(line: str, value: str, width: int = 60, secrets: tuple[tuple[int, int], ...] = ()) -> str:
    """The quote of *line* and the carets under *value*, as two lines."""
    start = line.index(value)
    quote = quoted(line, start, start + len(value), width, secrets)
    return f"{quote.text}\n{quote.carets}"


@pytest.mark.parametrize(
    ("line", "value", "expected"),
    [
        pytest.param(
            "workers = 4  # few",
            "4",
            "workers = 4  # few\n          ^",
            id="plain",
        ),
        pytest.param("a\tb\t40;", "40", "a   b   40;\n        ^^", id="tabs"),
        pytest.param("設定 = 40", "40", "設定 = 40\n       ^^", id="wide before"),
        pytest.param("x = 設定", "設定", "x = 設定\n    ^^^^", id="wide value"),
        pytest.param("x\x1b = 4", "4", "x␛ = 4\n     ^", id="control before"),
        pytest.param("\udcff = 4", "4", "\\xff = 4\n       ^", id="byte before"),
        pytest.param("\u202ex = 4", "4", "\\u202ex = 4\n          ^", id="direction before"),
        pytest.param("e\u0301 = 4", "4", "e\u0301 = 4\n    ^", id="combining"),
        pytest.param("x = 4\r", "4", "x = 4\n    ^", id="carriage return at the end"),
    ],
)
def test_carets_stand_under_the_value(line: str, value: str, expected: str) -> None:
    assert under(line, value) == expected


def test_an_empty_value_has_one_caret() -> None:
    quote = quoted("save ", 5, 5, 60)
    assert (quote.text, quote.carets) == ("save", "     ^")


def test_a_secret_is_masked_and_the_caret_moves() -> None:
    line = "redis://:hunter2@cache:6379/0?x=5"
    assert under(line, "5", secrets=((9, 16),)) == (
        "redis://:***@cache:6379/0?x=5\n                            ^"
    )
    assert under(line, "hunter2", secrets=((9, 16),)).endswith("\n         ^^^")


@pytest.mark.parametrize("at", [0, 500, 990])
def test_a_long_line_is_cut_around_the_value(at: int) -> None:
    line = "x" * at + "VALUE" + "y" * (1000 - at)
    quote = quoted(line, at, at + 5, 40)
    column = quote.carets.index("^")
    assert quote.text[column : column + 5] == "VALUE"
    assert columns(quote.text) <= 40
    assert quote.text.startswith("…") == (at > 0)
    assert quote.text.endswith("…") == (at < 990 or quote.text[-1] == "…")


def test_a_value_longer_than_the_line_shows_its_beginning() -> None:
    quote = quoted("k = " + "v" * 500, 4, 504, 30)
    assert quote.text.endswith("v…")
    assert quote.carets.strip() == "^" * quote.text.count("v")


def test_a_cut_never_uncovers_a_secret() -> None:
    line = 'password="' + "s" * 5000 + '" x=1'
    secrets = ((10, 5010),)
    quote = quoted(line, len(line) - 1, len(line), 40, secrets)
    assert "s" * 3 not in quote.text.replace("password", "")


@given(
    st.text(alphabet="a設\t\x1b\u202e\udcffe\u0301 "),
    st.text(alphabet="v定", min_size=1, max_size=5),
    st.text(alphabet="a設\t\u200b"),
    st.integers(min_value=24, max_value=80),
)
def test_quotes_fit_and_carets_lie_inside(before: str, value: str, after: str, width: int) -> None:
    quote = quoted(before + value + after, len(before), len(before) + len(value), width)
    assert columns(quote.text) <= width
    assert 1 <= quote.carets.count("^") == columns(value)
    above = [char for char in quote.text for _ in range(columns(char))]
    first = quote.carets.index("^")
    assert "".join(above[first : first + columns(value)]) == "".join(
        char * columns(char) for char in value
    )
