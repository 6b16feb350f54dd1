"""Reads the connections and pools of psycopg2 and psycopg 3 that Python code makes; none is made."""

from __future__ import annotations

from plimsoll.syntax.python.clients import Library, Maker, reader_of

_POOL = Maker(
    ("psycopg2",), ("minconn", "maxconn", "dsn"), ("minconn", "maxconn", "connect_timeout")
)
READER = reader_of(
    Library(
        name="psycopg2",
        kind="connection",
        makers={
            "connect": Maker(("psycopg2", "psycopg"), ("dsn",), ("connect_timeout",)),
            "SimpleConnectionPool": _POOL,
            "ThreadedConnectionPool": _POOL,
        },
        urls=("dsn", "conninfo"),
        technologies=dict.fromkeys(("", "postgresql", "postgres"), ("postgresql", 5432)),
        local="/run/postgresql/.s.PGSQL.{}",
    )
)
