"""Where connectors listen, and the databases that data sources connect to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Block, Setting, Status, Unknown
from plimsoll.syntax.jdbc import servers

_CONNECTORS = ("Connector", "AjpConnector")
_EVERYWHERE = frozenset({"", "0.0.0.0", "::", "*"})  # noqa: S104 - compared with, not bound to
_POOLS = {"Resource": "jndi_resource", "JdbcPool": "jdbc_pool"}


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The port of each connector, and the servers of each data source."""
    by_block: dict[Block, dict[str, Setting]] = {}
    for each in settings:
        if each.scope and each.status is Status.EFFECTIVE and not isinstance(each.value, Unknown):
            by_block.setdefault(each.scope[-1], {})[each.name] = each
    for block, own in by_block.items():
        if block.kind in _CONNECTORS and (port := own.get("port")):
            yield from _listens(port, own.get("address"))
        elif block.kind in _POOLS and (url := own.get("url")):
            for server in servers(url.text):
                yield Endpoint(
                    side="connects",
                    setting=url,
                    host=server.host,
                    port=server.port,
                    technology=server.technology,
                    part=f"{_POOLS[block.kind]} {block.name}",
                )


def _listens(port: Setting, address: Setting | None) -> Iterator[Endpoint]:
    text, host = port.text, address.text if address else ""
    if text.isascii() and text.isdigit() and len(text) <= 5 and int(text):
        own = "" if host in _EVERYWHERE else host
        yield Endpoint(side="listens", setting=port, host=own, port=int(text))
