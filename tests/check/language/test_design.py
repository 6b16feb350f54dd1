"""The design's sections "Language" and "Values": one table for each sentence of them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

from plimsoll.check.language import (
    Items,
    Missing,
    NotHere,
    Num,
    Text,
    Thing,
    Truth,
    Unset,
    Untold,
    Value,
    arithmetic,
    broken,
    needs,
    operands,
    type_of,
    unknown,
)
from plimsoll.check.language.nodes import DEEPEST
from plimsoll.check.language.types import ANY, BARE, TEXT, TRUTH, ListType, NumType, ThingType, Type
from plimsoll.model import setting as model
from plimsoll.model.quantity import BYTES, COUNT, GIB, KIB, MIB, SECONDS, UNLIMITED, Amount, Unit
from plimsoll.model.setting import Origin

Ask = Callable[..., Value]
INF = UNLIMITED
UNKNOWN = unknown(NumType(COUNT), Missing("connections of app -> db"))
UNKNOWN_TRUTH = unknown(TRUTH, Missing("pooled of app"))
UNKNOWN_TEXT = unknown(TEXT, Missing("mode of app"))
UNKNOWN_LIST = Items((), Missing("clients of db"), is_complete=False)
REPLICAS = Num(1, INF, COUNT, Missing("replicas of app"))


def seen(value: Value) -> object:
    """What a table compares: a known value as it is, an unknown number as its two ends."""
    if isinstance(value, Num):
        return value.low if value.is_known else (value.low, value.high)
    if isinstance(value, Items):
        return [seen(each) for each, _ in value.entries]
    return value.value if isinstance(value, Truth) or hasattr(value, "value") else type(value)


def table(sentence: str, *rows: tuple[Any, ...]) -> list[ParameterSet]:
    """Rows of (expression, what it gives[, what is given]) under a sentence of the design."""
    return [
        pytest.param(text, wanted, given[0] if given else {}, id=f"{sentence}: {text}")
        for text, wanted, *given in rows
    ]


# ----------------------------------------------------------------------------------------- Language

LANGUAGE = [
    *table(
        "the grammar of CEL: + - * / %",
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 3 - 2", 5),
        ("8 / 2 / 2", 2),
        ("-7 % 3", -1),
        ("7 % -3", 1),
        ("- -5", 5),
        ("2 - -1", 3),
    ),
    *table(
        "comparisons",
        ("1 < 2", True),
        ("2 <= 2", True),
        ("3 > 3", False),
        ("3 >= 4", False),
        ("'a' == 'a'", True),
        ("true != false", True),
        ("1.0 == 1", True),
    ),
    *table(
        "&& || !",
        ("true && false", False),
        ("false || true", True),
        ("!true", False),
        ("!!true", True),
        ("true || false && false", True),
    ),
    *table(
        "in",
        ("2 in [1, 2]", True),
        ("'c' in ['a', 'b']", False),
        ("1 in []", False),
        ("x in [1, 9]", None, {"x": UNKNOWN}),
        ("x in [1, 9]", False, {"x": Num(2, 8)}),
        ("x in []", False, {"x": UNKNOWN}),
        ("1 in xs", None, {"xs": UNKNOWN_LIST}),
    ),
    *table(
        "x.map(v, e) filter all exists size sum min max",
        ("[1, 2, 3].map(v, v * 2)", [2, 4, 6]),
        ("[1, 2, 3].filter(v, v > 1)", [2, 3]),
        ("[1, 2, 3].all(v, v > 0)", True),
        ("[1, 2, 3].all(v, v > 1)", False),
        ("[1, 2, 3].exists(v, v > 2)", True),
        ("[1, 2, 3].exists(v, v > 3)", False),
        ("[1, 2, 3].size()", 3),
        ("[1, 2, 3].sum()", 6),
        ("[1, 2, 3].min()", 1),
        ("[1, 2, 3].max()", 3),
        ("[[1, 2], [3]].map(v, v.sum())", [3, 3]),
        ("[1, 2].map(v, [10, 20].map(w, v * w).sum()).sum()", 90),
    ),
    *table(
        "text startsWith contains matches",
        ("'allkeys-lru'.startsWith('allkeys')", True),
        ("'lru'.startsWith('allkeys')", False),
        ("'a,b'.contains(',')", True),
        ("'a'.contains('b')", False),
        ("'redis:7.0'.matches('^redis:[0-9]+')", True),
        ("'postgres'.matches('^redis')", False),
        ("t.startsWith('a')", None, {"t": UNKNOWN_TEXT}),
    ),
    *table("c ? a : b", ("1 < 2 ? 10 : 20", 10), ("1 > 2 ? 10 : false ? 20 : 30", 30)),
    *table(
        "min() max() ceil()",
        ("min(3, 1, 2)", 1),
        ("max(3, 1, 2)", 3),
        ("ceil(7 / 2)", 4),
        ("ceil(-7 / 2)", -3),
        ("ceil(4)", 4),
        ("ceil(never)", INF),
    ),
    *table(
        "has(x) written(x)",
        ("has(s.x)", True, {"x": 1}),
        ("has(s.x)", False, {"x": model.Unset()}),
        ("has(s.x)", False),
        ("has(s.x)", True, {"x": UNKNOWN}),
        ("has(s.x)", None, {"x": Untold()}),
        ("has(s['x (setting)'])", False, {"x": 1}),
        ("written(s.x)", True, {"x": 1}),
        ("written(s['x (setting)'])", NotHere, {"x": 1}),
    ),
    *table(
        "one kind of number; / is exact",
        ("5 / 2", Fraction(5, 2)),
        ("1 / 3 * 3 == 1", True),
        ("0.1 + 0.2 == 0.3", True),
        ("10 * 0.1 == 1", True),
        ("6 / 3", 2),
    ),
    *table(
        "units are constants: KiB MiB GiB kB MB second minute hour",
        ("256 * MiB", 256 * MIB),
        ("KiB", KIB),
        ("GiB", GIB),
        ("kB", 1000),
        ("MB", 10**6),
        ("30 * second", 30),
        ("2 * minute", 120),
        ("hour", 3600),
        ("GiB / MiB", 1024),
    ),
    *table(
        "only bare numbers fit any unit",
        ("0.1 * m", Fraction(GIB, 10), {"m": Amount.of(GIB, BYTES)}),
        ("max(0, m - 2 * GiB)", 0, {"m": Amount.of(GIB, BYTES)}),
        ("t > 0", True, {"t": Amount.of(5, SECONDS)}),
    ),
]


@pytest.mark.parametrize(("text", "wanted", "given"), LANGUAGE)
def test_language(ask: Ask, text: str, wanted: object, given: dict[str, Any]) -> None:
    assert seen(ask(text, **given)) == wanted


# ------------------------------------------------------------------------------------------- Values

VALUES = [
    *table(
        "a value is a range; known means both ends are equal",
        ("x + 1", (3, 5), {"x": Num(2, 4)}),
        ("x - y", (-3, 1), {"x": Num(2, 4), "y": Num(3, 5)}),
        ("x * y", (-8, 12), {"x": Num(-2, 3), "y": Num(1, 4)}),
        ("x / 2", (1, 2), {"x": Num(2, 4)}),
        ("-x", (-4, -2), {"x": Num(2, 4)}),
        ("x - x + 5 == 5", True, {"x": 3}),
        ("x % 2", (-INF, INF), {"x": Num(2, 4)}),
        ("ceil(x)", (1, 3), {"x": Num(Fraction(1, 2), Fraction(5, 2))}),
        ("min(x, 3)", (2, 3), {"x": Num(2, 4)}),
        ("max(x, 3)", (3, 4), {"x": Num(2, 4)}),
    ),
    *table(
        "unknown is 0 to unlimited, unknown replicas 1 to unlimited",
        ("u", (0, INF), {"u": UNKNOWN}),
        ("r * 20", (20, INF), {"r": REPLICAS}),
        ("100 + u > 97", True, {"u": UNKNOWN}),
        ("u * 0", 0, {"u": UNKNOWN}),
        ("u >= 0", True, {"u": UNKNOWN}),
        ("u > 5", None, {"u": UNKNOWN}),
        ("u == 5", None, {"u": UNKNOWN}),
        ("u == -1", False, {"u": UNKNOWN}),
    ),
    *table(
        "false && unknown is false, true || unknown is true, in any order",
        ("false && u", False, {"u": UNKNOWN_TRUTH}),
        ("u && false", False, {"u": UNKNOWN_TRUTH}),
        ("true || u", True, {"u": UNKNOWN_TRUTH}),
        ("u || true", True, {"u": UNKNOWN_TRUTH}),
        ("true && u", None, {"u": UNKNOWN_TRUTH}),
        ("u || false", None, {"u": UNKNOWN_TRUTH}),
        ("!u", None, {"u": UNKNOWN_TRUTH}),
        ("false && s.nowhere", False),
        ("s.nowhere || true", True),
    ),
    *table(
        "a ternary on unknown spans both",
        ("u ? 3 : 5", (3, 5), {"u": UNKNOWN_TRUTH}),
        ("u ? 3 : 3", 3, {"u": UNKNOWN_TRUTH}),
        ("u ? true : false", None, {"u": UNKNOWN_TRUTH}),
        ("u ? 'a' : 'a'", "a", {"u": UNKNOWN_TRUTH}),
        ("u ? 'a' : 'b'", None, {"u": UNKNOWN_TRUTH}),
        ("(u ? [1, 2] : [3]).sum()", (0, 6), {"u": UNKNOWN_TRUTH}),
        ("u ? s.x : 5", Untold, {"u": UNKNOWN_TRUTH, "x": model.Unset()}),
        ("u ? s.nowhere : 5", Untold, {"u": UNKNOWN_TRUTH}),
    ),
    *table(
        "filter on unknown counts from nothing to all",
        ("[1, 2, 3].filter(v, v > u).size()", (0, 3), {"u": UNKNOWN}),
        ("[1, 2, 3].filter(v, v > u).sum()", (0, 6), {"u": UNKNOWN}),
        ("[-1, 2].filter(v, v > u).sum()", (0, 2), {"u": UNKNOWN}),
        ("[-1, 2].filter(v, v < u).sum()", (-1, 1), {"u": Num(0, 9)}),
        ("[1, 2, 3].filter(v, v > u).all(v, v > 1)", None, {"u": Num(0, 2)}),
        ("[1, 2, 3].filter(v, v > u).all(v, v > 0)", True, {"u": UNKNOWN}),
        ("[1, 2, 3].filter(v, v > u).exists(v, v > 1)", True, {"u": Num(0, 2)}),
        ("[1, 2].filter(v, v > u).exists(v, v > 1)", None, {"u": UNKNOWN}),
        ("[1, 2].filter(v, v > u).max()", Untold, {"u": UNKNOWN}),
        ("[1, 5].filter(v, v > u).min()", (1, 5), {"u": Num(0, 2)}),
    ),
    *table(
        "never and unlimited are above every number",
        ("never > 1000000 * hour", True),
        ("unlimited > 9223372036854775807", True),
        ("never == never", True),
        ("never > never", False),
        ("t == never", True, {"t": Amount.of(INF, SECONDS)}),
        ("min(never, 5)", 5),
    ),
    *table(
        "0 x infinite is 0",
        ("0 * unlimited", 0),
        ("unlimited * 0", 0),
        ("u * unlimited", (0, INF), {"u": UNKNOWN}),
        ("0 * (1 / 0)", 0),
    ),
    *table(
        "infinite - infinite, infinite / infinite and x / 0 are unknown",
        ("unlimited - unlimited", (-INF, INF)),
        ("unlimited + -unlimited", (-INF, INF)),
        ("unlimited / unlimited", (-INF, INF)),
        ("1 / 0", (-INF, INF)),
        ("5 / u", (-INF, INF), {"u": UNKNOWN}),
        ("7 % 0", (-INF, INF)),
        ("7.5 % 2", (-INF, INF)),
        ("unlimited % 2", (-INF, INF)),
        ("5 / unlimited", 0),
        ("unlimited / 5", INF),
        ("unlimited / -5", -INF),
        ("unlimited - 5", INF),
        ("[unlimited, -unlimited].sum()", (-INF, INF)),
    ),
    *table(
        "unset is known, and calculating with it is not possible",
        ("s.x", Unset, {"x": model.Unset()}),
        ("s.x + 1", (-INF, INF), {"x": model.Unset()}),
        ("s.x > 1", None, {"x": model.Unset()}),
        ("s.x == 1", None, {"x": model.Unset()}),
        ("max(s.x, 1)", (-INF, INF), {"x": model.Unset()}),
        ("[s.x, 1].max()", (-INF, INF), {"x": model.Unset()}),
        ("[s.x, 1].sum()", (-INF, INF), {"x": model.Unset()}),
        ("s.x in [1]", None, {"x": model.Unset()}),
        ("has(s.x) ? s.x : 7", 7, {"x": model.Unset()}),
        ("!has(s.x) || s.x > 1", True, {"x": model.Unset()}),
        ("s.x.memory", Unset, {"x": model.Unset()}),
    ),
    *table(
        "an empty list has sum 0, min and max unset",
        ("[].sum()", 0),
        ("[].size()", 0),
        ("[].min()", Unset),
        ("[].max()", Unset),
        ("[].all(v, v > 1)", True),
        ("[].exists(v, v > 1)", False),
        ("has(s.x) ? 1 : [1].filter(v, v > 1).sum()", 0),
    ),
    *table(
        "a database whose clients nobody declared has unknown clients, not none",
        ("c.size()", (0, INF), {"c": UNKNOWN_LIST}),
        ("c.sum()", (0, INF), {"c": UNKNOWN_LIST}),
        ("(u ? c : [1]).size()", (0, INF), {"c": UNKNOWN_LIST, "u": UNKNOWN_TRUTH}),
        ("c.min()", Untold, {"c": UNKNOWN_LIST}),
        ("c.all(v, v > 1)", None, {"c": UNKNOWN_LIST}),
        ("c.exists(v, v > 1)", None, {"c": UNKNOWN_LIST}),
        ("c.sum()", (5, INF), {"c": Items(((Num(5, 5), True),), is_complete=False)}),
        ("c.size()", (1, INF), {"c": Items(((Num(5, 5), True),), is_complete=False)}),
        ("c.min()", (0, 5), {"c": Items(((Num(5, 5), True),), is_complete=False)}),
        ("c.max()", (5, INF), {"c": Items(((Num(5, 5), True),), is_complete=False)}),
        ("c.max()", (-5, INF), {"c": Items(((Num(-5, -5), True),), is_complete=False)}),
        ("c.sum()", (-INF, INF), {"c": Items(((Num(-5, -5), True),), is_complete=False)}),
        ("c.all(v, v > 9)", False, {"c": Items(((Num(5, 5), True),), is_complete=False)}),
        ("c.exists(v, v > 1)", True, {"c": Items(((Num(5, 5), True),), is_complete=False)}),
        ("c.map(v, v * 2).sum()", (10, INF), {"c": Items(((Num(5, 5), True),), is_complete=False)}),
    ),
    *table(
        "where only this technology lacks a name the rule does not apply",
        ("s.nowhere", NotHere),
        ("s.nowhere + 1", NotHere),
        ("-s.nowhere", NotHere),
        ("1 > s.nowhere", NotHere),
        ("s.nowhere == 'a'", NotHere),
        ("s.nowhere && true", NotHere),
        ("s.nowhere && u", NotHere, {"u": UNKNOWN_TRUTH}),
        ("!s.nowhere", NotHere),
        ("s.nowhere ? 1 : 2", NotHere),
        ("max(1, s.nowhere)", NotHere),
        ("s.nowhere in [1]", NotHere),
        ("1 in s.nowhere", NotHere),
        ("s.nowhere.size()", NotHere),
        ("s.nowhere.map(v, v)", NotHere),
        ("s.nowhere.all(v, v)", NotHere),
        ("[1].map(v, s.nowhere)", NotHere),
        ("[1].filter(v, s.nowhere)", NotHere),
        ("[1].exists(v, s.nowhere)", NotHere),
        ("[s.nowhere].sum()", NotHere),
        ("[1, s.nowhere].max()", NotHere),
        ("s.nowhere.startsWith('a')", NotHere),
        ("s.nowhere.memory", NotHere),
        ("written(s.nowhere)", NotHere),
        ("has(s.nowhere)", False),
        ("has(s.nowhere) ? s.nowhere : 3", 3),
    ),
]


@pytest.mark.parametrize(("text", "wanted", "given"), VALUES)
def test_values(ask: Ask, text: str, wanted: object, given: dict[str, Any]) -> None:
    assert seen(ask(text, **given)) == wanted


@pytest.mark.parametrize(
    ("load", "limit", "is_broken", "is_broken_strictly"),
    [
        pytest.param((120, INF), (97, 97), True, True, id="at least 120 > 97"),
        pytest.param((97, 97), (97, 97), False, True, id="strict: equal breaks too"),
        pytest.param((10, 20), (20, 30), False, None, id="highest load does not exceed limit"),
        pytest.param((10, 20), (21, 30), False, False, id="highest load below lowest limit"),
        pytest.param((20, 30), (10, 20), None, True, id="lowest load reaches highest limit"),
        pytest.param((0, INF), (97, 97), None, None, id="unknown load"),
        pytest.param((50, 50), (0, INF), None, None, id="unknown limit"),
        pytest.param((INF, INF), (INF, INF), False, False, id="infinite on both sides"),
        pytest.param((0, INF), (INF, INF), False, False, id="nothing exceeds unlimited"),
        pytest.param((INF, INF), (5, INF), None, None, id="the limit may be unlimited too"),
        pytest.param((INF, INF), (5, 5), True, True, id="unlimited load"),
        pytest.param((0, 0), (0, 0), False, True, id="0 of 0"),
    ],
)
def test_load_is_broken_when_its_lowest_exceeds_the_highest_limit(
    load: tuple[float, float],
    limit: tuple[float, float],
    is_broken: bool | None,
    is_broken_strictly: bool | None,
) -> None:
    found = broken(Num(*load), Num(*limit), strict=False)
    strictly = broken(Num(*load), Num(*limit), strict=True)
    assert (found, strictly) == (Truth(is_broken), Truth(is_broken_strictly))


def test_load_line_is_not_decided_on_what_is_no_number() -> None:
    assert broken(Unset(), Num(5, 5), strict=False) == Truth(None)
    assert broken(Num(9, 9, BYTES), Num(5, 5, SECONDS), strict=False) == Truth(None)
    assert broken(Num(9, 9), NotHere("limit"), strict=False) == NotHere("limit")


def test_skipped_names_what_is_still_needed(ask: Ask) -> None:
    load = ask("s.a * 20 + s.u", a=3, u=UNKNOWN)
    assert needs(broken(load, Num(97, 97), strict=False)) == ("connections of app -> db",)


def test_a_known_result_needs_nothing(ask: Ask) -> None:
    assert needs(ask("true || s.x > s.u", x=model.Unset(), u=UNKNOWN)) == ()


def test_written_is_what_somebody_wrote(ask: Ask, said: Callable[..., Value]) -> None:
    for origin, wanted in [
        (Origin.FILE, True),
        (Origin.COMMAND_LINE, True),
        (Origin.DEFAULT, False),
        (Origin.STATED, False),
        (Origin.MEASURED, False),
    ]:
        assert seen(ask("written(s.x)", x=said("x", 5, origin))) is wanted, origin


def test_dotted_name_is_the_fact_and_the_quoted_one_the_setting(
    ask: Ask, thing: Callable[..., Thing]
) -> None:
    s = thing("app", **{"timeout": 30, "timeout (setting)": 0})
    assert seen(ask('t.timeout - t["timeout"]', t=s)) == 30


def test_things_are_the_same_or_not(ask: Ask, thing: Callable[..., Thing]) -> None:
    a, b = thing("a"), thing("b")
    assert [seen(ask(text, a=a, b=b)) for text in ("a == a", "a == b", "b in [a, b]")] == [
        True,
        False,
        True,
    ]


def test_a_list_on_the_way_means_each(ask: Ask, thing: Callable[..., Thing]) -> None:
    services = [thing("a", memory=3), thing("b", memory=5)]
    found = ask("services.memory", services=services)
    assert seen(found) == [3, 5]
    assert [operand.owner for operand in operands(found)] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "given", "wanted"),
    [
        ("x == 'off'", {"x": 3}, False),
        ("x + 1", {"x": "off"}, (-INF, INF)),
        ("x > 1", {"x": True}, None),
        ("x && true", {"x": "on"}, None),
        ("x.startsWith('a')", {"x": 5}, None),
        ("x > y", {"x": Amount.of(1, BYTES), "y": Amount.of(1, SECONDS)}, None),
        ("x == y", {"x": Amount.of(1, BYTES), "y": Amount.of(1, SECONDS)}, None),
        ("x + y", {"x": Amount.of(1, BYTES), "y": Amount.of(1, SECONDS)}, (-INF, INF)),
        ("min(x, y)", {"x": Amount.of(1, BYTES), "y": Amount.of(1, SECONDS)}, (-INF, INF)),
        ("[x, y].sum()", {"x": Amount.of(1, BYTES), "y": Amount.of(1, SECONDS)}, (-INF, INF)),
        (
            "u ? x : y",
            {"u": UNKNOWN_TRUTH, "x": Amount.of(1, BYTES), "y": Amount.of(1, SECONDS)},
            Untold,
        ),
        ("x.map(v, v)", {"x": 3}, Untold),
        ("x.size()", {"x": 3}, (-INF, INF)),
        ("x.memory", {"x": 3}, Untold),
    ],
)
def test_values_of_other_kinds_than_expected_are_unknown_with_a_reason(
    ask: Ask, text: str, given: dict[str, Any], wanted: object
) -> None:
    found = ask(text, **given)
    assert seen(found) == wanted
    assert bool(needs(found)) is not found.is_known


def test_numbers_that_grow_without_end_stay_small_and_right(ask: Ask) -> None:
    large = ask(" * ".join(["9000000000000000000"] * 60))
    small = ask(" * ".join(["9000000000000000000"] * 60) + " * -1")
    fine = ask(" * ".join(["0.000000000000000000000001"] * 60) + " + 1")
    for found, exact in [
        (large, Fraction(9 * 10**18) ** 60),
        (small, -(Fraction(9 * 10**18) ** 60)),
        (fine, 1 + Fraction(1, 10**24) ** 60),
    ]:
        assert isinstance(found, Num)
        assert found.low < exact < found.high
        ends = [Fraction(end) for end in (found.low, found.high) if abs(end) != INF]
        assert all(end.numerator.bit_length() < 2000 for end in ends)
    assert needs(large) == ("a number of that size cannot be calculated with",)
    assert seen(ask("x > 5", x=large)) is True
    assert seen(ask("x < -5", x=small)) is True
    assert seen(ask("x >= 1 && x < 1.0001", x=fine)) is True


@pytest.mark.parametrize(
    ("piece", "end", "closing", "wanted"),
    [
        ("!", "true", "", False),
        ("1 + ", "1", "", 64),
        ("ceil(", "1", ")", 1),
        ("true ? 1 : ", "2", "", 1),
        ("[1].map(v, ", "v", ").sum()", 1),
        ("true && ", "true", "", True),
    ],
)
def test_the_deepest_expressions_can_be_evaluated(
    ask: Ask, piece: str, end: str, closing: str, wanted: object
) -> None:
    times = DEEPEST // 2 - 1 if closing == ").sum()" else DEEPEST - 1
    assert seen(ask(piece * times + end + closing * times)) == wanted


def test_whole_results_are_whole_numbers(ask: Ask) -> None:
    results = [ask(text) for text in ("6 / 3", "0.5 * 4", "0.5 + 0.5", "1.5 - 0.5", "5 / never")]
    assert [type(found.low) for found in results if isinstance(found, Num)] == [int] * 5


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("m + 5", BYTES),
        ("5 + m", BYTES),
        ("m - 5", BYTES),
        ("5 - m", BYTES),
        ("m * 5", BYTES),
        ("n * m", BYTES),
        ("m * n", BYTES),
        ("m / n", BYTES),
        ("m / 5", BYTES),
        ("m / m", COUNT),
        ("m / t", Unit(bytes=1, seconds=-1)),
        ("5 / t", Unit(seconds=-1)),
        ("n / 5", COUNT),
        ("5 * n", COUNT),
        ("m % 5", BYTES),
        ("-m", BYTES),
        ("ceil(m)", BYTES),
        ("min(5, m)", BYTES),
        ("max(5, m)", BYTES),
        ("[5, m].sum()", BYTES),
        ("[5, m].max()", BYTES),
        ("n > 1 ? 5 : m", None),
        ("n > u ? 5 : m", BYTES),
        ("[m].size()", COUNT),
        ("5 * 2", None),
        ("[].sum()", None),
        ("never", SECONDS),
        ("unlimited", None),
    ],
)
def test_results_carry_their_unit(ask: Ask, text: str, unit: Unit | None) -> None:
    found = ask(text, m=Amount.of(7, BYTES), t=Amount.of(7, SECONDS), n=7, u=UNKNOWN)
    assert isinstance(found, Num)
    assert found.unit == unit
    assert found.amount == Amount(found.low, found.high, unit or COUNT)


@pytest.mark.parametrize(
    ("type_", "wanted"),
    [
        (NumType(BYTES), Num(0, INF, BYTES)),
        (TRUTH, Truth(None)),
        (TEXT, Text(None)),
        (ListType(TEXT), Items((), is_complete=False)),
        (ANY, Untold()),
        (ThingType("host"), Untold()),
    ],
)
def test_unknown_of_a_type(type_: Type, wanted: Value) -> None:
    found = unknown(type_, Missing("it"))
    assert found == wanted
    assert needs(found) == ("it",)


@pytest.mark.parametrize(
    ("value", "type_"),
    [
        (Num(1, 1, BYTES), NumType(BYTES)),
        (Num(1, 1, None), BARE),
        (Truth(None), TRUTH),
        (Text("a"), TEXT),
        (Unset(), ANY),
    ],
)
def test_type_of_a_parameter(value: Value, type_: Type) -> None:
    assert type_of(value) == type_


def test_bare_numbers_have_no_unit_of_their_own(ask: Ask) -> None:
    found = ask("2 * 3")
    assert isinstance(found, Num)
    assert found.unit == BARE.unit
    assert arithmetic(found) == "2 x 3 = 6"
