"""Where memcached listens: a port on each address of -l, or a socket alone.

Source: memcached -h.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plimsoll.model.quantity import Amount
from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Origin, Setting, Status

_PORT = Setting("-p", "11211", origin=Origin.DEFAULT, value=Amount.of(11211))
_EVERYWHERE = frozenset({"*", "0.0.0.0", "::", "INADDR_ANY"})  # noqa: S104 - compared with, not bound to


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The socket, which switches the network off, or every address with its own port or -p."""
    known = [each for each in settings if each.status is Status.EFFECTIVE]
    held = {each.name: each for each in known}
    if (socket := held.get("-s")) and socket.text:
        yield Endpoint(side="listens", setting=socket, socket=socket.text)
        return
    port = held.get("-p", _PORT)
    addresses = [a for each in known if each.name == "-l" for a in each.text.split(",") if a]
    for address in addresses or ["*"]:
        host, own = _split(address.removeprefix("notls:"))
        number = own if own is not None else _number(port)
        if number:
            shown = "" if host in _EVERYWHERE else host
            yield Endpoint(side="listens", setting=port, host=shown, port=number)


def _split(address: str) -> tuple[str, int | None]:
    """`host`, `host:port`, `[::1]:port`."""
    host, colon, port = address.rpartition(":")
    if not colon or not (port.isascii() and port.isdigit()) or ("]" not in host and ":" in host):
        return address.strip("[]"), None
    return host.strip("[]"), int(port)


def _number(port: Setting) -> int | None:
    if isinstance(port.value, Amount) and isinstance(port.value.low, int):
        return port.value.low
    return None
