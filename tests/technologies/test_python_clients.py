"""Client libraries of Python: what their calls say, and the links that they are."""

from __future__ import annotations

import pytest

from plimsoll.check.language import Num
from plimsoll.check.library import knowledge
from plimsoll.check.world.base import thing
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.quantity import UNLIMITED
from plimsoll.stack import read_texts
from plimsoll.technologies import reader_of
from support import readings


@pytest.mark.parametrize(
    ("library", "text", "expected", "end"),
    [
        ("asyncpg", "import asyncpg\nasync def f():\n    p = await asyncpg.create_pool('postgresql://h/d', max_size=20)",
         {"p/dsn": "postgresql://h/d", "p/max_size": "20"}, ("h", 5432, "")),
        ("asyncpg", "import asyncpg\np = asyncpg.create_pool(host='h', port=6432, timeout=5)",
         {"p/host": "h", "p/port": "6432", "p/timeout": "5"}, ("h", 6432, "")),
        ("aiomysql", "import aiomysql\np = aiomysql.create_pool(2, 8, host='h')",
         {"p/minsize": "2", "p/maxsize": "8", "p/host": "h"}, ("h", 3306, "")),
        ("psycopg-pool", "from psycopg_pool import ConnectionPool\np = ConnectionPool('host=h port=1 connect_timeout=3', max_size=9)",
         {"p/conninfo": "host=h port=1 connect_timeout=3", "p/max_size": "9", "p/kwargs.host": "h",
          "p/kwargs.port": "1", "p/kwargs.connect_timeout": "3"}, None),
        ("psycopg2", "import psycopg2\nc = psycopg2.connect(\"dbname=d host='h' connect_timeout=4\")",
         {"c/dsn": "dbname=d host='h' connect_timeout=4", "c/dbname": "d", "c/host": "h",
          "c/connect_timeout": "4"}, ("h", 5432, "")),
        ("psycopg2", "import psycopg2.pool\np = psycopg2.pool.ThreadedConnectionPool(1, 20, host='/run/pg')",
         {"p/minconn": "1", "p/maxconn": "20", "p/host": "/run/pg"}, ("", None, "/run/pg/.s.PGSQL.5432")),
        ("redis-py", "import redis\nr = redis.Redis('h', 6380, socket_timeout=2)",
         {"r/host": "h", "r/port": "6380", "r/socket_timeout": "2"}, ("h", 6380, "")),
        ("redis-py", "from redis import asyncio\nr = asyncio.Redis.from_url('redis://h/1?max_connections=5')",
         {"r/url": "redis://h/1?max_connections=5", "r/max_connections": "5"}, ("h", 6379, "")),
        ("redis-py", "import redis\nr = redis.from_url('unix:///run/r.sock')",
         {"r/url": "unix:///run/r.sock"}, ("", None, "/run/r.sock")),
        ("redis-py", "import redis\nr = redis.Redis()", {}, ("localhost", 6379, "")),
        ("requests", "import requests\nrequests.get('http://api:8000/x', timeout=3)",
         {"get/url": "http://api:8000/x", "get/timeout": "3"}, ("api", 8000, "")),
    ],
)  # fmt: skip
def test_calls(
    library: str, text: str, expected: dict[str, str], end: tuple[str, int | None, str] | None
) -> None:
    found = readings.of(library, {"a.py": text})
    marks = {
        "/".join([*(b.name for b in s.scope), s.name])
        for s in found
        if s.text.partition(" in ")[0] == s.name
    }
    held = {k: v for k, v in readings.held(found).items() if k not in marks}
    assert held == expected
    reader = reader_of(library)
    assert reader is not None
    assert reader.endpoints is not None
    if end is not None:
        (got,) = reader.endpoints(found)
        assert (got.host, got.port, got.socket) == end


def test_a_client_of_a_pool_that_exists_makes_no_new_one() -> None:
    text = "import redis\np = redis.ConnectionPool(host='h')\nr = redis.Redis(connection_pool=p)"
    found = readings.of("redis-py", {"a.py": text})
    assert {s.scope[-1].name for s in found if s.scope} == {"p"}


@pytest.mark.parametrize(
    "text", ["import other\nother.create_pool(5)", "create_pool(5)", "from x import create_pool\ncreate_pool(5)"]
)  # fmt: skip
def test_what_others_make_is_none_of_them(text: str) -> None:
    assert readings.of("asyncpg", {"a.py": text}) == []
    assert readings.of("aiomysql", {"a.py": text}) == []


STACK = """
services:
  app: {technology: gunicorn, command: "gunicorn --threads 4 app", files: [app.py]}
  db: {technology: postgresql, version: "15"}
  cache: {technology: redis}
"""


@pytest.mark.parametrize(
    ("text", "target", "name", "expected"),
    [
        ("from sqlalchemy import create_engine\ne = create_engine('postgresql://db/x', pool_size=20, max_overflow=5)",
         "db", "connections", 25),
        ("from sqlalchemy import create_engine\ne = create_engine('postgresql://db/x', pool_size=0)",
         "db", "connections", UNLIMITED),
        ("from sqlalchemy import create_engine, pool\ne = create_engine('postgresql://db/x', poolclass=pool.NullPool)",
         "db", "connections", 4),
        ("from sqlalchemy import create_engine\ne = create_engine('postgresql://db/x', pool_recycle=1800)",
         "db", "lifetime", 1800),
        ("import asyncpg\np = asyncpg.create_pool('postgresql://db/x', max_size=7)", "db", "connections", 7),
        ("import redis\nr = redis.Redis('cache', socket_timeout=0.5)", "cache", "timeout", 0.5),
        ("import redis\np = redis.BlockingConnectionPool(host='cache', timeout=3)", "cache", "pool_wait", 3),
        ("import redis\np = redis.BlockingConnectionPool(host='cache')", "cache", "connections", 50),
        ("import psycopg2.pool\np = psycopg2.pool.SimpleConnectionPool(1, 6, host='db')", "db", "connections", 6),
    ],
)  # fmt: skip
def test_a_call_is_a_link_with_what_it_says(
    text: str, target: str, name: str, expected: float
) -> None:
    stack = read_texts({"plimsoll.yaml": STACK, "app.py": text})
    (link,) = [each for each in stack.links if each.target == target]
    found = StackWorld(stack, knowledge()).attribute(thing(link), name)
    assert isinstance(found, Num)
    assert (found.low, found.high) == (expected, expected)


@pytest.mark.parametrize("url", ["'https://api.example.com/x'", "url", "f'http://{host}/x'"])
def test_an_address_outside_is_no_service_of_the_stack(url: str) -> None:
    found = readings.of("requests", {"a.py": f"import requests\nrequests.get({url}, timeout=3)"})
    reader = reader_of("requests")
    assert reader is not None
    assert reader.endpoints is not None
    assert list(reader.endpoints(found)) == []
