"""Where Redis listens, and the primary that a replica connects to.

Source: redis.conf, port, bind, unixsocket, tls-port, replicaof.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plimsoll.model.quantity import Amount
from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Origin, Setting, Status

_PORT = Setting("port", "6379", origin=Origin.DEFAULT, value=Amount.of(6379))
_EVERYWHERE = frozenset({"*", "0.0.0.0", "::", "::*"})  # noqa: S104 - compared with, not bound to


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """Ports (0 is none) on every address of `bind`, the socket, and the primary."""
    held = {each.name: each for each in settings if each.status is Status.EFFECTIVE}
    bind = held.get("bind")
    hosts = [word.removeprefix("-") for word in bind.text.split()] if bind else ["*"]
    for port in (held.get("port", _PORT), held.get("tls-port")):
        number = _number(port.text) if port else None
        for host in hosts if port and number else ():
            own = "" if host in _EVERYWHERE else host
            yield Endpoint(side="listens", setting=port or _PORT, host=own, port=number)
    if (socket := held.get("unixsocket")) and socket.text:
        yield Endpoint(side="listens", setting=socket, socket=socket.text)
    if primary := held.get("replicaof"):
        yield from _primary(primary)


def _primary(setting: Setting) -> Iterator[Endpoint]:
    host, _, port = setting.text.partition(" ")
    if number := _number(port):
        yield Endpoint(side="connects", setting=setting, host=host, port=number, technology="redis")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else None
