"""Whether a server on loopback answers in its own protocol."""

from __future__ import annotations

from pathlib import Path

from plimsoll.hosts import HostError
from plimsoll.hosts.local import Local

_SECONDS = 1.0


def answers(port: int, question: bytes, start: bytes) -> bool:
    """Whether what comes back for *question* begins with *start*."""
    return exchange(port, question, len(start)).startswith(start)


def speaks_http(port: int, path: str = "/", code: str = "") -> bool:
    """Whether it answers a request at all; with *code*, whether it answers so."""
    question = f"GET {path} HTTP/1.0\r\nHost: shop.example\r\n\r\n".encode()
    version, _, rest = exchange(port, question, len("HTTP/1.1 200")).partition(b" ")
    return version.startswith(b"HTTP/") and rest.startswith(code.encode())


def exchange(port: int, question: bytes, most: int) -> bytes:
    """The first *most* bytes of the answer; fewer where it closes, none where it does not answer."""
    return _exchange(f"127.0.0.1:{port}", question, most)


def exchange_on_socket(path: Path, question: bytes, most: int) -> bytes:
    """The same over a socket in the file system."""
    return _exchange(str(path), question, most)


def _exchange(address: str, question: bytes, most: int) -> bytes:
    try:
        return Local().talk(address, question, b"", seconds=_SECONDS, most=most)
    except HostError:
        return b""
