"""Each server that a lab can run: it starts, answers, works inside of the lab, and leaves nothing."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from plimsoll.drill.lab import processes
from plimsoll.drill.lab.lab import Lab, find, lab
from plimsoll.drill.lab.server import Server
from plimsoll.drill.lab.servers import (
    apache,
    haproxy,
    mariadb,
    memcached,
    nginx,
    pgbouncer,
    php_fpm,
    postgresql,
    redis,
    uwsgi,
)
from plimsoll.drill.lab.state import LabError, state_folder

pytestmark = pytest.mark.real

ALONE: dict[str, Callable[[Path, int], Server]] = {
    "apache": apache.server,
    "haproxy": haproxy.server,
    "mariadb": mariadb.server,
    "memcached": memcached.server,
    "nginx": nginx.server,
    "php-fpm": php_fpm.server,
    "postgresql": postgresql.server,
    "redis": redis.server,
    "uwsgi": uwsgi.server,
}


@pytest.fixture(autouse=True)
def own_state(monkeypatch: pytest.MonkeyPatch, short_folder: Path) -> None:
    monkeypatch.setenv("PLIMSOLL_LAB", str(short_folder / "labs"))


def started(found: Lab, make: Callable[[Path, int], Server]) -> Server:
    server = make(found.make_folder("server"), found.port())
    try:
        for words in ([server.program], *server.prepare):
            find(words[0])
    except LabError as problem:
        pytest.skip(str(problem))
    found.give(server.folder)
    found.start(server)
    return server


def answers_on(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("name", ALONE)
def test_a_server_starts_works_inside_of_its_lab_and_leaves_nothing(name: str) -> None:
    with lab() as found:
        server = started(found, ALONE[name])
        assert answers_on(server.port)
        own = {each.pid for each in found.processes(server.name)}
        assert own
        inside = {each.pid for each in processes.inside(found.folder)}
        assert [
            pid for pid in own - inside if processes.look(pid)
        ] == []  # that did not end meanwhile
        found.stop()
        assert not answers_on(server.port)
    assert [each for each in own if processes.look(each)] == []
    assert [path.name for path in state_folder().iterdir()] == ["lock"]


@pytest.mark.parametrize("name", ALONE)
def test_a_lab_that_is_closed_at_once_leaves_nothing_either(name: str) -> None:
    with lab() as found:
        server = started(found, ALONE[name])
        own = {each.pid for each in found.processes(server.name)}
    assert not answers_on(server.port)
    assert [each for each in own if processes.look(each)] == []


def test_pgbouncer_before_a_postgresql() -> None:
    with lab() as found:
        database = started(found, postgresql.server)
        folder, port = found.make_folder("pooler"), found.port()
        pooler = pgbouncer.server(folder, port, database=database.port)
        found.give(folder)
        found.start(pooler)
        answer = found.ask(
            "psql", "-XAtq", "-h", "127.0.0.1", "-p", str(port), "-U", "shop",
            "-d", "shop", "-c", "SELECT 1"
        )  # fmt: skip
        assert answer == "1\n"


def test_a_server_that_does_not_start_is_told_with_its_words() -> None:
    with lab() as found:
        folder = found.make_folder("server")
        (folder / "redis.conf").write_text("maxmemory 1 gb\n")
        server = redis.server(folder, found.port(), config=folder / "redis.conf")
        with pytest.raises(LabError, match=r"(?s)cache ended with 1: .*FATAL CONFIG FILE ERROR"):
            found.start(server)
