"""The lab's servers, audited: each tells what it runs with, and why that is not what its file says."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from time import monotonic, sleep
from types import ModuleType

import pytest
from msgspec.structs import replace

from plimsoll.audit.answers import Asked
from plimsoll.audit.asked import machine
from plimsoll.audit.outcome import audit_of
from plimsoll.audit.stacks import found
from plimsoll.check import check, load_rules
from plimsoll.drill.lab.answers import answers, exchange_on_socket, speaks_http
from plimsoll.drill.lab.lab import Lab, lab
from plimsoll.drill.lab.server import Server
from plimsoll.drill.lab.servers import (
    apache,
    haproxy,
    mariadb,
    memcached,
    nginx,
    pgbouncer,
    php_fpm,
    redis,
)
from plimsoll.hosts.local import Local
from plimsoll.model.drift import Drift, Kind
from plimsoll.model.live import Source

TODAY = date(2026, 1, 1)


@pytest.fixture(name="place")
def fixture_place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    """A lab, and the home of who asks, in it."""
    with lab() as place:
        home = place.make_folder("home")
        monkeypatch.setenv("HOME", str(home))
        yield place


def audited(place: Lab, server: Server) -> tuple[Asked, dict[str, Drift]]:
    """What a server of the lab told, and where it drifts, by setting."""
    here = machine("here", Local())
    seen = found(here)
    main = place.running[server.name].pid
    name = next(name for name, each in seen.servers.items() if each.server.main.pid == main)
    made = check(seen.disk, load_rules(), TODAY).findings
    drifts = [each for each in audit_of(here, seen, made).drifts if each.service == name]
    return seen.servers[name], {each.name: each for each in drifts}


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.fixture(name="database")
def fixture_database(place: Lab) -> Server:
    """MariaDB that reads a file."""
    folder = place.make_folder("mariadb")
    bare = mariadb.server(folder, place.port())
    config = folder / "my.cnf"
    config.write_text("[mysqld]\nmax_connections = 60\nmax_allowed_packet = 8M\n")
    (place.folder / "home" / ".my.cnf").write_text("[client]\nuser = root\n")
    words = (f"--defaults-file={config}", "--table-open-cache=300", *bare.words[1:])
    server = replace(bare, words=words)
    place.start(server)
    return server


def test_mariadb_tells_its_variables_and_whence_it_has_them(place: Lab, database: Server) -> None:
    asked, drift = audited(place, database)
    assert asked.failures == ()
    assert asked.version.startswith("10.")
    assert len(asked.told) > 500
    assert not {"max_connections", "max_allowed_packet"} & set(drift)
    assert drift["table_open_cache"].kind is Kind.SHADOWED
    assert drift["table_open_cache"].reason == "the command line says otherwise"
    others = {
        n: (e.kind, e.reason, e.running) for n, e in drift.items() if e.kind is not Kind.SHADOWED
    }
    assert others == {}


def test_mariadb_that_was_set_while_it_runs(place: Lab, database: Server) -> None:
    socket = f"--socket={database.folder}/my.sock"
    place.run("mariadb", "--no-defaults", "-uroot", socket, "-eSET GLOBAL max_connections = 90")
    edited = audited(place, database)[1]["max_connections"]
    assert edited.disk is not None
    assert edited.running is not None
    assert (edited.disk.text, edited.running.text) == ("60", "90")
    assert edited.reason.startswith("set while it runs, gone with a restart")


def test_mariadb_whose_file_waits_for_a_restart(place: Lab, database: Server) -> None:
    replaced(database.folder / "my.cnf", "max_connections = 60", "max_connections = 61")
    assert audited(place, database)[1]["max_connections"].kind is Kind.PENDING


def test_a_memcached_tells_its_settings(place: Lab) -> None:
    server = memcached.server(place.make_folder("memcached"), place.port())
    place.start(server)
    asked, drift = audited(place, server)
    assert asked.version.startswith("1.6.")
    assert drift["-m"].reason == "the command line says otherwise"
    exchange(server, "cache_memlimit 48\r\n")
    edited = audited(place, server)[1]["-m"]
    assert edited.running is not None
    assert (edited.running.text, edited.kind) == ("48", Kind.EDITED)


def exchange(server: Server, sent: str) -> None:
    told = Local().talk(f"127.0.0.1:{server.port}", sent.encode(), b"\r\n", seconds=5)
    assert told == b"OK\r\n"


def test_an_haproxy_tells_what_its_socket_changed(place: Lab) -> None:
    server = haproxy.server(place.make_folder("haproxy"), place.port())
    config = server.folder / "haproxy.cfg"
    replaced(config, "global\n", "global\n    maxconn 300\n")
    place.start(server)
    asked, drift = audited(place, server)
    assert asked.failures == ()
    assert asked.version.startswith("2.")
    assert drift == {}
    exchange_on_socket(server.folder / "admin.sock", b"set maxconn global 200\n", 5)
    edited = audited(place, server)[1]["maxconn"]
    assert edited.running is not None
    assert (edited.running.text, edited.kind) == ("200", Kind.EDITED)


def test_a_pgbouncer_tells_what_its_console_changed(place: Lab) -> None:
    bare = pgbouncer.server(place.make_folder("pgbouncer"), place.port())
    where = ("-h", "127.0.0.1", "-p", str(bare.port), "-d", "pgbouncer")
    server = replace(bare, ready=lambda run: run("psql", "-X", *where, "-c", "SHOW VERSION"))
    config = server.folder / "pgbouncer.ini"
    with config.open("a") as file:
        file.write("admin_users = admin\ndefault_pool_size = 7\n")
    place.start(server)
    asked, drift = audited(place, server)
    assert asked.failures == ()
    assert len(asked.told) > 50
    assert drift == {}
    place.run("psql", "-X", "-U", "admin", *where, "-c", "SET default_pool_size = 9")
    edited = audited(place, server)[1]["default_pool_size"]
    assert edited.running is not None
    assert (edited.running.text, edited.kind) == ("9", Kind.EDITED)


def test_an_nginx_whose_file_is_newer_than_its_workers(place: Lab) -> None:
    server = nginx.server(place.make_folder("nginx"), place.port())
    config = server.folder / "nginx.conf"
    replaced(config, "access_log off;", "access_log off; include *.conf.d/*.conf;")
    (server.folder / "my.conf.d").mkdir()
    included = server.folder / "my.conf.d" / "more.conf"
    included.write_text("keepalive_timeout 20s;\n")
    place.start(server)
    asked, drift = audited(place, server)
    assert asked.version.startswith("1.")
    assert asked.files == (str(config),)
    assert set(drift) == {"daemon"}
    replaced(included, "20s", "30s")
    found = audited(place, server)[1]
    assert str(config) not in found
    pending = found[str(included)]
    assert pending.kind is Kind.PENDING
    assert "waits for a reload" in pending.reason
    main = place.running[server.name]
    workers = {each.pid for each in place.processes(server.name)} - {main.pid}
    main.signal(signal.SIGHUP)
    wait_for_workers(place, server, workers)
    assert set(audited(place, server)[1]) == {"daemon"}


def wait_for_workers(place: Lab, server: Server, before: set[int]) -> None:
    """Until those of before the reload are gone."""
    end = monotonic() + 20
    while before & {each.pid for each in place.processes(server.name)}:
        assert monotonic() < end
        sleep(0.02)


@pytest.mark.parametrize("kind", [apache, php_fpm], ids=["apache", "php-fpm"])
def test_a_file_that_is_newer_than_the_processes_of_its_server(
    place: Lab, kind: ModuleType
) -> None:
    server = kind.server(place.make_folder("folder"), place.port())
    place.start(server)
    asked, drift = audited(place, server)
    assert asked.failures == ()
    assert asked.version[0] in "28"
    (path,) = asked.files
    assert Path(path).parent == server.folder
    assert path not in drift
    with Path(path).open("a") as file:
        file.write("\n")
    assert audited(place, server)[1][path].kind is Kind.PENDING


def test_a_gunicorn_that_was_told_to_have_one_worker_more(place: Lab) -> None:
    folder, port = place.make_folder("gunicorn"), place.port()
    (folder / "alone.py").write_text(
        "def app(environ, start):\n    start('200 OK', [])\n    return [b'yes']\n"
    )
    (folder / "gunicorn.conf.py").write_text("workers = 2\ntimeout = 40\n")
    server = Server(
        name="app",
        program="gunicorn",
        words=("-c", "gunicorn.conf.py", "-b", f"127.0.0.1:{port}", "alone:app"),
        folder=folder,
        port=port,
        ready=lambda _: speaks_http(port, "/", "200"),
        environment={"PYTHONPATH": str(folder)},
    )
    place.start(server)
    wait_for_processes(place, server, 3)
    asked, drift = audited(place, server)
    assert asked.files == (f"{folder}/gunicorn.conf.py",)
    assert "workers" not in drift
    place.running[server.name].signal(signal.SIGTTIN)
    wait_for_processes(place, server, 4)
    edited = audited(place, server)[1]["workers"]
    assert edited.disk is not None
    assert edited.running is not None
    assert (edited.disk.text, edited.running.text) == ("2", "3")


def wait_for_processes(place: Lab, server: Server, count: int) -> None:
    end = monotonic() + 20
    while len(place.processes(server.name)) != count:
        assert monotonic() < end
        sleep(0.02)


def test_a_jvm_tells_its_flags(place: Lab) -> None:
    folder, port = place.make_folder("jvm"), place.port()
    (folder / "A.java").write_text(
        "public class A { public static void main(String[] a) throws Exception {"
        f" new java.net.ServerSocket({port}).accept(); Thread.sleep(60000); }} }}\n"
    )
    server = Server(
        name="java",
        program="java",
        words=("-Xmx64m", "-XX:+UseSerialGC", "A.java"),
        folder=folder,
        port=port,
        ready=lambda _: answers(port, b"", b""),
    )
    place.start(server)
    asked, drift = audited(place, server)
    assert asked.failures == ()
    heap = next(each for each in asked.told if each.name == "-Xmx")
    assert (heap.text, heap.source) == (str(64 * 1024**2), Source.COMMAND_LINE)
    assert drift["-Xmx"].reason == "the command line says otherwise"
    assert not {each.kind for each in drift.values()} - {Kind.SHADOWED}


def test_servers_that_hang_cost_no_other_its_answer(place: Lab) -> None:
    kinds = (haproxy, redis, memcached, nginx)
    servers = [each.server(place.make_folder(each.__name__), place.port()) for each in kinds]
    place.start(*servers)
    for name in ("haproxy", "memcached"):
        for each in place.processes(name):
            os.kill(each.pid, signal.SIGSTOP)
    began = monotonic()
    here = machine("here", Local(), seconds=1.0)
    assert monotonic() - began < 1.0 + 1.0
    found = {each.server.technology: each for each in here.servers}
    assert found["redis"].told
    assert found["redis"].failures == ()
    for name in ("haproxy", "memcached"):
        assert found[name].told == ()
        assert "no whole answer in" in found[name].failures[0]
        for each in place.processes(name):
            os.kill(each.pid, signal.SIGCONT)
