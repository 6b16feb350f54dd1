from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.technologies.haproxy.lexer import (
    Variable,
    expanded,
    lines,
    pieces,
    shown,
    tokens,
)
from support.counts import drawn

TEXTS = st.text(alphabet=" \t\n\r#\"'\\$ab{}[*]-.é\udcff\ufeff\x0b", max_size=60)


def words(text: str) -> list[list[str]]:
    return [[shown(pieces(word.text)) for word in line.words] for line in lines(tokens(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a b\n c\td # e\n", [["a", "b"], ["c", "d"]], id="blanks and comments"),
        pytest.param("a b#c\n", [["a", "b"]], id="a comment behind a word"),
        pytest.param("a 'b #c' \"d # e\"\n", [["a", "b #c", "d # e"]], id="a hash in quotes"),
        pytest.param("a b\\ c \\# \\\\\n", [["a", "b c", "#", "\\"]], id="escapes"),
        pytest.param("a x\"y z\"'w'\n", [["a", "xy zw"]], id="quotes joined to a word"),
        pytest.param("a '\\x41' \\x41 \"\\x41\"\n", [["a", "\\x41", "A", "A"]], id="hexadecimal"),
        pytest.param('a \\q "\\q"\n', [["a", "\\q", "\\q"]], id="no escape"),
        pytest.param('a \\$b "\\$b"\n', [["a", "\\$b", "$b"]], id="an escaped dollar"),
        pytest.param("a $b ${b}\n", [["a", "$b", "${b}"]], id="a dollar outside of quotes"),
        pytest.param("a b\r\nc\r\n", [["a", "b"], ["c"]], id="CRLF"),
        pytest.param("a b\rc\n", [["a", "b"]], id="a return ends a line"),
        pytest.param("a b \\\n c\n", [["a", "b", "\\"], ["c"]], id="lines do not go on"),
        pytest.param('a ""\n', [["a", ""]], id="an empty word"),
    ],
)
def test_words(text: str, expected: list[list[str]]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ('"$A"', (Variable("A", "$A"),)),
        ('"x${A}y"', ("x", Variable("A", "${A}"), "y")),
        ('"${A-b c}"', (Variable("A", "${A-b c}", "b c"),)),
        ('"${A[*]}"', (Variable("A", "${A[*]}"),)),
        ('"$.LINE"', (Variable(".LINE", "$.LINE"),)),
        ("'$A'", ("$A",)),
    ],
)
def test_variables(raw: str, expected: tuple[str | Variable, ...]) -> None:
    assert tuple(p for p in pieces(raw) if p) == expected


def test_variables_are_replaced_only_where_all_are_told() -> None:
    parts = pieces('"$A-$B"')
    assert expanded(parts, {"A": "1", "B": "2"}) == "1-2"
    assert expanded(parts, {"A": "1"}) is None


def test_a_quote_that_nothing_closes_is_a_fault_of_its_line() -> None:
    found = list(lines(tokens("a 'b\nc d\n")))
    assert [bool(line.fault) for line in found] == [True, False]


@given(TEXTS)
def test_nothing_is_lost(text: str) -> None:
    assert "".join(token.text for token in tokens(text)) == text


def test_quotes_that_nothing_closes_cost_no_time() -> None:
    text = "a " + "\\'\"" * 300_000 + "\n" + "'" * 300_000
    assert "".join(token.text for token in tokens(text)) == text


# -- HAProxy's own word

RAW = st.lists(
    st.sampled_from(["a", "B", "\\ ", "\\#", "\\\\", "\\'", '\\"', "\\n", "\\x41", "\\q", "\\$", "$X", "${X}",
                     "'b c'", "'\\'", "'#'", '"d e"', '"#"', '"\\""', '"\\$X"', '"$X"', '"${X}y"',
                     '"${Y-z}"', '"\\x42\\q"', "'$X'", "é", "%[src]", "=,:/"]),
    min_size=1, max_size=6,
).map("".join)  # fmt: skip


@pytest.mark.real
@drawn(6, 60)
@given(st.lists(RAW, min_size=12, max_size=12))
def test_haproxy_sees_the_same_words(haproxy, raw) -> None:  # type: ignore[no-untyped-def]
    """`.notice` prints its one argument as HAProxy sees it."""
    # 2.6.12 reads a line that it needs more room for twice, and then misses the end of `${Y-z}`.
    text = f"# {'x' * 400}\n" + "".join(f".notice {each}_\n" for each in raw)
    _, said = haproxy(text, {"X": "v 1", "Y": "w"})
    told = re.findall(r"parsing \[[^\]]*:(\d+)\]: '(.*?)'\.\n(?=\[)", said + "[", re.DOTALL)
    ours = [expanded(pieces(f"{each}_"), {"X": "v 1", "Y": "w"}) for each in raw]
    assert [(str(n), text) for n, text in enumerate(ours, 2)] == told
