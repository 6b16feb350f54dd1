"""Reads the clients of ioredis that JavaScript makes; none of it is run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Setting
from plimsoll.syntax.javascript import Call, Entry, Table
from plimsoll.syntax.javascript.clients import Address, Library, Maker, connections, reader_of

_UNKNOWN = ("connectTimeout", "commandTimeout", "maxRetriesPerRequest", "enableOfflineQueue")


def _options(call: Call) -> list[tuple[str, Entry]]:
    """`new Redis(port, host, {...})`, `new Redis(path)`, `new Redis(url, {...})`."""
    found: list[tuple[str, Entry]] = []
    for at, each in enumerate(call.arguments[:3]):
        is_port = isinstance(each.value, int) and at == 0
        is_host = isinstance(each.value, str) and at == 1
        name = "port" if is_port else "host" if is_host else ""
        found.append((name or ("url" if isinstance(each.value, str) else ""), each))
    return found


def _cluster(call: Call) -> list[tuple[str, Entry]]:
    """`new Redis.Cluster([{host, port}, ...], {redisOptions: {...}})`: its first node is its address."""
    nodes, options = call.argument(0), call.argument(1)
    first = getattr(nodes.value, "entries", ())[:1] if nodes else ()
    found = [("" if isinstance(e.value, Table) else "url", e) for e in first]
    return [*found, *([("", options)] if options else [])]


_CLIENT = Maker("Redis", _options, _UNKNOWN)
_NODES = Maker("Redis.Cluster", _cluster, _UNKNOWN)
LIBRARY = Library(
    name="ioredis",
    kind="client",
    makers={
        "ioredis": _CLIENT,
        "ioredis.Redis": _CLIENT,
        "ioredis.Cluster": _NODES,
        "ioredis.Redis.Cluster": _NODES,
    },
    queries={name: name for name in (*_UNKNOWN, "db", "keepAlive")},
    drops=("redisOptions",),
)
_ADDRESS = Address(
    technologies={}, technology="redis", port=6379, library=LIBRARY.name, sockets=("path",)
)


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The servers that clients connect to; without an address it is this machine."""
    return connections(settings, LIBRARY.kind, _address)


def _address(_: Mapping[str, Setting]) -> Address:
    return _ADDRESS


READER = reader_of(LIBRARY, endpoints)
