"""Memcached."""

from __future__ import annotations

from pathlib import Path

from plimsoll.drill.lab.answers import answers
from plimsoll.drill.lab.server import Server


def server(folder: Path, port: int, *, name: str = "memcached") -> Server:
    return Server(
        name=name,
        program="memcached",
        words=("-l", "127.0.0.1", "-p", str(port), "-U", "0", "-m", "32"),
        folder=folder,
        port=port,
        ready=lambda _: answers(port, b"version\r\n", b"VERSION "),
    )
