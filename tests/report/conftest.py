"""A small stack, made by hand, and what a check of it gave."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from plimsoll.model.finding import Direction, Finding, Kind, Operand, Outcome, Severity, Skipped
from plimsoll.model.place import Place, Span
from plimsoll.model.quantity import BYTES, MIB, Amount
from plimsoll.model.setting import Origin, Setting, Unread
from plimsoll.model.stack import Host, Service, Stack
from plimsoll.model.version import Version

POSTGRES = "# the shop's database\nmax_connections = 100\t# enough\nshared_buffers = 8GB\n"
GUNICORN = 'bind = "127.0.0.1:8000"\nworkers = 4\n'

MAX_CONNECTIONS = Setting(
    "max_connections",
    "100",
    Place("db/postgresql.conf", Span(2, 1, 2, 22), Span(2, 19, 2, 22)),
    value=Amount.of(100),
    technology="postgresql",
)
SHARED_BUFFERS = Setting(
    "shared_buffers",
    "8GB",
    Place("db/postgresql.conf", Span(3, 1, 3, 21), Span(3, 18, 3, 21)),
    value=Amount.of(8192 * MIB, BYTES),
    technology="postgresql",
)
RESERVED = Setting(
    "superuser_reserved_connections",
    "3",
    origin=Origin.DEFAULT,
    value=Amount.of(3),
    technology="postgresql",
    version="15",
    belongs="postgresql.conf",
)
WORKERS = Setting(
    "workers",
    "4",
    Place("app/gunicorn.conf.py", Span(2, 1, 2, 12), Span(2, 11, 2, 12)),
    value=Amount.of(4),
    technology="gunicorn",
)
CONNECTIONS = Setting(
    "connections",
    "40",
    Place("plimsoll.yaml", Span(9, 5, 9, 20), Span(9, 18, 9, 20)),
    origin=Origin.STATED,
    value=Amount.of(40),
)

TOO_MANY = Finding(
    rule="connections-exceed-server",
    title="The clients can open more connections than the server takes",
    severity=Severity.CRITICAL,
    kind=Kind.BOUND,
    target="db",
    service="db",
    message="clients open up to 160 connections, 97 are there",
    why="Clients above the limit are refused.",
    operands=(
        Operand("db", MAX_CONNECTIONS),
        Operand("app", WORKERS),
        Operand("app -> db", CONNECTIONS),
        Operand("db", RESERVED),
    ),
    repair=(
        Operand("app -> db", CONNECTIONS, Direction.LOWER),
        Operand("db", MAX_CONNECTIONS, Direction.RAISE),
        Operand("app", WORKERS),
    ),
    load=Amount.of(160),
    limit=Amount.of(97),
    arithmetic="4 x 40 = 160 > 100 - 3 = 97",
    source=("PostgreSQL manual, 20.3",),
    seen=("seed-001",),
    fingerprint="f00d",
)
WORKERS_ALONE = Finding(
    rule="workers-without-limit",
    title="Workers are never recycled",
    severity=Severity.MEDIUM,
    kind=Kind.JUDGEMENT,
    target="app",
    service="app",
    message="workers are never recycled",
    why="A leak grows for ever.",
    operands=(Operand("app", WORKERS),),
)


@pytest.fixture
def outcome() -> Outcome:
    db = Service(
        "db",
        "postgresql",
        Version("15"),
        host="shop-1",
        settings=(MAX_CONNECTIONS, SHARED_BUFFERS),
    )
    app = Service("app", "gunicorn", host="shop-1", settings=(WORKERS,))
    stack = Stack(
        hosts={"shop-1": Host("shop-1")},
        services={"app": app, "db": db},
        texts={"db/postgresql.conf": POSTGRES, "app/gunicorn.conf.py": GUNICORN},
    )
    return Outcome(
        stack=stack,
        findings=(replace(WORKERS_ALONE), TOO_MANY),
        skipped=(
            Skipped("buffers-exceed-memory", "db", "needs memory of host shop-1", "db"),
            Skipped("workers-exceed-memory", "app", "needs memory of host shop-1", "app"),
            Skipped("workers-exceed-memory", "app", "needs private_memory of app", "app"),
        ),
        unread=(Unread("nginx/site.j2", "a template"),),
        rules=24,
    )
