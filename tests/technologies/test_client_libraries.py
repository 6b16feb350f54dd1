"""What client libraries do by default, as links in the rules' language."""

from __future__ import annotations

import pytest

from plimsoll.check.language import Num, Truth, Value
from plimsoll.check.library import knowledge
from plimsoll.check.world.base import thing
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.quantity import UNLIMITED
from plimsoll.model.stack import Link, Stack
from plimsoll.stack import read_texts
from plimsoll.technologies import technology

SERVICES = """
services:
  app: {technology: gunicorn, command: "gunicorn -w 2 --threads 8 app", files: [settings.py]}
  db: {technology: postgresql, version: "15"}
  cache: {technology: redis}
"""


def fact(stack: Stack, link: Link, name: str) -> Value:
    found = thing(link)
    return StackWorld(stack, knowledge()).attribute(found, name)


def shown(value: Value) -> float | bool | tuple[float, float] | None:
    if isinstance(value, Truth):
        return value.value
    assert isinstance(value, Num), value
    return float(value.low) if value.low == value.high else (float(value.low), float(value.high))


def of_library(
    library: str, name: str, more: str = ""
) -> float | bool | tuple[float, float] | None:
    link = f"links: [{{from: app, to: db, pool: {library}{more}}}]\n"
    stack = read_texts({"plimsoll.yaml": SERVICES + link, "settings.py": ""})
    return shown(fact(stack, stack.links[0], name))


@pytest.mark.parametrize(
    ("library", "name", "expected"),
    [
        ("sqlalchemy", "connections", 15), ("sqlalchemy", "pool_wait", 30),
        ("sqlalchemy", "lifetime", UNLIMITED), ("sqlalchemy", "checked", False),
        ("asyncpg", "connections", 10), ("asyncpg", "idle", 300), ("asyncpg", "timeout", UNLIMITED),
        ("asyncpg", "connect_timeout", 60),
        ("psycopg-pool", "connections", 4), ("psycopg-pool", "pool_wait", 30),
        ("psycopg-pool", "lifetime", 3600), ("psycopg-pool", "idle", 600),
        ("psycopg2", "connect_timeout", UNLIMITED),
        ("aiomysql", "connections", 10), ("aiomysql", "lifetime", UNLIMITED),
        ("hikaricp", "connections", 10), ("hikaricp", "pool_wait", 30), ("hikaricp", "idle", 600),
        ("hikaricp", "lifetime", 1800),
        ("active-record", "connections", 5), ("active-record", "pool_wait", 5),
        ("node-pg", "connections", 10), ("node-pg", "pool_wait", UNLIMITED), ("node-pg", "idle", 10),
        ("mysql2", "connections", 10), ("mysql2", "pool_wait", UNLIMITED),
        ("sequelize", "connections", 5), ("sequelize", "pool_wait", 60),
        ("knex", "connections", 10), ("knex", "pool_wait", 60), ("prisma", "pool_wait", 10),
        ("database-sql", "connections", UNLIMITED),
        ("redis-py", "connections", UNLIMITED), ("redis-py", "timeout", (5, UNLIMITED)),
        ("redis-py", "retries", (0, 10)),
        ("ioredis", "timeout", UNLIMITED), ("ioredis", "connect_timeout", 10), ("ioredis", "retries", 20),
        ("node-redis", "timeout", UNLIMITED), ("node-redis", "connect_timeout", 5),
        ("requests", "timeout", UNLIMITED), ("requests", "retries", 0),
        ("celery", "connections", 10), ("celery", "connect_timeout", 4),
    ],
)  # fmt: skip
def test_defaults_of_libraries(
    library: str,
    name: str,
    expected: float | bool | tuple[float, float],
) -> None:
    assert of_library(library, name) == expected


def test_what_is_stated_of_a_link_beats_its_library() -> None:
    assert of_library("sqlalchemy", "connections", ", connections: 3") == 3
    assert of_library("redis-py", "timeout", ", timeout: 2s") == 2


@pytest.mark.parametrize(("library", "version", "name", "expected"), [
    ("redis-py", "5.0.8", "socket_timeout", "never"), ("redis-py", "8.1", "socket_timeout", "5 s"),
    ("redis-py", "5.0.8", "retry", "0"), ("redis-py", "6.4", "retry", "3"), ("redis-py", "8.0", "retry", "10"),
])  # fmt: skip
def test_defaults_change_with_the_version(
    library: str, version: str, name: str, expected: str
) -> None:
    from plimsoll.model.version import Version

    known = technology(library)
    assert known is not None
    found = known.schema.default(name, Version(version))
    assert found is not None
    assert str(found.value) == expected


def of_django(text: str, kind: str, name: str) -> float | bool | tuple[float, float] | None:
    stack = read_texts({"plimsoll.yaml": SERVICES, "settings.py": text})
    link = next(each for each in stack.links if each.part and each.part.type == kind)
    return shown(fact(stack, link, name))


DATABASE = "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'HOST': 'db'%s}}\n"
CACHE = "CACHES = {'default': {'BACKEND': '%s', 'LOCATION': 'redis://cache'%s}}\n"
OWN, OTHER = "django.core.cache.backends.redis.RedisCache", "django_redis.cache.RedisCache"


@pytest.mark.parametrize(
    ("entries", "name", "expected"),
    [
        ("", "connections", 8), ("", "lifetime", 0), ("", "idle", 0), ("", "checked", False),
        ("", "pool_wait", 0), ("", "timeout", UNLIMITED), ("", "reuses", False),
        (", 'CONN_MAX_AGE': 60", "lifetime", 60), (", 'CONN_MAX_AGE': None", "lifetime", UNLIMITED),
        (", 'CONN_MAX_AGE': 60", "idle", UNLIMITED), (", 'CONN_MAX_AGE': 60", "reuses", True),
        (", 'CONN_HEALTH_CHECKS': True", "checked", True),
        (", 'OPTIONS': {'pool': True}", "connections", 4),
        (", 'OPTIONS': {'pool': {'max_size': 6}}", "connections", 6),
        (", 'OPTIONS': {'pool': {'min_size': 2}}", "connections", 2),
        (", 'OPTIONS': {'pool': {'timeout': 5}}", "pool_wait", 5),
        (", 'OPTIONS': {'pool': True}", "pool_wait", 30),
        (", 'OPTIONS': {'connect_timeout': 3}", "connect_timeout", 3),
    ],
)  # fmt: skip
def test_databases_of_django(entries: str, name: str, expected: float | bool) -> None:
    assert of_django(DATABASE % entries, "database", name) == expected


@pytest.mark.parametrize(
    ("backend", "entries", "name", "expected"),
    [
        (OWN, "", "connections", UNLIMITED),
        (OWN, "", "timeout", (5, UNLIMITED)),
        (OWN, ", 'OPTIONS': {'socket_timeout': 2}", "timeout", 2),
        (OWN, ", 'OPTIONS': {'socket_connect_timeout': 1}", "connect_timeout", 1),
        (OWN, ", 'OPTIONS': {'max_connections': 9}", "connections", 9),
        (OTHER, ", 'OPTIONS': {'SOCKET_TIMEOUT': 3}", "timeout", 3),
        (
            OTHER,
            ", 'OPTIONS': {'CONNECTION_POOL_KWARGS': {'max_connections': 15}}",
            "connections",
            15,
        ),
        (
            OTHER,
            ", 'OPTIONS': {'SOCKET_TIMEOUT': 3, 'CONNECTION_POOL_KWARGS': {'socket_timeout': 4}}",
            "timeout",
            4,
        ),
    ],
)
def test_caches_of_django(backend: str, entries: str, name: str, expected: object) -> None:
    assert of_django(CACHE % (backend, entries), "cache", name) == expected


def test_entries_of_caches_are_described_alike() -> None:
    django, redis = technology("django"), technology("django-redis")
    assert django is not None
    assert redis is not None
    shared = {n: e for n, e in redis.schema.entries.items() if n.startswith("cache/")}
    assert shared
    assert shared == {n: django.schema.entries[n] for n in shared}
