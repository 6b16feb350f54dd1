"""What the rules' language makes of Redis's facts."""

from __future__ import annotations

import pytest

from plimsoll.check.language import Num, Thing, Truth, Value, needs
from plimsoll.check.library import knowledge
from plimsoll.check.world.base import thing
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.quantity import MIB, UNLIMITED, Number
from plimsoll.stack import read_texts


def fact(name: str, conf: str = "", more: str = "") -> Value:
    cache = 'cache: {technology: redis, version: "7.0", files: [redis.conf]}'
    stack = read_texts({"plimsoll.yaml": f"services:\n  {cache}\n{more}", "redis.conf": conf})
    found = thing(stack.services["cache"])
    assert isinstance(found, Thing)
    return StackWorld(stack, knowledge()).attribute(found, name)


def number(value: Value) -> Number:
    assert isinstance(value, Num)
    assert value.low == value.high, needs(value)
    return value.low


@pytest.mark.parametrize(
    ("name", "conf", "expected"),
    [
        ("processes", "", 1),
        ("threads", "", 1),
        ("threads", "io-threads 4\n", 4),
        ("concurrency", "maxclients 500\n", 500),
        ("descriptors", "maxclients 993\n", 1025),
        ("request_timeout", "", UNLIMITED),
        ("idle_keepalive", "", UNLIMITED),
        ("idle_keepalive", "timeout 300\n", 300),
        ("drain", "", 10),
        ("backlog", "", 511),
        ("memory_floor", "maxmemory 100mb\n", 100 * MIB),
        ("memory_floor", "maxmemory 1mb\n", 7 * MIB),
        ("memory_worst", "maxmemory 100mb\n", 200 * MIB),
        ("memory_likely", 'maxmemory 100mb\nsave ""\n', 111 * MIB),
        ("memory_likely", "maxmemory 100mb\n", 136 * MIB),
        ("memory_likely", 'maxmemory 100mb\nsave ""\nappendonly yes\n', 136 * MIB),
    ],
)
def test_facts(name: str, conf: str, expected: int) -> None:
    assert number(fact(name, conf)) == expected


@pytest.mark.parametrize(
    ("conf", "expected"),
    [
        ("", True),
        ('save ""\n', False),
        ("save 900 1\n", True),
        ('save 900 1\nsave ""\n', False),
        ('save ""\nsave 900 1\n', True),
        ('save ""\nappendonly yes\n', True),
    ],
)
def test_persists(conf: str, expected: bool) -> None:
    found = fact("persists", conf)
    assert isinstance(found, Truth)
    assert found.value is expected


def test_memory_without_a_limit_is_only_known_where_it_is_measured() -> None:
    found = fact("memory_floor")
    assert isinstance(found, Num)
    assert (found.low, found.high) == (7 * MIB, UNLIMITED)
    assert needs(found) == ("dataset of cache",)
    measured = fact("memory_floor", more="measured: {cache.dataset: 300MiB}\n")
    assert number(measured) == 300 * MIB
