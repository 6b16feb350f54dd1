"""Reads the pools and clients of node-postgres that JavaScript makes; none of it is run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Setting
from plimsoll.syntax.javascript.clients import (
    Address,
    Library,
    Maker,
    connections,
    options_at,
    reader_of,
)

_UNKNOWN = (
    "max", "idleTimeoutMillis", "connectionTimeoutMillis", "maxLifetimeSeconds", "query_timeout",
)  # fmt: skip
_POOL = Maker("Pool", options_at(0), _UNKNOWN)
_CLIENT = Maker("Client", options_at(0), ("connectionTimeoutMillis", "query_timeout"))
LIBRARY = Library(
    name="node-pg",
    kind="pool",
    makers={
        "pg.Pool": _POOL,
        "pg.native.Pool": _POOL,
        "pg-pool": _POOL,
        "pg.Client": _CLIENT,
        "pg.native.Client": _CLIENT,
    },
)
_ADDRESS = Address(
    technologies={},
    technology="postgresql",
    port=5432,
    library=LIBRARY.name,
    urls=("url", "connectionString"),
)


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The databases that pools and clients connect to."""
    return connections(settings, LIBRARY.kind, _address)


def _address(_: Mapping[str, Setting]) -> Address:
    return _ADDRESS


READER = reader_of(LIBRARY, endpoints)
