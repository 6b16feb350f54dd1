"""INI dialects: what lines say, nothing lost, every place exact."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.syntax.ini import Assignment, Entry, IniDialect, Junk, Section, entries, tokens

UNIT = IniDialect(continues=True)
OPTIONS = IniDialect(trailing="#", quotes="'\"", flags=True)
COLON = IniDialect(comments="#", separators="=:", trailing=";")
FOLDED = IniDialect(trailing="#", folds=True)


def said(entry: Entry) -> tuple[str, ...]:
    if isinstance(entry, Section):
        return ("section", entry.name)
    if isinstance(entry, Junk):
        return ("junk", entry.text)
    return (entry.key, entry.value.text)


@pytest.mark.parametrize(
    ("dialect", "text", "expected"),
    [
        pytest.param(UNIT, "[a]\nk=v\nk=w\n[a]\n", [("section", "a"), ("k", "v"), ("k", "w"), ("section", "a")], id="repeated"),
        pytest.param(UNIT, "  k \t=  v w \r\n", [("k", "v w")], id="blanks"),
        pytest.param(UNIT, "k=v # c\n; c\n # c\n", [("k", "v # c")], id="comment lines only"),
        pytest.param(UNIT, "k=a\\\n b\\\n# c\n\tc\nd=1", [("k", "a  b \tc"), ("d", "1")], id="continued"),
        pytest.param(UNIT, "k=a\\\n\nb=1", [("k", "a"), ("b", "1")], id="a blank line ends it"),
        pytest.param(UNIT, "k=\\\n\\\n  a\\\n", [("k", "a")], id="blanks around are not its"),
        pytest.param(UNIT, "k=a\\\\\nb=1", [("k", "a\\\\"), ("b", "1")], id="escaped backslash"),
        pytest.param(UNIT, "k=a\\ \nb=1", [("k", "a\\"), ("b", "1")], id="blank behind it"),
        pytest.param(UNIT, "no sign\n=v\n[open\n[a] x\n", [("junk", "no sign"), ("junk", "=v"), ("junk", "[open"), ("junk", "[a] x")], id="junk"),
        pytest.param(UNIT, "no\\\nsign=1\nk=v", [("junk", "no\\sign=1"), ("k", "v")], id="junk continued"),
        pytest.param(UNIT, "k=\n", [("k", "")], id="empty"),
        pytest.param(UNIT, "[]\n", [("section", "")], id="no name"),
        pytest.param(UNIT, "", [], id="nothing"),
        pytest.param(UNIT, "\ufeffk=v", [("k", "v")], id="byte order mark"),
        pytest.param(OPTIONS, "[m] # c\nflag # c\nk = v # c\n", [("section", "m"), ("flag", ""), ("k", "v")], id="trailing comments"),
        pytest.param(OPTIONS, "k='a # b' # c\nl=a#b\nm=#\n", [("k", "'a # b'"), ("l", "a#b"), ("m", "")], id="quoted signs"),
        pytest.param(OPTIONS, "k='open # b\n", [("k", "'open # b")], id="open quote"),
        pytest.param(OPTIONS, "k=a\\\nb=1\n", [("k", "a\\"), ("b", "1")], id="no continuation"),
        pytest.param(COLON, "a: b=c ; d\ne=f:g\n;x=1", [("a", "b=c"), ("e", "f:g"), (";x", "1")], id="two separators"),
        pytest.param(FOLDED, "[a]\nk=v\n  w = x # c\n\n  y\nl=1\n", [("section", "a"), ("k", "v w = x y"), ("l", "1")], id="folded"),
        pytest.param(FOLDED, "  k=v\n  l=w\n\tm=x\n[a]\n n=1\n", [("k", "v"), ("l", "w"), ("m", "x"), ("section", "a"), ("n", "1")], id="indented keys"),
    ],
)  # fmt: skip
def test_lines(dialect: IniDialect, text: str, expected: list[tuple[str, ...]]) -> None:
    assert [said(entry) for entry in entries(text, dialect)] == expected


def test_the_places_of_a_continued_value() -> None:
    text = "[s]\nkey = one \\\n# no\n  two\n"
    entry = list(entries(text, UNIT))[1]
    assert isinstance(entry, Assignment)
    assert text[entry.start : entry.end] == "key = one \\\n# no\n  two"
    two = entry.value.text.index("two")
    start, end = entry.value.range(two, two + 3)
    assert text[start:end] == "two"
    start, end = entry.value.range(0, len(entry.value.text))
    assert text[start:end] == "one \\\n# no\n  two"


PIECES = st.sampled_from(
    ["[", "]", "\n", "\r\n", "\\\n", "\\", "=", ":", "#", ";", " ", "\t", "'", '"', "k", "é", "😀"]
)


@pytest.mark.parametrize(
    "dialect", [UNIT, OPTIONS, COLON, FOLDED], ids=["unit", "options", "colon", "folded"]
)
@given(text=st.lists(PIECES, max_size=25).map("".join))
def test_nothing_is_lost(dialect: IniDialect, text: str) -> None:
    found = list(tokens(text, dialect))
    assert "".join(token.text for token in found) == text
    covered = bytearray(len(text))
    for entry in entries(text, dialect):
        assert not any(covered[entry.start : entry.end])  # each place belongs to one entry
        covered[entry.start : entry.end] = b"x" * (entry.end - entry.start)
        if isinstance(entry, Assignment):
            start, end = entry.value.range(0, len(entry.value.text))
            assert entry.start <= start <= end <= entry.end
    for token in found:
        assert text[token.start : token.end] == token.text
        if token.kind in ("section", "key", "junk"):
            assert all(covered[token.start : token.end])
