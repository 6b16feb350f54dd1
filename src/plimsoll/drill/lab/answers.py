"""Whether a server on loopback answers in its own protocol."""

from __future__ import annotations

import socket
from pathlib import Path

_SECONDS = 1.0
_LOOPBACK = "127.0.0.1"


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
    return _exchange(socket.AF_INET, (_LOOPBACK, port), question, most)


def exchange_on_socket(path: Path, question: bytes, most: int) -> bytes:
    """The same over a socket in the file system."""
    return _exchange(socket.AF_UNIX, str(path), question, most)


def _exchange(
    family: socket.AddressFamily, address: tuple[str, int] | str, question: bytes, most: int
) -> bytes:
    answer = b""
    try:
        with socket.socket(family) as connection:
            connection.settimeout(_SECONDS)
            connection.connect(address)
            connection.sendall(question)
            while len(answer) < most and (piece := connection.recv(most - len(answer))):
                answer += piece
    except OSError:
        return b""
    return answer
