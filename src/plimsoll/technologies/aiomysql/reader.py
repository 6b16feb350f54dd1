"""Reads the pools of aiomysql that Python code makes; none of it is run."""

from __future__ import annotations

from plimsoll.syntax.python.clients import Library, Maker, reader_of

READER = reader_of(
    Library(
        name="aiomysql",
        kind="pool",
        makers={
            "create_pool": Maker(
                ("aiomysql",),
                ("minsize", "maxsize", "echo", "pool_recycle"),
                ("minsize", "maxsize", "pool_recycle", "connect_timeout"),
            ),
            "connect": Maker(
                ("aiomysql",), ("host", "user", "password", "db", "port"), ("connect_timeout",)
            ),
        },
        urls=(),
        technologies={"": ("mysql", 3306)},
        sockets=("unix_socket",),
    )
)
