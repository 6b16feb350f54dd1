"""The addresses that nginx listens on, and those that it passes requests to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from plimsoll.model.place import Place
from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Setting, Status
from plimsoll.technologies.nginx.parameters import PASSES, address

# Of an address without a port; where the manual gives none, there is no connection.
_PORTS = {"http": 80, "https": 443}
_PORT_OF_SERVER = 80
_SPEAKS = {"memcached_pass": "memcached"}
_ADDRESS = re.compile(
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:/\s$%@{}]+)"
    r"(?::(?P<port>[0-9]{1,5})(?:-(?P<last>[0-9]{1,5}))?)?"
)
_PORT = re.compile(r"[0-9]{1,5}")
_MOST_PORTS = 64


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """What listens, then what connects: each address of an upstream for each block that passes to it.

    Names that hold a variable give none.
    """
    held = [s for s in settings if s.status is Status.EFFECTIVE]
    yield from _listeners(held)
    groups = _upstreams(held)
    for setting in held:
        if setting.name in PASSES and setting.scope:
            yield from _passes(setting, groups)


def _listeners(settings: Iterable[Setting]) -> Iterator[Endpoint]:
    silent: dict[Place | None, Setting] = {}  # servers that no `listen` was seen of yet
    for setting in settings:
        outer = setting.scope[-1].kind if setting.scope else "http"
        if setting.name == "server" and not setting.text and outer == "http":
            silent[setting.place] = setting
        elif setting.name == "listen" and outer == "listen":
            for block in setting.scope:
                silent.pop(block.place, None)
            yield from _listener(setting, setting.scope[-1].name)
    for server in silent.values():
        yield Endpoint("listens", server, port=80)


def _listener(setting: Setting, written: str) -> Iterator[Endpoint]:
    if written.startswith("unix:"):
        yield Endpoint("listens", setting, socket=written.removeprefix("unix:"))
    elif _PORT.fullmatch(written):
        yield Endpoint("listens", setting, port=int(written))
    elif found := _ADDRESS.fullmatch(written):
        first = int(found["port"] or 80)
        last = min(int(found["last"] or first), first + _MOST_PORTS)
        for port in range(first, last + 1):
            yield Endpoint("listens", setting, host=_host(found), port=port)


def _host(found: re.Match[str]) -> str:
    return found["host"].strip("[]")


def _upstreams(settings: Iterable[Setting]) -> dict[str, list[str]]:
    """The addresses of each upstream, by its name."""
    groups: dict[str, list[str]] = {}
    for setting in settings:
        kinds = [block.kind for block in setting.scope]
        if setting.name == "server" and kinds[-2:] == ["upstream", "backend"]:
            upstream, backend = setting.scope[-2:]
            groups.setdefault(upstream.name, []).append(backend.name)
    return groups


def _passes(setting: Setting, groups: Mapping[str, Sequence[str]]) -> Iterator[Endpoint]:
    scheme, start, end = address(setting.text)
    named = setting.text[start:end]
    if (scheme and scheme not in PASSES[setting.name]) or "$" in named:
        return
    if named in groups:
        for each in groups[named]:
            yield from _connection(setting, each, _PORT_OF_SERVER)
    else:
        yield from _connection(setting, named, _PORTS.get(scheme))


def _connection(setting: Setting, written: str, default: int | None) -> Iterator[Endpoint]:
    part = str(setting.scope[-1]).replace("limit_except", "limit-except")
    speaks = _SPEAKS.get(setting.name, "")
    if written.startswith("unix:"):
        socket = written.removeprefix("unix:")
        yield Endpoint("connects", setting, socket=socket, technology=speaks, part=part)
        return
    found = _ADDRESS.fullmatch(written)
    port = int(found["port"]) if found and found["port"] else default
    if found and port is not None:
        yield Endpoint(
            "connects", setting, host=_host(found), port=port, technology=speaks, part=part
        )
