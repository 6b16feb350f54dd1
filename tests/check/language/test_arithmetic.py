"""How a calculation is printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from plimsoll.check.language import (
    Items,
    Missing,
    NotHere,
    Num,
    Value,
    amount,
    arithmetic,
    named,
    unknown,
)
from plimsoll.check.language.types import TEXT, NumType
from plimsoll.model.finding import Operand
from plimsoll.model.quantity import BYTES, COUNT, GIB, MIB, SECONDS, UNLIMITED, Amount
from plimsoll.model.setting import Origin, Setting, Unset

Ask = Callable[..., Value]
UNKNOWN = unknown(NumType(COUNT), Missing("connections"))
SYSTEM = named(Num(256 * MIB, 256 * MIB, BYTES), "system")


@pytest.mark.parametrize(
    ("text", "given", "wanted"),
    [
        ("2 * 4 * x", {"x": 20}, "2 x 4 x 20 = 160"),
        ("x - y", {"x": 100, "y": 3}, "100 - 3 = 97"),
        ("x", {"x": 5}, "5"),
        ("x", {"x": Amount.of(4 * GIB, BYTES)}, "4 GiB"),
        ("256 * MiB", {}, "256 MiB"),
        ("x * 30 * second", {"x": 2}, "2 x 30 x 1 s = 60 s"),
        ("x * (30 * second)", {"x": 2}, "2 x 30 s = 60 s"),
        ("t == never ? t : 5", {"t": Amount.of(UNLIMITED, SECONDS)}, "never"),
        ("x * system", {"x": 2, "system": SYSTEM}, "2 x (system 256 MiB) = 512 MiB"),
        ("x + system", {"x": Amount.of(GIB, BYTES), "system": SYSTEM}, "1 GiB + system 256 MiB = 1.25 GiB"),
        ("x - (y - 1)", {"x": 9, "y": 3}, "9 - 3 + 1 = 7"),
        ("x - (y + 1)", {"x": 9, "y": 3}, "9 - 3 - 1 = 5"),
        ("(x + y) * 2", {"x": 9, "y": 3}, "(9 + 3) x 2 = 24"),
        ("x / (y * 2)", {"x": 12, "y": 3}, "12 / (3 x 2) = 2"),
        ("x / y", {"x": 1, "y": 3}, "1 / 3 = ~0.333"),
        ("-x + 1", {"x": 9}, "-9 + 1 = -8"),
        ("-(x + 1)", {"x": 9}, "-(9 + 1) = -10"),
        ("x % 4", {"x": 9}, "9 % 4 = 1"),
        ("min(x, y) * 2", {"x": 9, "y": 3}, "min(3, 9) x 2 = 6"),
        ("max(x, y + 1)", {"x": 9, "y": 3}, "max(9, 3 + 1) = 9"),
        ("min(8, 7, 6, 5, 4, 3, 2, 1)", {}, "min(1, 8, 7, 6, 5, 4, 2 more) = 1"),
        ("ceil(x / 2)", {"x": 9}, "ceil(9 / 2) = 5"),
        ("x > 5 ? x * 2 : 1", {"x": 9}, "9 x 2 = 18"),
        ("(x > 5 ? x + 2 : 1) * 3", {"x": 9}, "(9 + 2) x 3 = 33"),
        ("1 + (x > 5 ? x + 2 : 1)", {"x": 9}, "1 + 9 + 2 = 12"),
        ("20 - (x > 5 ? x + 2 : 1)", {"x": 9}, "20 - 9 - 2 = 9"),
        ("xs.sum()", {"xs": [1, 2, 3]}, "1 + 2 + 3 = 6"),
        ("xs.sum()", {"xs": [1, 2, 3, 4, 5, 6]}, "1 + 2 + 3 + 4 + 5 + 6 = 21"),
        ("xs.max()", {"xs": [6, 2, 3, 4, 5, 1]}, "max(6, 2, 3, 4, 5, 1) = 6"),
        ("xs.sum()", {"xs": [7]}, "7"),
        ("xs.sum()", {"xs": []}, "0"),
        ("xs.sum() - 5", {"xs": []}, "-5"),
        ("0 - xs.sum()", {"xs": [7]}, "0 - 7 = -7"),
        ("xs.map(v, v * 2).sum() + 1", {"xs": [1, 2]}, "1 x 2 + 2 x 2 + 1 = 7"),
        ("xs.sum()", {"xs": list(range(1, 11))}, "1 + 2 + 3 + 4 + 5 + 6 + 4 more = 55"),
        ("xs.max() * 2", {"xs": [1, 5]}, "max(5, 1) x 2 = 10"),
        ("xs.max() * 2", {"xs": [5]}, "5 x 2 = 10"),
        ("xs.size() * 2", {"xs": [5]}, "1 x 2 = 2"),
        ("100 + u", {"u": UNKNOWN}, "100 + unknown = at least 100"),
        ("100 - u", {"u": UNKNOWN}, "100 - unknown = at most 100"),
        ("2 * x", {"x": Num(2, 3)}, "2 x (2 to 3) = 4 to 6"),
        ("2 * x", {"x": Num(2, UNLIMITED)}, "2 x (at least 2) = at least 4"),
        ("s.x + 2", {"x": Unset()}, "unset + 2 = unknown"),
        ("u > 5 ? 1 : 3", {"u": UNKNOWN}, "1 to 3"),
        ("2 * (u > 5 ? 1 : 3)", {"u": UNKNOWN}, "2 x (1 to 3) = 2 to 6"),
        ("[1, 2].filter(v, v > u).sum()", {"u": UNKNOWN}, "1 + 2 = 0 to 3"),
        ("-unlimited", {}, "-unlimited"),
    ],
)  # fmt: skip
def test_calculations(ask: Ask, text: str, given: dict[str, Any], wanted: str) -> None:
    assert arithmetic(ask(text, **given)) == wanted


@pytest.mark.parametrize(
    ("text", "given", "wanted"),
    [
        ("x < y", {"x": 1, "y": 2}, "1 < 2"),
        ("x > y", {"x": 1, "y": 2}, "1 <= 2"),
        ("2 * x <= y - 1", {"x": 9, "y": 3}, "2 x 9 = 18 > 3 - 1 = 2"),
        ("s.x == 'on'", {"x": "off"}, 'x "off" != "on"'),
        ("s.x != 'on'", {"x": "off"}, 'x "off" != "on"'),
        ("s.x", {"x": True}, "x is true"),
        ("!s.x", {"x": True}, "x is true"),
        ("s.x && s.y", {"x": True, "y": False}, "y is false"),
        ("s.x && s.y", {"x": True, "y": True}, "x is true and y is true"),
        ("s.x || s.y", {"x": False, "y": False}, "x is false and y is false"),
        ("s.y || s.x", {"x": True, "y": False}, "x is true"),
        ("has(s.x)", {"x": 5}, "x is set"),
        ("has(s.x)", {"x": Unset()}, "x is not set"),
        ("has(s.x)", {}, "x is not set"),
        ("written(s.x)", {"x": 5}, "x is written"),
        ("s.x.startsWith('al')", {"x": "lru"}, 'x "lru" does not start with "al"'),
        ("s.x.contains('l')", {"x": "lru"}, 'x "lru" contains "l"'),
        ("s.x.matches('^l')", {"x": "lru"}, 'x "lru" matches "^l"'),
        ("s.x in ['a', 'b']", {"x": "lru"}, 'x "lru" is none of "a", "b"'),
        ("x in [1, 2]", {"x": 2}, "2 is one of 1, 2"),
        ("xs.all(v, v < 3)", {"xs": [1, 4, 5]}, "4 >= 3 and 5 >= 3"),
        ("xs.exists(v, v > 3)", {"xs": [1, 4]}, "4 > 3"),
        ("x > 1 ? s.y : true", {"x": 2, "y": False}, "y is false"),
        ("u > 1", {"u": UNKNOWN}, ""),
    ],
)  # fmt: skip
def test_conditions_say_what_is_the_case(
    ask: Ask, text: str, given: dict[str, Any], wanted: str
) -> None:
    assert arithmetic(ask(text, **given)) == wanted


def test_only_the_outermost_name_is_opened(ask: Ask) -> None:
    inner = named(ask("2 * 3"), "inner")
    outer = named(ask("i + 1", i=inner), "outer")
    assert arithmetic(outer) == "inner 6 + 1 = 7"


def test_facts_and_calculated_defaults_are_plain_numbers(ask: Ask) -> None:
    setting = Setting("workers", "", origin=Origin.DERIVED)
    fact = named(ask("2 * 2 + 1"), "workers", Operand("app", setting), is_fact=True)
    assert arithmetic(ask("w * 20", w=fact)) == "5 x 20 = 100"
    assert arithmetic(fact) == "2 x 2 + 1 = 5"


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (unknown(TEXT, Missing("x")), "unknown"),
        (Items(()), "unknown"),
        (NotHere("x"), "unknown"),
        (Num(0, UNLIMITED), "unknown"),
        (Num(3, UNLIMITED, BYTES), "at least 3 B"),
        (Num(UNLIMITED, UNLIMITED, SECONDS), "never"),
    ],
)
def test_amounts_alone(value: Value, wanted: str) -> None:
    assert amount(value) == wanted
