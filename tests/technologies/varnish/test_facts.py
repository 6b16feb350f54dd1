"""What the rules' language makes of Varnish's facts."""

from __future__ import annotations

from fractions import Fraction

import pytest

from plimsoll.check.language import Num, needs
from plimsoll.check.library import knowledge
from plimsoll.check.world.base import thing
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.quantity import KIB, MIB, UNLIMITED, Number
from plimsoll.stack import read_texts


def number(name: str, options: str) -> Number:
    said = f"services:\n  cache:\n    technology: varnish\n    command: varnishd {options}\n"
    stack = read_texts({"plimsoll.yaml": said})
    found = StackWorld(stack, knowledge()).attribute(thing(stack.services["cache"]), name)
    assert isinstance(found, Num)
    assert found.low == found.high, needs(found)
    return found.low


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("threads", "", 10_000),
        ("concurrency", "-p thread_pools=4 -p thread_pool_max=100", 400),
        ("idle_keepalive", "-p timeout_idle=9", 9),
        ("backlog", "", 1024),
        ("request_timeout", "", UNLIMITED),
        ("stored", "", 100 * MIB),
        ("stored", "-s malloc,1M -s x=malloc,2M -s file,/x,9G", 3 * MIB),
        ("stored", "-s malloc", UNLIMITED),
        ("memory_floor", "-s malloc,20M -l 1M", 21 * MIB),
        (
            "memory_likely",
            "-s malloc,100M -l 1M -p thread_pool_stack=80k",
            111 * MIB + 200 * 80 * KIB,
        ),
    ],
)
def test_facts(name: str, options: str, expected: int) -> None:
    assert number(name, options) == expected


def test_a_link_has_the_times_of_its_backend() -> None:
    vcl = 'vcl 4.1;\nbackend a { .host = "app"; .port = "80"; .first_byte_timeout = 7s; }\n'
    said = "services: {cache: {technology: varnish, files: [a.vcl]}, app: {technology: nginx, files: [nginx.conf]}}"
    conf = "events {}\nhttp { server { listen 80; } }\n"
    stack = read_texts({"plimsoll.yaml": said, "a.vcl": vcl, "nginx.conf": conf})
    (link,) = stack.links
    world = StackWorld(stack, knowledge())
    for name, low, high in (
        ("timeout", 7, 7),
        ("connect_timeout", Fraction(7, 10), Fraction(7, 2)),
    ):
        found = world.attribute(thing(link), name)
        assert isinstance(found, Num)
        assert (found.low, found.high) == (low, high)
