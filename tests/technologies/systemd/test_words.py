"""Command lines, environments and specifiers of units."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.syntax.text import Lines
from plimsoll.syntax.traced import straight
from plimsoll.technologies.systemd.words import (
    Meanings,
    QuotingError,
    Variable,
    assignments,
    commands,
    expanded,
    specifiers,
    words,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a b\tc", ["a", "b", "c"], id="blanks"),
        pytest.param("'a b' \"c d\"", ["a b", "c d"], id="quotes"),
        pytest.param("--x='a b'c", ["--x=a bc"], id="quotes inside"),
        pytest.param(r"a\x41b \t \s \u00e9", ["aAb", "\t", " ", "é"], id="escapes"),
        pytest.param(r"a\qb", [r"a\qb"], id="no escape"),
        pytest.param(r"a\ b", [r"a\ b"], id="a blank is no escape"),
        pytest.param(r"'it\'s'", ["it's"], id="escaped quote"),
        pytest.param("''", [""], id="empty word"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert [w.text for w in words(straight(text, 0))] == expected


def test_an_open_quote_is_an_error() -> None:
    with pytest.raises(QuotingError):
        words(straight("a 'b", 0))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("/a b", [("", ["/a", "b"])], id="one"),
        pytest.param("-@:/a b c", [("-@:", ["/a", "c"])], id="prefixes and own name"),
        pytest.param("/a x ; /b", [("", ["/a", "x"]), ("", ["/b"])], id="two"),
        pytest.param("/a x;y \\; z", [("", ["/a", "x;y", ";", "z"])], id="no divider"),
        pytest.param("!!/a", [("!!", ["/a"])], id="privileges"),
        pytest.param("; ;", [], id="dividers only"),
    ],
)
def test_commands(text: str, expected: list[tuple[str, list[str]]]) -> None:
    found = commands(straight(text, 0))
    assert [(c.prefixes, [w.text for w in c.words]) for c in found] == expected


def test_assignments_leave_out_what_is_none() -> None:
    found = assignments(straight('A=1 "B=x y" 1C=2 D E=', 0))
    assert [(n, v.text, v.start) for n, v in found] == [
        ("A", "1", 2),
        ("B", "x y", 7),
        ("E", "", 21),
    ]


VARIABLES = {
    "ONE": Variable(straight("one", 100), Lines("", "env")),
    "MANY": Variable(straight("a 'b c'", 200), Lines("", "env")),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("/p $MANY", ["/p", "a", "b c"], id="split"),
        pytest.param("/p ${MANY}", ["/p", "a 'b c'"], id="whole"),
        pytest.param("/p x${ONE}y", ["/p", "xoney"], id="inside"),
        pytest.param("/p x$ONE", ["/p", "x$ONE"], id="bare inside stays"),
        pytest.param("/p $NONE ${NONE} z", ["/p", "", "z"], id="unset"),
        pytest.param("/p $$ONE $${ONE}", ["/p", "$ONE", "${ONE}"], id="doubled"),
        pytest.param(":/p $ONE", ["/p", "$ONE"], id="not asked for"),
        pytest.param("/p %i %n %% %H", ["/p", "1", "a-b@1.service", "%", "%H"], id="specifiers"),
        pytest.param("/p %p %j %N", ["/p", "a-b", "b", "a-b@1"], id="parts of the name"),
    ],
)
def test_expansion(text: str, expected: list[str]) -> None:
    [command] = commands(straight(text, 0))
    meanings = Meanings(specifiers("a-b@1.service"), VARIABLES, lambda _: True)
    found = list(expanded(command, Lines(text, "unit"), meanings))
    assert [e.text.text for e in found] == expected


def test_what_cannot_be_told_stays_and_is_named() -> None:
    [command] = commands(straight("/p $LATER ${LATER}x %H", 0))
    meanings = Meanings(specifiers("a.service"), {}, lambda _: False)
    found = list(expanded(command, Lines("", ""), meanings))
    assert [(e.text.text, e.unknown) for e in found] == [
        ("/p", ()),
        ("$LATER", ("$LATER",)),
        ("${LATER}x", ("$LATER",)),
        ("%H", ("%H",)),
    ]


def test_words_of_a_variable_stand_where_it_stands() -> None:
    [command] = commands(straight("/p $MANY", 0))
    meanings = Meanings({}, VARIABLES, lambda _: True)
    found = list(expanded(command, Lines("", "unit"), meanings))
    assert [(e.lines.path, e.text.range(0, len(e.text.text))) for e in found] == [
        ("unit", (0, 2)),
        ("env", (200, 201)),
        ("env", (203, 206)),
    ]


@given(st.text(alphabet="ab '\"\\;$%{}x41ü \t-@:=", max_size=30))
def test_every_text_gives_words_or_an_open_quote(text: str) -> None:
    try:
        found = commands(straight(text, 0))
    except QuotingError:
        assert "'" in text or '"' in text
        return
    for command in found:
        for word in command.words:
            start, end = word.range(0, len(word.text))
            assert 0 <= start <= end <= len(text)
