"""One setting of several things of a kind."""

from __future__ import annotations

import pytest

from plimsoll.model.place import Place, Span
from plimsoll.model.quantity import Amount
from plimsoll.model.setting import Block, Setting, Unknown, Value
from plimsoll.syntax.several import spanned


def of(name: str, line: int, value: Value) -> Setting:
    block = Block("server", "", Place("a", Span(line, 1, line, 9)))
    return Setting(name, str(value), scope=(block,), value=value)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([Amount.of(1)], Amount.of(1)),
        ([Amount.of(1), Amount.of(1)], Amount.of(1)),
        ([Amount.of(5), Amount.of(1), Amount.of(3)], Amount(1, 5)),
        ([Amount.of(5), Unknown("x")], Unknown("several values")),
    ],
)
def test_the_last_has_the_span_of_all(values: list[Value], expected: Value) -> None:
    found = spanned([of("a", n, v) for n, v in enumerate(values, 1)], "server")
    assert found[-1].value == expected
    assert [f.value for f in found[:-1]] == values[:-1]


def test_where_one_lacks_it_nobody_can_tell() -> None:
    given = [of("mark", 1, "x"), of("mark", 2, "x"), of("a", 1, Amount.of(1))]
    assert isinstance(spanned(given, "server", "mark")[-1].value, Unknown)


def test_others_stay_as_they_are() -> None:
    given = [Setting("a", "1", value=Amount.of(1)), Setting("a", "2", value=Amount.of(2))]
    assert spanned(given, "server") == given
