"""Reads the pools and connections of mysql2 (and of mysql) that JavaScript makes; none is run."""

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

_UNKNOWN = ("connectionLimit", "waitForConnections", "queueLimit", "idleTimeout", "connectTimeout")
_POOL = Maker("createPool", options_at(0), _UNKNOWN)
_CONNECTION = Maker("createConnection", options_at(0), ("connectTimeout",))
_QUERIES = (*_UNKNOWN, "maxIdle", "enableKeepAlive")
LIBRARY = Library(
    name="mysql2",
    kind="pool",
    makers={
        f"{module}.{name}": maker
        for module in ("mysql2", "mysql2/promise", "mysql", "promise-mysql")
        for name, maker in (("createPool", _POOL), ("createConnection", _CONNECTION))
    },
    queries={name: name for name in _QUERIES},
)
_ADDRESS = Address(
    technologies={},
    technology="mysql",
    port=3306,
    library=LIBRARY.name,
    urls=("url", "uri"),
    sockets=("socketPath",),
)


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The databases that pools and connections open."""
    return connections(settings, LIBRARY.kind, _address)


def _address(_: Mapping[str, Setting]) -> Address:
    return _ADDRESS


READER = reader_of(LIBRARY, endpoints)
