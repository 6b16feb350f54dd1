"""Redis, in memory only."""

from __future__ import annotations

from pathlib import Path

from plimsoll.drill.lab.answers import answers
from plimsoll.drill.lab.server import Server


def server(folder: Path, port: int, *, config: Path | None = None, name: str = "cache") -> Server:
    own = ("--save", "", "--appendonly", "no")
    words = (*((str(config),) if config else own), "--port", str(port))
    words += ("--bind", "127.0.0.1", "--dir", str(folder), "--daemonize", "no")
    return Server(
        name=name,
        program="redis-server",
        words=words,
        folder=folder,
        port=port,
        ready=lambda _: answers(port, b"PING\r\n", b"+PONG"),
    )
