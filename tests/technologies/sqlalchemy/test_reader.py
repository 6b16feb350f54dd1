"""Engines of SQLAlchemy in code, and the links that they are."""

from __future__ import annotations

import pytest

from plimsoll.model.setting import Status, Unknown
from plimsoll.technologies.sqlalchemy.reader import READER
from support import readings


def of(text: str, environment: dict[str, str] | None = None) -> dict[str, str]:
    found = readings.of("sqlalchemy", {"database.py": text}, "", environment)
    makes = ("create_engine", "create_async_engine")
    return {k: v for k, v in readings.held(found).items() if not k.endswith(makes)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("engine = create_async_engine('postgresql+asyncpg://h/d', pool_size=20)",
         {"engine/url": "postgresql+asyncpg://h/d", "engine/pool_size": "20"}),
        ("from sqlalchemy import create_engine as ce\ndb = ce('mysql://h', max_overflow=-1)",
         {"db/url": "mysql://h", "db/max_overflow": "-1"}),
        ("from sqlalchemy.pool import NullPool\ne = create_engine('sqlite://', poolclass=NullPool)",
         {"e/url": "sqlite://", "e/poolclass": "NullPool"}),
        ("e = create_engine('postgresql://h/d?connect_timeout=3', connect_args={'options': '-c a=1'})",
         {"e/url": "postgresql://h/d?connect_timeout=3", "e/connect_args.connect_timeout": "3",
          "e/connect_args.options": "-c a=1"}),
        ("O = {'pool_size': 3}\ne = create_engine('sqlite://', **O)",
         {"e/url": "sqlite://", "e/pool_size": "3"}),
        ("class Config:\n    SQLALCHEMY_ENGINE_OPTIONS = {'pool_size': 4, 'pool_recycle': 60}",
         {"Config/pool_size": "4", "Config/pool_recycle": "60"}),
        ("SQLALCHEMY_POOL_SIZE = 6\nSQLALCHEMY_DATABASE_URI = 'mysql://h/d'",
         {"SQLALCHEMY/pool_size": "6", "SQLALCHEMY/url": "mysql://h/d"}),
    ],
)  # fmt: skip
def test_engines(text: str, expected: dict[str, str]) -> None:
    assert of(text) == expected


def test_a_variable_tells_the_url() -> None:
    text = "import os\ne = create_engine(os.environ['URL'], pool_size=int(os.getenv('N', '7')))"
    assert of(text, {"URL": "postgresql://h:1/d?connect_timeout=2"}) == {
        "e/url": "postgresql://h:1/d?connect_timeout=2",
        "e/connect_args.connect_timeout": "2",
        "e/pool_size": "7",
    }


def test_what_is_handed_on_unseen_is_unknown() -> None:
    found = readings.of("sqlalchemy", {"a.py": "e = create_engine('sqlite://', pool_size=3, **o)"})
    unknown = {s.name for s in found if isinstance(s.value, Unknown)}
    assert unknown == {"max_overflow", "pool_timeout", "pool_recycle", "pool_pre_ping", "poolclass"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("e = create_engine('sqlite://')", "create_engine"),
        ("def f():\n    e = create_engine('sqlite://')", "create_engine in f"),
        (
            "class A:\n    def f(self):\n        e = create_engine('sqlite://')",
            "create_engine in A.f",
        ),
    ],
)
def test_it_is_told_where_an_engine_is_made(text: str, told: str) -> None:
    found = readings.of("sqlalchemy", {"a.py": text})
    assert [s.text for s in found if s.name == "create_engine"] == [told]


def test_an_engine_that_is_not_reached_holds_nothing() -> None:
    found = readings.of("sqlalchemy", {"a.py": "if False:\n    e = create_engine('sqlite://')"})
    assert {s.status for s in found} == {Status.SHADOWED}


@pytest.mark.parametrize(
    ("url", "end"),
    [
        ("postgresql+psycopg2://u:p%40@db:6432/x", ("db", 6432, "", "postgresql")),
        ("postgresql:///x?host=/run/pg", ("", None, "/run/pg/.s.PGSQL.5432", "postgresql")),
        ("mysql+pymysql://db/x", ("db", 3306, "", "mysql")),
        ("sqlite:///a.db", ("", None, "", "")),
    ],
)
def test_where_an_engine_connects(url: str, end: tuple[str, int | None, str, str]) -> None:
    found = readings.of("sqlalchemy", {"a.py": f"engine = create_engine({url!r})"})
    assert READER.endpoints is not None
    (got,) = READER.endpoints(found)
    assert (got.host, got.port, got.socket, got.technology) == end
    assert (got.library, got.part) == ("sqlalchemy", "engine engine")


def test_an_unknown_address_is_a_connection_all_the_same() -> None:
    found = readings.of("sqlalchemy", {"a.py": "engine = create_engine(url, pool_size=2)"})
    assert READER.endpoints is not None
    (got,) = READER.endpoints(found)
    assert (got.host, got.port, got.technology) == ("", None, "")
