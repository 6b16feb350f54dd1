"""Servers that hang, refuse, close midway, send garbage or far too much: each costs its limit at most."""

from __future__ import annotations

import os
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic

import pytest

from plimsoll.audit.asked import ask
from plimsoll.hosts.local import Local
from plimsoll.model.live import Process, Server

SECONDS = 0.6
BEYOND = 1.0
GIB = 1024**3


def hang(line: socket.socket) -> None:
    line.recv(1)
    while line.recv(65536):  # until the other side goes
        pass


def close_at_once(_: socket.socket) -> None:
    pass


def close_midway(line: socket.socket) -> None:
    line.recv(65536)
    line.sendall(b"STAT maxconns 10")


def garbage(line: socket.socket) -> None:
    line.recv(65536)
    line.sendall(os.urandom(70_000))


def numbers_that_are_none(line: socket.socket) -> None:
    line.recv(65536)
    line.sendall(b"VERSION 1.6.18\r\n")
    line.recv(65536)
    line.sendall(b"STAT maxbytes \xb2\r\nSTAT maxconns -\r\nEND\r\n")


def a_gigabyte(line: socket.socket) -> None:
    line.recv(65536)
    piece = b"STAT maxconns 10\r\n" * 50_000
    for _ in range(GIB // len(piece)):
        line.sendall(piece)


def drip(line: socket.socket) -> None:
    """A byte now and then, so that no single wait is long."""
    while True:
        line.sendall(b"x")
        if line.recv(1, socket.MSG_DONTWAIT | socket.MSG_PEEK) == b"":
            return
        threading.Event().wait(0.05)


WAYS = (hang, close_at_once, close_midway, garbage, numbers_that_are_none, a_gigabyte, drip)


@contextmanager
def listening(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """The port of a server that treats every client so."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=treat, args=(line,), daemon=True).start()

        def treat(line: socket.socket) -> None:
            with line:
                try:
                    answer(line)
                except OSError:
                    return

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


def server_of(technology: str, port: int, folder: Path) -> Server:
    """What would be found of a server of that kind which listens on that port."""
    words: dict[str, tuple[str, ...]] = {
        "memcached": ("memcached", "-l", "127.0.0.1", "-p", str(port)),
        "redis": (f"redis-server 127.0.0.1:{port}",),
        "postgresql": ("postgres", "-D", str(folder)),
        "pgbouncer": ("pgbouncer", str(folder / "pgbouncer.ini")),
        "mysql": ("mariadbd", "--no-defaults", f"--socket={folder}/my.sock"),
        "haproxy": ("haproxy", "-f", str(folder / "haproxy.cfg")),
    }
    told = ("1", str(folder), "0", str(port), "", "127.0.0.1", "", "ready")
    (folder / "postmaster.pid").write_text("\n".join(told))
    ini = f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
    (folder / "pgbouncer.ini").write_text(ini)
    (folder / "haproxy.cfg").write_text(f"global\n  stats socket {folder}/my.sock\n")
    return Server(technology, Process(1, words=words[technology], folder=str(folder)))


@contextmanager
def at_socket(path: Path, port: int) -> Iterator[None]:
    """The same server behind a socket of the file system."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()

        def serve() -> None:
            while True:
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                behind = socket.create_connection(("127.0.0.1", port))
                for one, other in ((line, behind), (behind, line)):
                    threading.Thread(target=carry, args=(one, other), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield
        server.shutdown(socket.SHUT_RDWR)


def carry(one: socket.socket, other: socket.socket) -> None:
    try:
        while piece := one.recv(1 << 20):
            other.sendall(piece)
    except OSError:
        pass
    for line in (one, other):
        with line, suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)


TECHNOLOGIES = ("memcached", "redis", "postgresql", "pgbouncer", "mysql", "haproxy")


@pytest.mark.parametrize("way", WAYS, ids=lambda each: each.__name__)
@pytest.mark.parametrize("technology", TECHNOLOGIES)
def test_a_hostile_server_costs_its_limit_and_is_not_asked(
    technology: str, way: Callable[[socket.socket], None], tmp_path: Path
) -> None:
    with listening(way) as port, at_socket(tmp_path / "my.sock", port):
        began = monotonic()
        asked = ask(Local(), server_of(technology, port, tmp_path), 0, seconds=SECONDS)
        assert monotonic() - began < SECONDS + BEYOND
    assert asked.told == ()
    assert asked.failures


@pytest.mark.parametrize("technology", TECHNOLOGIES)
def test_a_server_that_refuses_is_not_asked(technology: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    asked = ask(Local(), server_of(technology, port, tmp_path), 0, seconds=SECONDS)
    assert asked.told == ()
    assert asked.failures


@pytest.mark.parametrize("technology", ["postgresql", "pgbouncer", "haproxy"])
def test_a_pipe_in_the_place_of_a_file_costs_the_limit(technology: str, tmp_path: Path) -> None:
    server = server_of(technology, 1, tmp_path)
    for each in ("postmaster.pid", "pgbouncer.ini", "haproxy.cfg"):
        (tmp_path / each).unlink()
        os.mkfifo(tmp_path / each)
        assert stat.S_ISFIFO((tmp_path / each).stat().st_mode)
    began = monotonic()
    asked = ask(Local(), server, 0, seconds=SECONDS)
    assert monotonic() - began < SECONDS + BEYOND
    assert asked.failures
