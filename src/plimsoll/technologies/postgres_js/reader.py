"""Reads the pools of Postgres.js that JavaScript makes; none of it is run."""

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

_UNKNOWN = ("max", "idle_timeout", "connect_timeout", "max_lifetime")
LIBRARY = Library(
    name="postgres-js",
    kind="pool",
    makers={"postgres": Maker("postgres", options_at(0, 1), _UNKNOWN)},
    queries={name: name for name in _UNKNOWN},
)
_ADDRESS = Address(
    technologies={},
    technology="postgresql",
    port=5432,
    library=LIBRARY.name,
    hosts=("host", "hostname"),
)


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The databases that pools connect to."""
    return connections(settings, LIBRARY.kind, _address)


def _address(_: Mapping[str, Setting]) -> Address:
    return _ADDRESS


READER = reader_of(LIBRARY, endpoints)
