"""What the rules' language makes of Apache's facts."""

from __future__ import annotations

import pytest

from plimsoll.check.language import Num, Thing
from plimsoll.check.library import knowledge
from plimsoll.check.world.base import thing
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.quantity import UNLIMITED
from plimsoll.stack import read_texts

PLIMSOLL = 'services: {web: {technology: apache, version: "2.4.57", files: [httpd.conf]}}'
PREFORK = "LoadModule mpm_prefork_module m.so\n"
EVENT = "LoadModule mpm_event_module m.so\n"


def fact(name: str, text: str, plimsoll: str = PLIMSOLL) -> tuple[object, object]:
    stack = read_texts({"plimsoll.yaml": plimsoll, "httpd.conf": text})
    web = thing(stack.services["web"])
    assert isinstance(web, Thing)
    found = StackWorld(stack, knowledge()).attribute(web, name)
    assert isinstance(found, Num)
    return found.low, found.high


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("processes", PREFORK, 256), ("processes", PREFORK + "MaxClients 150\n", 150), ("processes", EVENT, 16),
        ("processes", EVENT + "MaxRequestWorkers 110\n", 4), ("threads", PREFORK, 1), ("threads", EVENT, 25),
        ("concurrency", EVENT, 400), ("concurrency", EVENT + "MaxRequestWorkers 20\n", 25), ("concurrency", PREFORK + "MaxClients 300\n", 256), ("threads", EVENT + "ThreadsPerChild 100\n", 64),
        ("concurrency", EVENT + "ServerLimit 4\nThreadsPerChild 10\n", 40),
        ("concurrency", PREFORK + "MaxRequestWorkers 9\n", 9), ("backlog", "", 511), ("idle_keepalive", "", 5),
        ("idle_keepalive", "KeepAlive Off\n", 0), ("drain", "", UNLIMITED), ("drain", "GracefulShutdownTimeout 30\n", 30),
        ("descriptors", EVENT, 75), ("memory_likely", PREFORK + "MaxRequestWorkers 10\n", 384_000_000),
    ],
)  # fmt: skip
def test_facts(name: str, text: str, expected: object) -> None:
    assert fact(name, text) == (expected, expected)


def test_an_unknown_mpm_leaves_a_span() -> None:
    plimsoll = "services: {web: {technology: apache, files: [httpd.conf]}}"
    assert fact("ServerLimit", "MaxClients 535\n", plimsoll) == (16, 256)
