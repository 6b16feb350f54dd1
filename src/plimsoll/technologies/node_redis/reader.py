"""Reads the clients of node-redis that JavaScript makes; none of it is run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Setting
from plimsoll.syntax.javascript import Call, Entry
from plimsoll.syntax.javascript.clients import Address, Library, Maker, connections, reader_of

_UNKNOWN = ("connectTimeout", "socketTimeout")


def _options(call: Call) -> list[tuple[str, Entry]]:
    """`createClient({url, socket: {...}})`; before version 4 `createClient(port, host, {...})`."""
    found: list[tuple[str, Entry]] = []
    for at, each in enumerate(call.arguments[:3]):
        is_port = isinstance(each.value, int) and at == 0
        is_host = isinstance(each.value, str) and at == 1
        name = "port" if is_port else "host" if is_host else ""
        found.append((name or ("url" if isinstance(each.value, str) else ""), each))
    return found


_CLIENT = Maker("createClient", _options, _UNKNOWN)
_POOL = Maker("createClientPool", _options, _UNKNOWN)
_MODULES = ("redis", "@redis/client")
LIBRARY = Library(
    name="node-redis",
    kind="client",
    makers={
        **{f"{module}.createClient": _CLIENT for module in _MODULES},
        **{f"{module}.createClientPool": _POOL for module in _MODULES},
    },
    drops=("socket",),
)
_ADDRESS = Address(
    technologies={}, technology="redis", port=6379, library=LIBRARY.name, sockets=("path",)
)


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The servers that clients connect to."""
    return connections(settings, LIBRARY.kind, _address)


def _address(_: Mapping[str, Setting]) -> Address:
    return _ADDRESS


READER = reader_of(LIBRARY, endpoints)
