"""What the rules' language makes of PostgreSQL's facts."""

from __future__ import annotations

import pytest

from plimsoll.check.language import Num, Thing, Value, needs
from plimsoll.check.library import knowledge
from plimsoll.check.world.base import thing
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.quantity import MIB, UNLIMITED, Number
from plimsoll.stack import read_texts

CLIENTS = """
  app: {technology: gunicorn, command: "gunicorn -w 4 app", replicas: 2}
links: [{from: app, to: db, connections: 5}]
"""


def fact(name: str, conf: str = "", version: str = "15", more: str = "") -> Value:
    version_ = f'version: "{version}", ' if version else ""
    stack = read_texts(
        {
            "plimsoll.yaml": f"services:\n  db: {{technology: postgresql, {version_}files: [p.conf]}}\n"
            + more,
            "p.conf": conf,
        }
    )
    db = thing(stack.services["db"])
    assert isinstance(db, Thing)
    return StackWorld(stack, knowledge()).attribute(db, name)


def number(value: Value) -> Number:
    assert isinstance(value, Num)
    assert value.low == value.high, needs(value)
    return value.low


# postgres -C shared_memory_size, in MiB.
SHARED = [
    ("15", "128MB", 100, 143), ("15", "128MB", 1000, 184), ("15", "1GB", 100, 1074),
    ("15", "8GB", 100, 8399), ("15", "8GB", 1000, 8441), ("16", "1GB", 1000, 1115),
    ("17", "1GB", 100, 1079), ("17", "8GB", 1000, 8477), ("18", "128MB", 100, 150),
    ("18", "128MB", 1000, 197), ("18", "1GB", 100, 1086), ("18", "8GB", 100, 8443),
    ("18", "8GB", 1000, 8516),
]  # fmt: skip


@pytest.mark.parametrize(("version", "buffers", "connections", "measured"), SHARED)
def test_shared_memory_is_what_servers_say(
    version: str, buffers: str, connections: int, measured: int
) -> None:
    conf = f"shared_buffers = {buffers}\nmax_connections = {connections}\n"
    found = number(fact("shared_memory", conf, version)) / MIB
    assert abs(float(found) - measured) <= max(18.0, 0.005 * measured)


@pytest.mark.parametrize(
    ("name", "conf", "version", "expected"),
    [
        ("processes", "max_connections = 50\n", "15", 61),
        ("concurrency", "max_connections = 50\n", "15", 50),
        ("request_timeout", "", "15", UNLIMITED),
        ("request_timeout", "statement_timeout = 30s\n", "15", 30),
        ("idle_keepalive", "idle_session_timeout = 1min\n", "15", 60),
        ("idle_keepalive", "", "13", UNLIMITED),
        ("backlog", "max_connections = 50\n", "15", 144),
        ("backlog", "max_connections = 50\n", "15.4", 144),
        ("backlog", "max_connections = 50\n", "16", 100),
        ("backlog", "max_connections = 50\n", "18", 100),
        ("descriptors", "", "15", 1000),
        ("parallel_workers", "max_parallel_workers = 6\n", "15", 6),
        ("parallel_workers", "max_connections = 2\n", "15", 4),
        ("autovacuum_memory", "maintenance_work_mem = 100MB\n", "15", 300 * MIB),
        ("autovacuum_memory", "autovacuum_work_mem = 10MB\n", "15", 30 * MIB),
        ("autovacuum_memory", "autovacuum_max_workers = 20\n", "18", 16 * 64 * MIB),
        ("autovacuum_memory", "autovacuum_max_workers = 20\n", "15", 20 * 64 * MIB),
    ],
)
def test_facts(name: str, conf: str, version: str, expected: int) -> None:
    assert number(fact(name, conf, version)) == expected


def test_memory_of_a_server_without_a_file() -> None:
    floor = number(fact("memory_floor"))
    assert floor == number(fact("shared_memory")) + 140 * MIB
    worst = number(fact("memory_worst"))
    # 108 processes with one hash join each, 3 autovacuum workers, temporary tables of 100 sessions.
    per_process = number(fact("private_memory")) + 8 * MIB
    shared = number(fact("shared_memory"))
    assert worst == shared + 108 * per_process + 3 * 64 * MIB + 800 * MIB


def test_likely_memory_counts_what_clients_hold() -> None:
    conf = "work_mem = 10MB\nmax_connections = 200\n"
    assert number(fact("in_use", conf, more=CLIENTS)) == 40
    floor = number(fact("memory_floor", conf))
    assert number(fact("memory_likely", conf, more=CLIENTS)) == floor + 400 * MIB


@pytest.mark.parametrize(
    ("more", "cores", "sessions"),
    [
        (CLIENTS, "", 40),
        (CLIENTS, "cores: 1, ", 20),
        (CLIENTS, "cores: 16, ", 40),
        ("", "cores: 4, ", 32),
        ("", "", 200),
    ],
)
def test_sessions_at_work_are_those_of_clients_that_cores_can_serve(
    more: str, cores: str, sessions: int
) -> None:
    files = {
        "plimsoll.yaml": f"services:\n  db: {{technology: postgresql, {cores}files: [p.conf]}}\n{more}",
        "p.conf": "max_connections = 200\n",
    }
    stack = read_texts(files)
    db = thing(stack.services["db"])
    assert isinstance(db, Thing)
    assert number(StackWorld(stack, knowledge()).attribute(db, "sessions")) == sessions


def test_likely_memory_of_unknown_clients_reaches_up_to_all_connections() -> None:
    found = fact("memory_likely", "work_mem = 10MB\nmax_connections = 200\n")
    floor = number(fact("memory_floor", "work_mem = 10MB\nmax_connections = 200\n"))
    assert isinstance(found, Num)
    assert (found.low, found.high) == (floor, floor + 2000 * MIB)
    assert needs(found) == ("clients of db",)


def test_unknown_version_spans_the_versions() -> None:
    found = fact("backlog", "max_connections = 50\n", "")
    assert isinstance(found, Num)
    assert (found.low, found.high) == (100, 144)
