"""Where a server on Node listens, and the session stores that it connects to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Block, Setting, Status, Unknown

_ADDRESS = re.compile(r"(?P<host>[\w.-]+)(?::(?P<port>\d{1,5}))?")
_STORES = {"memcached": ("memcached", 11211), "redis": ("redis", 6379)}


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """What the effective settings listen on and connect to."""
    blocks: dict[Block, dict[str, Setting]] = {}
    for each in settings:
        if each.scope and each.status is Status.EFFECTIVE:
            blocks.setdefault(each.scope[-1], {})[each.name] = each
    for block, own in blocks.items():
        if block.kind == "listen":
            yield from _listens(own)
        elif block.kind == "session_store":
            yield from _store(block, own)


def _listens(own: Mapping[str, Setting]) -> Iterator[Endpoint]:
    path, port = own.get("listen.path"), own.get("listen.port")
    if path is not None and not isinstance(path.value, Unknown):
        yield Endpoint("listens", path, socket=path.text)
    if port is None or isinstance(port.value, Unknown) or not _is_port(port.text):
        return
    host = own.get("listen.host")
    if host is not None and isinstance(host.value, Unknown):
        return
    name = host.text if host is not None else "0.0.0.0"  # noqa: S104 - what Node makes of it
    yield Endpoint("listens", port, host=name, port=int(port.text))


def _is_port(text: str) -> bool:
    return text.isdecimal() and len(text) <= 5


def _store(block: Block, own: Mapping[str, Setting]) -> Iterator[Endpoint]:
    """The servers of a session store; without one that can be told, what kind it connects to."""
    kind = next((n for n in _STORES if n in block.name.lower()), "")
    if not kind:
        return
    technology, usual = _STORES[kind]
    hosts = [s for name, s in own.items() if name.partition(".")[0] in ("hosts", "host")]
    told = [s for s in hosts if not isinstance(s.value, Unknown)]
    for each in told:
        found = _ADDRESS.fullmatch(each.text)
        if found:
            yield Endpoint(
                side="connects",
                setting=each,
                host=found["host"],
                port=int(found["port"] or usual),
                technology=technology,
                part=str(block),
            )
    if not told:
        yield Endpoint("connects", own["store"], technology=technology, part=str(block))
