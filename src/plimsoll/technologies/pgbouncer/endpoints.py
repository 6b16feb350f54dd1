"""Where PgBouncer listens, and the servers that its databases are on.

Source: PgBouncer manual, listen_addr, unix_socket_dir, Section [databases].
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Block, Origin, Setting, Status

_PORT = Setting("listen_port", "6432", origin=Origin.DEFAULT)
_FOLDER = Setting("unix_socket_dir", "/tmp", origin=Origin.DEFAULT)  # noqa: S108 - the server's
_EVERYWHERE = frozenset({"*", "0.0.0.0", "::"})  # noqa: S104 - compared with, not bound to


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The addresses of listen_addr, the socket, and each database's hosts."""
    known = [each for each in settings if each.status is Status.EFFECTIVE]
    own = {each.name: each for each in known if _database(each) is None}
    port = own.get("listen_port", _PORT)
    number = _number(port.text)
    addresses = own.get("listen_addr")
    for host in _list(addresses.text) if addresses and number else ():
        shown = "" if host in _EVERYWHERE else host
        yield Endpoint(
            side="listens", setting=port, host=shown, port=number, technology="postgresql"
        )
    folder = own.get("unix_socket_dir", _FOLDER)
    if folder.text and number:
        socket = f"{folder.text}/.s.PGSQL.{number}"
        yield Endpoint(side="listens", setting=folder, socket=socket, technology="postgresql")
    yield from _servers(known)


def _servers(known: Sequence[Setting]) -> Iterator[Endpoint]:
    ports = {_database(each): each for each in known if each.name == "port"}
    for each in known:
        block = _database(each)
        if block is None or each.name != "host":
            continue
        port = ports.get(block)
        number = _number(port.text) if port else 5432
        for host in _list(each.text) if number else ():
            is_socket = host.startswith("/")
            yield Endpoint(
                side="connects",
                setting=each,
                host="" if is_socket else host,
                port=None if is_socket else number,
                socket=f"{host}/.s.PGSQL.{number}" if is_socket else "",
                technology="postgresql",
                part=block.name,
            )


def _database(setting: Setting) -> Block | None:
    return next((b for b in setting.scope if b.kind == "database"), None)


def _list(text: str) -> list[str]:
    return [item for each in text.split(",") if (item := each.strip())]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else None
