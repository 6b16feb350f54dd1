"""The addresses that Apache listens on, and those that it passes requests to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Setting, Status

_PORTS = {"http": 80, "https": 443, "ajp": 8009, "h2c": 80, "h2": 443, "ws": 80, "wss": 443}
_PORTS |= {"fcgi": 8000, "scgi": 4000, "uwsgi": 3031, "ftp": 21}
_LISTEN = re.compile(r"(?:(?P<host>\[[0-9A-Fa-f:]+\]|[^:\s$]+):)?(?P<port>[0-9]{1,5})")
_URL = re.compile(
    r"(?P<scheme>[a-z0-9]+)://(?P<host>\[[0-9A-Fa-f:]+\]|[^:/\s$%]*)(?::(?P<port>[0-9]{1,5}))?(?:[/?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
_HANDLER = re.compile(r"proxy:(.+)", re.DOTALL)


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """What listens and what connects; of a balancer each member, for each block that passes to it."""
    held = [s for s in settings if s.status is Status.EFFECTIVE]
    members = _members(held)
    for setting in held:
        if setting.name == "Listen":
            found = _LISTEN.fullmatch(setting.text.split(" ")[0])
            if found:
                host, port = (found["host"] or "").strip("[]"), int(found["port"])
                yield Endpoint("listens", setting, host=host, port=port)
        elif setting.name == "address" and _kind(setting) == "ProxyPass":
            part = f"proxy-worker {setting.scope[-1].name}"
            for each in _targets(setting.text, members):
                yield from _connection(setting, each, part)
        elif setting.name == "SetHandler" and (passed := _HANDLER.fullmatch(setting.text)):
            part = str(setting.scope[-1]) if setting.scope else ""
            for each in _targets(passed[1], members):
                yield from _connection(setting, each, part)


def _kind(setting: Setting) -> str:
    return setting.scope[-1].kind if setting.scope else ""


def _members(settings: Sequence[Setting]) -> dict[str, list[str]]:
    """The addresses of each balancer, by its name."""
    found: dict[str, list[str]] = {}
    for setting in settings:
        if setting.name == "address" and _kind(setting) == "BalancerMember":
            around = next((b.name for b in reversed(setting.scope) if b.kind == "Proxy"), "")
            found.setdefault(_balancer(around), []).append(setting.text)
    return found


def _balancer(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].lower() if url.startswith("balancer:") else ""


def _targets(url: str, members: Mapping[str, Sequence[str]]) -> Sequence[str]:
    name = _balancer(url)
    return members.get(name, ()) if name else (url,)


def _connection(setting: Setting, url: str, part: str) -> Iterator[Endpoint]:
    if url.startswith("unix:"):
        socket = url.removeprefix("unix:").partition("|")[0]
        yield Endpoint("connects", setting, socket=socket, part=part)
        return
    found = _URL.fullmatch(url)
    port = (found["port"] or _PORTS.get(found["scheme"].lower())) if found else None
    if found and found["host"] and port:
        host = found["host"].strip("[]")
        yield Endpoint("connects", setting, host=host, port=int(port), part=part)
