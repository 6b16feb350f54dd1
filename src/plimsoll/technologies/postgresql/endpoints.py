"""Where PostgreSQL listens: addresses and a socket file, all with one port number.

Source: PostgreSQL manual, Connections and Authentication; client connections over sockets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plimsoll.model.quantity import Amount
from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Origin, Setting, Status

_PORT = Setting("port", "5432", origin=Origin.DEFAULT, value=Amount.of(5432))
_FOLDERS = Setting("unix_socket_directories", "/var/run/postgresql, /tmp", origin=Origin.DEFAULT)
_EVERYWHERE = frozenset({"*", "0.0.0.0", "::"})  # noqa: S104 - compared with, not bound to


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """What listens; an unwritten listen_addresses tells nothing: images and packages differ."""
    held = {each.name: each for each in settings if each.status is Status.EFFECTIVE}
    port = held.get("port", _PORT)
    number = _number(port)
    if number is None:
        return
    addresses = held.get("listen_addresses")
    for host in _list(addresses.text) if addresses else ["*"]:
        yield Endpoint(
            side="listens", setting=port, host="" if host in _EVERYWHERE else host, port=number
        )
    folders = held.get("unix_socket_directories", _FOLDERS)
    for folder in _list(folders.text):
        yield Endpoint(side="listens", setting=folders, socket=f"{folder}/.s.PGSQL.{number}")


def _number(port: Setting) -> int | None:
    if isinstance(port.value, Amount) and isinstance(port.value.low, int):
        return port.value.low
    return int(port.text) if port.text.isascii() and port.text.isdigit() else None


def _list(text: str) -> list[str]:
    return [item for each in text.split(",") if (item := each.strip().strip('"'))]
