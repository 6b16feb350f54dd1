"""Reads the pools of psycopg 3 that Python code makes; none of it is run."""

from __future__ import annotations

from plimsoll.syntax.python.clients import Library, Maker, reader_of

_POOL = Maker(
    ("psycopg_pool",),
    ("conninfo",),
    ("min_size", "max_size", "timeout", "max_lifetime", "max_idle", "max_waiting"),
)
_NULL = Maker(("psycopg_pool",), ("conninfo",), ("max_size", "timeout", "max_waiting"))
READER = reader_of(
    Library(
        name="psycopg-pool",
        kind="pool",
        makers={
            "ConnectionPool": _POOL,
            "AsyncConnectionPool": _POOL,
            "NullConnectionPool": _NULL,
            "AsyncNullConnectionPool": _NULL,
        },
        urls=("conninfo",),
        technologies=dict.fromkeys(("", "postgresql", "postgres"), ("postgresql", 5432)),
        query="kwargs.",
        local="/run/postgresql/.s.PGSQL.{}",
    )
)
