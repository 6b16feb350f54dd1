"""The addresses that HAProxy listens on, and the servers behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Setting, Status
from plimsoll.technologies.haproxy.keywords import PROXIES

_ADDRESS = re.compile(
    r"(?:(?:ipv4|ipv6|tcp4?|tcp6|udp4?|quic4|quic6|mptcp4?|mptcp6)@)?"
    r"(?P<host>\[[0-9A-Fa-f:.]*\]|[0-9A-Fa-f:]*::[0-9A-Fa-f.:]*(?=:\d+\Z)|[^:/\s$@\"]*)"
    r"(?::\+?(?P<port>[0-9]{1,5})(?:-(?P<last>[0-9]{1,5}))?)?"
)
_MOST_PORTS = 64


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """What listens and what connects, in order; addresses that a variable decides give none."""
    for setting in settings:
        if setting.status is not Status.EFFECTIVE:
            continue
        proxy = next((b for b in reversed(setting.scope) if b.kind in PROXIES), None)
        words = setting.text.split(" ")
        if proxy is None:
            continue
        if setting.name == "bind":
            for each in words[0].split(","):
                yield from _listener(setting, each)
        elif setting.name == "server" and len(words) > 1:
            yield from _server(setting, words[1], f"proxy {proxy.name}")
        elif setting.name == "server-template" and len(words) > 2:
            yield from _server(setting, words[2], f"proxy {proxy.name}")


def _socket(written: str) -> str:
    for prefix in ("unix@", "uxst@", "stream+unix@"):
        if written.startswith(prefix):
            return written.removeprefix(prefix)
    return written if written.startswith("/") else ""


def _listener(setting: Setting, written: str) -> Iterator[Endpoint]:
    if socket := _socket(written):
        yield Endpoint("listens", setting, socket=socket)
        return
    found = _ADDRESS.fullmatch(written)
    if not found or not found["port"]:
        return
    first = int(found["port"])
    for port in range(first, min(int(found["last"] or first), first + _MOST_PORTS) + 1):
        yield Endpoint("listens", setting, host=found["host"].strip("[]"), port=port)


def _server(setting: Setting, written: str, part: str) -> Iterator[Endpoint]:
    if socket := _socket(written):
        yield Endpoint("connects", setting, socket=socket, part=part)
        return
    found = _ADDRESS.fullmatch(written)
    if found and found["host"] and found["port"]:
        host, port = found["host"].strip("[]"), int(found["port"])
        yield Endpoint("connects", setting, host=host, port=port, part=part)
