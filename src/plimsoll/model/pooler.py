"""A program that stands before a server and shares its connections among clients."""

from __future__ import annotations

from msgspec import Struct


class Pooler(Struct, frozen=True):
    """How a technology is put before a server.

    *servers*: technologies that it can stand before. *file* and *text*: its configuration, with
    `{server}`, `{clients}` (connections that it takes) and `{connections}` (that it opens) in it.
    *caution*: what its clients can no longer do, as a sentence.
    """

    servers: tuple[str, ...]
    file: str
    text: str
    caution: str

    def written(self, server: str, clients: int, connections: int) -> str:
        """The configuration for one server."""
        return self.text.format(server=server, clients=clients, connections=connections)
