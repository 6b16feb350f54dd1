"""What a Django application connects to."""

from __future__ import annotations

import pytest

from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Setting
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from plimsoll.technologies.django.endpoints import endpoints
from plimsoll.technologies.django.reader import READER

DJANGO = technology("django")
assert DJANGO is not None
SCHEMA = DJANGO.schema


def connects(text: str) -> list[Endpoint]:
    found = [i for i in READER.read(text, "settings.py") if isinstance(i, Setting)]
    return list(endpoints(settled(READER, SCHEMA, found)))


def database(**entries: str) -> str:
    return f"DATABASES = {{'default': {entries!r}}}\n"


POSTGRESQL = "django.db.backends.postgresql"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            database(ENGINE=POSTGRESQL, HOST="db", PORT="5433"),
            ("postgresql", "db", 5433, ""), id="host and port",
        ),
        pytest.param(
            database(ENGINE=POSTGRESQL, HOST="db"), ("postgresql", "db", 5432, ""), id="usual port"
        ),
        pytest.param(
            database(ENGINE=POSTGRESQL, HOST="/run/pg"),
            ("postgresql", "", None, "/run/pg/.s.PGSQL.5432"), id="socket",
        ),
        pytest.param(
            database(ENGINE=POSTGRESQL),
            ("postgresql", "", None, "/var/run/postgresql/.s.PGSQL.5432"), id="libpq's own socket",
        ),
        pytest.param(
            database(ENGINE="django.contrib.gis.db.backends.postgis", HOST="g"),
            ("postgresql", "g", 5432, ""), id="PostGIS",
        ),
        pytest.param(
            database(ENGINE="django.db.backends.mysql", HOST="m"), ("mysql", "m", 3306, ""), id="MySQL"
        ),
        pytest.param(
            database(ENGINE="django.db.backends.mysql", HOST="/run/m.sock"),
            ("mysql", "", None, "/run/m.sock"), id="MySQL's socket",
        ),
        pytest.param(
            "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'HOST': f()}}\n",
            ("postgresql", "", None, ""), id="unknown host",
        ),
    ],
)  # fmt: skip
def test_databases(text: str, expected: tuple[str, str, int | None, str]) -> None:
    (found,) = connects(text)
    assert (found.technology, found.host, found.port, found.socket) == expected
    assert (found.side, found.library, found.part) == ("connects", "django", "database default")


def test_a_file_is_no_server() -> None:
    assert connects(database(ENGINE="django.db.backends.sqlite3", NAME="x")) == []


REDIS = "'BACKEND': 'django.core.cache.backends.redis.RedisCache'"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (f"{REDIS}, 'LOCATION': 'redis://c:6380/1'", [("redis", "c", 6380, "")]),
        (f"{REDIS}, 'LOCATION': 'rediss://:secret@c/1'", [("redis", "c", 6379, "")]),
        (f"{REDIS}, 'LOCATION': 'unix:///run/r.sock?db=1'", [("redis", "", None, "/run/r.sock")]),
        (f"{REDIS}, 'LOCATION': ['redis://a', 'redis://b']", [("redis", "a", 6379, ""), ("redis", "b", 6379, "")]),
        (f"{REDIS}, 'LOCATION': f()", [("redis", "", None, "")]),
        (REDIS, [("redis", "", None, "")]),
        ("'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': 'redis://c'", [("redis", "c", 6379, "")]),
        (
            "'BACKEND': 'django.core.cache.backends.memcached.PyMemcacheCache', 'LOCATION': ['m:11211', 'unix:/run/m']",
            [("memcached", "m", 11211, ""), ("memcached", "", None, "/run/m")],
        ),
        ("'BACKEND': 'django.core.cache.backends.locmem.LocMemCache', 'LOCATION': 'x'", []),
        ("'TIMEOUT': 1", []),
    ],
)  # fmt: skip
def test_caches(entry: str, expected: list[tuple[str, str, int | None, str]]) -> None:
    found = connects(f"CACHES = {{'default': {{{entry}}}}}\n")
    assert [(e.technology, e.host, e.port, e.socket) for e in found] == expected
    assert all(e.part == "cache default" for e in found)


def test_what_is_overridden_is_not_connected_to() -> None:
    text = database(ENGINE=POSTGRESQL, HOST="old") + database(ENGINE=POSTGRESQL, HOST="new")
    assert [e.host for e in connects(text)] == ["new"]


def test_brokers() -> None:
    (found,) = connects("CELERY_BROKER_URL = 'amqp://u:p@mq//'\n")
    assert (found.technology, found.host, found.port, found.library) == (
        "rabbitmq",
        "mq",
        5672,
        "celery",
    )
