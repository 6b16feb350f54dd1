"""Reads the pools and connections of asyncpg that Python code makes; none of it is run."""

from __future__ import annotations

from plimsoll.syntax.python.clients import Library, Maker, reader_of

_TIMES = ("timeout", "command_timeout", "statement_cache_size")
_MODULES = ("asyncpg",)
READER = reader_of(
    Library(
        name="asyncpg",
        kind="pool",
        makers={
            "create_pool": Maker(
                _MODULES,
                ("dsn",),
                ("min_size", "max_size", "max_inactive_connection_lifetime", *_TIMES),
            ),
            "connect": Maker(_MODULES, ("dsn",), _TIMES),
        },
        urls=("dsn",),
        technologies=dict.fromkeys(("", "postgresql", "postgres"), ("postgresql", 5432)),
        local="/run/postgresql/.s.PGSQL.{}",
    )
)
