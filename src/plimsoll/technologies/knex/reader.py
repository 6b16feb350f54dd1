"""Reads what JavaScript makes of Knex, and its knexfile; none of it is run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.place import Place
from plimsoll.model.reader import Endpoint, Word
from plimsoll.model.setting import Item, Setting
from plimsoll.syntax.javascript.clients import (
    Address,
    Library,
    Maker,
    connections,
    options_at,
    reader_of,
)
from plimsoll.syntax.javascript.stages import stages

_UNKNOWN = ("max", "min", "acquireConnectionTimeout")
_MAKER = Maker("knex", options_at(0), _UNKNOWN)
LIBRARY = Library(
    name="knex",
    kind="pool",
    makers={"knex": _MAKER, "knex.knex": _MAKER, "knex.Knex": _MAKER},
    drops=("pool",),
)
_FILE = re.compile(r"(?:.*/)?knexfile(?:\.\w+)?\.[cm]?[jt]s")
_CLIENTS = {
    "pg": ("postgresql", 5432),
    "pg-native": ("postgresql", 5432),
    "postgres": ("postgresql", 5432),
    "postgresql": ("postgresql", 5432),
    "mysql": ("mysql", 3306),
    "mysql2": ("mysql", 3306),
    "mssql": ("mssql", 1433),
}


def _knexfile(
    text: str, path: str, environment: Mapping[str, Word] | None
) -> Iterator[tuple[Place | None, Item]]:
    if _FILE.fullmatch(path):
        yield from stages(LIBRARY, text, path, environment)


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The databases that it connects to."""
    return connections(settings, LIBRARY.kind, _address)


def _address(own: Mapping[str, Setting]) -> Address:
    client = own["client"].text if "client" in own else ""
    technology, port = _CLIENTS.get(client, ("", 0))
    return Address(
        _CLIENTS,
        technology,
        port,
        LIBRARY.name,
        urls=("connection", "connection.connectionString", "connection.uri"),
        hosts=("connection.host",),
        ports=("connection.port",),
        sockets=("connection.socketPath",),
    )


READER = reader_of(LIBRARY, endpoints, _knexfile)
