"""Where the server listens: addresses with a port, and a socket.

Source: MySQL manual, Connection Interfaces; MariaDB manual, bind-address.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plimsoll.model.quantity import Amount
from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Block, Origin, Setting, Status
from plimsoll.technologies.mysql.groups import PROGRAM

_PORT = Setting("port", "3306", origin=Origin.DEFAULT, value=Amount.of(3306))
_SOCKET = Setting("socket", "/run/mysqld/mysqld.sock", origin=Origin.DEFAULT)
_MORE_PORTS = ("admin_port", "extra_port", "mysqlx_port")
_EVERYWHERE = frozenset({"*", "0.0.0.0", "::", "::0"})  # noqa: S104 - compared with, not bound to


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """Ports on every address, unless networking is off, and the socket."""
    held = {
        each.name: each
        for each in settings
        if each.status is Status.EFFECTIVE and not _is_of_a_program(each.scope)
    }
    socket = held.get("socket", _SOCKET)
    if socket.text:
        yield Endpoint(side="listens", setting=socket, socket=socket.text)
    off = held.get("skip_networking")
    if off is not None and off.value is True:
        return
    bind = held.get("bind_address")
    hosts = [each.strip() for each in bind.text.split(",")] if bind else ["*"]
    for port in (held.get("port", _PORT), *(held[n] for n in _MORE_PORTS if n in held)):
        number = _number(port)
        for host in hosts if number else ():
            own = "" if host in _EVERYWHERE else host
            yield Endpoint(side="listens", setting=port, host=own, port=number)


def _is_of_a_program(scope: Sequence[Block]) -> bool:
    return any(block.kind == PROGRAM for block in scope)


def _number(port: Setting) -> int | None:
    if isinstance(port.value, Amount) and isinstance(port.value.low, int):
        return port.value.low
    return int(port.text) if port.text.isascii() and port.text.isdigit() else None
