"""Which settings took part in a value, and what is still needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from plimsoll.check.language import (
    Items,
    Missing,
    Num,
    Untold,
    Value,
    is_written,
    named,
    needs,
    operands,
    unknown,
    value_of,
)
from plimsoll.check.language.types import TEXT, TRUTH, ListType, NumType
from plimsoll.model.finding import Operand
from plimsoll.model.quantity import COUNT, Amount
from plimsoll.model.setting import Formula, Origin, Setting, Unknown, Unset

Ask = Callable[..., Value]


def owned(owner: str, name: str, said: Any, origin: Origin = Origin.FILE) -> Operand:
    return Operand(owner, Setting(name, str(said), value=said, origin=origin))


def need(what: str) -> Num:
    found = unknown(NumType(COUNT), Missing(what))
    assert isinstance(found, Num)
    return found


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("s.a * s.b + s.c", "abc", id="in the order of the expression"),
        pytest.param("s.c + s.b * s.a", "cba", id="in the order of the expression, reversed"),
        pytest.param("s.a + s.b + s.a", "ab", id="without duplicates"),
        pytest.param("s.yes ? s.a : s.b", ["yes", "a"], id="a ternary's condition counts"),
        pytest.param("min(s.c, s.a, s.b)", "acb", id="min keeps all, the deciding one first"),
        pytest.param("max(s.a, s.b, s.c)", "cab", id="max keeps all, the deciding one first"),
        pytest.param("[s.a, s.b, s.c].max()", "cab", id="so does max of a list"),
        pytest.param("[s.a, s.b].map(v, v * s.c).sum()", "acb", id="through a list"),
        pytest.param("[s.a, s.b, s.c].filter(v, v > 1).sum()", "bc", id="what was filtered out"),
        pytest.param("[s.a, s.b, s.c].all(v, v < 2)", "bc", id="all: those that break it"),
        pytest.param("[s.a, s.b, s.c].exists(v, v > 1)", "bc", id="exists: those that do it"),
        pytest.param("s.a > 5 && s.b > 5", "a", id="what decides alone"),
        pytest.param("s.a > 0 && s.b > 0", "ab", id="what decides together"),
        pytest.param("has(s.a) && !(s.b == 1)", "ab", id="through has and !"),
        pytest.param("1 + 2 * 3", "", id="a rule's own numbers are none"),
    ],
)
def test_operands(ask: Ask, text: str, wanted: str | list[str]) -> None:
    found = operands(ask(text, a=1, b=2, c=3, yes=True))
    assert [each.setting.name for each in found] == list(wanted)


def test_a_derived_value_is_one_operand_and_its_inputs_follow(ask: Ask) -> None:
    cores = value_of(owned("app", "cores_seen", Amount.of(2)))
    default = owned("app", "workers", Formula("s.cores_seen * 2 + 1"), Origin.DEFAULT)
    workers = named(ask("c * 2 + 1", c=cores), "workers", default)
    fact = owned("app", "processes", Amount.of(5), Origin.DERIVED)
    processes = named(workers, "processes", fact, is_fact=True)
    subtotal = named(ask("p * r", p=processes, r=3), "all")
    assert [each.setting.name for each in operands(subtotal)] == [
        "processes",
        "workers",
        "cores_seen",
        "r",
    ]


def test_subtotals_that_use_each_other_are_read_once(ask: Ask) -> None:
    held = ask("a + a", a=1)
    for _ in range(200):
        held = named(ask("h + h", h=held), "h")
    assert [each.setting.name for each in operands(held)] == ["a"]
    assert needs(held) == ()


@pytest.mark.parametrize(
    ("text", "given", "wanted"),
    [
        ("1 + u", {"u": need("connections of app -> db")}, ["connections of app -> db"]),
        ("u * v + u", {"u": need("a"), "v": need("b")}, ["a", "b"]),
        ("s.x * 2", {"x": Unset()}, ["x of db is unset"]),
        ("s.x > 2 && true", {"x": Unset()}, ["x of db is unset"]),
        ("s.x.memory + 1", {"x": Unset()}, ["x of db is unset"]),
        ("s.x + 1", {"x": Unknown("computed: cpu()")}, ["x of db (computed: cpu())"]),
        ("s.x + 1", {"x": Formula("s.cores")}, ["x of db"]),
        ("s.x + 1", {"x": Amount(2, 4)}, ["x of db"]),
        ("u == 'a' ? 1 : 2", {"u": unknown(TEXT, Missing("mode"))}, ["mode"]),
        ("u && v", {"u": unknown(TRUTH, Missing("a")), "v": unknown(TRUTH, Missing("b"))}, "ab"),
        ("u && v > 1", {"u": True, "v": need("b")}, "b"),
        ("u || v > 1", {"u": True, "v": need("b")}, ""),
        ("u.sum()", {"u": Items((), Missing("clients of db"), is_complete=False)}, ["clients of db"]),
        ("u.max()", {"u": Items((), Missing("clients of db"), is_complete=False)}, ["clients of db"]),
        ("u.map(v, v).size()", {"u": unknown(ListType(TEXT), Missing("clients"))}, ["clients"]),
        ("u.all(v, v > 1)", {"u": unknown(ListType(TEXT), Missing("clients"))}, ["clients"]),
        ("[1, 2].filter(v, v > u).size()", {"u": need("a")}, "a"),
        ("[1, 2].filter(v, v > u).max()", {"u": need("a")}, "a"),
        ("[1, 2].filter(v, v > u).all(v, v > 1)", {"u": need("a")}, "a"),
        ("[1, 2].filter(v, v > u).filter(v, v > 1).size()", {"u": need("a")}, "a"),
        ("[u, 2].sum()", {"u": need("a")}, "a"),
        ("[].max() + 1", {}, ["max of an empty list"]),
        ("1 / 0", {}, ["1 / 0 has no result"]),
        ("unlimited - unlimited", {}, ["unlimited - unlimited has no result"]),
        ("7.5 % 2", {}, ["7.5 % 2 has no result"]),
        ("1 / u", {"u": need("a")}, "a"),
        ("s.x + 'a'", {"x": 3}, ["+ of a number and text makes no sense"]),
        ("s.x ? 1 : 2", {"x": 3}, ["a number is no condition"]),
        ("[1].filter(v, s.x).size()", {"x": 3}, ["a number is no condition"]),
        ("u + 1", {"u": Untold(Missing("x"))}, "x"),
        ("u.memory + 1", {"u": Untold(Missing("host of app"))}, ["host of app"]),
    ],
)  # fmt: skip
def test_needs(ask: Ask, text: str, given: dict[str, Any], wanted: str | list[str]) -> None:
    assert list(needs(ask(text, **given))) == list(wanted)


def test_of_a_fact_what_its_inputs_need(ask: Ask) -> None:
    inner = ask("u * 2", u=need("cores of host a"))
    fact = owned("app", "processes", Amount(0, 9), Origin.DERIVED)
    assert needs(named(inner, "processes", fact, is_fact=True)) == ("cores of host a",)


def test_of_a_fact_that_came_from_nowhere_its_name() -> None:
    fact = owned("app", "private_memory", Amount(0, 9), Origin.ASSUMED)
    found = named(Num(0, 9), "private_memory", fact, is_fact=True)
    assert needs(found) == ("private_memory of app",)


def test_written_of_what_is_derived(ask: Ask) -> None:
    workers = value_of(owned("app", "workers", Amount.of(4)))
    cores = value_of(owned("app", "cores", Amount.of(4), Origin.STATED))
    fact = owned("app", "processes", Amount.of(4), Origin.DERIVED)
    default = owned("app", "workers", Formula("s.cores * 2"), Origin.DEFAULT)
    formula = owned("app", "workers", Formula("s.cores * 2"), Origin.FILE)
    assert is_written(named(workers, "processes", fact, is_fact=True))
    assert not is_written(named(cores, "processes", fact, is_fact=True))
    assert not is_written(named(workers, "workers", default))
    assert is_written(named(cores, "workers", formula))
    assert is_written(named(ask("w + c", w=workers, c=cores), "subtotal"))
