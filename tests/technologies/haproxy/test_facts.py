"""What the rules' language makes of HAProxy's facts."""

from __future__ import annotations

import pytest

from plimsoll.check.language import Num, Thing
from plimsoll.check.library import knowledge
from plimsoll.check.world.base import thing
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.quantity import KIB, UNLIMITED
from plimsoll.stack import read_texts

PLIMSOLL = """
hosts: {edge-1: {cores: 4, nofile_soft: 1024, nofile_hard: 4096}}
services: {lb: {technology: haproxy, version: "2.6", host: edge-1, files: [haproxy.cfg]}}
"""
SMALL = "global\n maxconn 500\n nbthread 2\ndefaults\n timeout client 30s\n timeout server 20s\n"
PROXY = "listen l\n bind :80\n server a 10.0.0.1:80 check\n server b 10.0.0.2:80\n"


def fact(name: str, text: str) -> tuple[object, object]:
    stack = read_texts({"plimsoll.yaml": PLIMSOLL, "haproxy.cfg": text})
    lb = thing(stack.services["lb"])
    assert isinstance(lb, Thing)
    found = StackWorld(stack, knowledge()).attribute(lb, name)
    assert isinstance(found, Num)
    return found.low, found.high


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("concurrency", SMALL, 500), ("concurrency", "global\n", 2034), ("threads", SMALL, 2),
        ("threads", "", 4), ("processes", SMALL, 1), ("nofile", SMALL, 4096),
        ("descriptors", SMALL + PROXY, 2 * 500 + 1 + 1 + 3 * 2 + 10),
        ("descriptors", SMALL + "backend b\n default-server check\n server-template t 1-5 a:1\n", 1021),
        ("request_timeout", SMALL + PROXY, 20), ("request_timeout", SMALL, UNLIMITED),
        ("idle_keepalive", SMALL + PROXY, 30),
        ("idle_keepalive", SMALL + " mode http\n timeout http-keep-alive 5s\n" + PROXY, 5),
        ("idle_keepalive", SMALL + " timeout http-request 5s\n" + PROXY, 30),
        ("idle_keepalive", SMALL + " mode http\n timeout http-request 5s\n" + PROXY, 5),
        ("idle_keepalive", SMALL + "backend b\n server a 10.0.0.1:80\n", UNLIMITED),
        ("backlog", SMALL + PROXY, 500), ("backlog", SMALL + " maxconn 100\n" + PROXY, 100),
        ("backlog", SMALL + " backlog 300\n" + PROXY, 300), ("drain", SMALL, UNLIMITED),
        ("drain", "global\n hard-stop-after 5m\n", 300),
        ("private_memory", SMALL, 500 * 33 * KIB),
    ],
)  # fmt: skip
def test_facts(name: str, text: str, expected: object) -> None:
    assert fact(name, text) == (expected, expected)
