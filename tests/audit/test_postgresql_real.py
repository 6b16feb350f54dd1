"""A real PostgreSQL, audited: what it runs with, and why that is not what its file says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from plimsoll.audit.answers import Machine
from plimsoll.audit.asked import machine
from plimsoll.audit.outcome import audit_of
from plimsoll.audit.stacks import Audited, found
from plimsoll.hosts.local import Local
from plimsoll.model.drift import Drift, Kind
from plimsoll.model.setting import Origin
from support.servers import Postgres, folder_of_nobody


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Postgres]:
    monkeypatch.setenv("PGUSER", "shop")
    with folder_of_nobody() as folder:
        cluster = Postgres(folder).create()
        written(cluster, "work_mem = 8MB\n")
        yield cluster


def written(cluster: Postgres, text: str) -> None:
    (cluster.folder / "postgresql.conf").write_text(text)


def reloaded(cluster: Postgres) -> None:
    cluster.ask("SELECT pg_reload_conf()")


@contextmanager
def audited(cluster: Postgres) -> Iterator[tuple[Machine, Audited, str]]:
    """What an audit finds, and the name of that cluster in it."""
    here = machine("here", Local())
    seen = found(here)
    name = next(
        name
        for name, asked in seen.servers.items()
        if any(path.startswith(str(cluster.folder)) for path in asked.files)
    )
    yield here, seen, name


def drift(cluster: Postgres) -> dict[tuple[str, str], Drift]:
    with audited(cluster) as (here, seen, name):
        told = audit_of(here, seen, ()).drifts
        return {(each.name, each.whom): each for each in told if each.service == name}


def test_a_server_that_runs_what_was_written_does_not_drift(cluster: Postgres) -> None:
    with cluster.running(), audited(cluster) as (_, seen, name):
        service = seen.running.services[name]
        assert (
            str(service.version)
            == cluster.ask("SHOW server_version")[0]["server_version"].split()[0]
        )
        work_mem = service.setting("work_mem")
        assert work_mem is not None
        assert work_mem.place is not None
        assert (work_mem.text, work_mem.origin) == ("8MB", Origin.FILE)
        assert Path(work_mem.place.path) == cluster.folder / "postgresql.conf"
        names = {each.name for each in drift(cluster).values()}
        assert names == {"fsync", "listen_addresses", "unix_socket_directories"}  # command line


def test_a_value_that_waits_for_a_restart_is_pending(cluster: Postgres) -> None:
    with cluster.running():
        written(cluster, "work_mem = 8MB\nmax_connections = 200\n")
        reloaded(cluster)
        found = drift(cluster)["max_connections", ""]
        assert (found.kind, found.reason) == (
            Kind.PENDING,
            "the file says otherwise, which waits for a restart",
        )
        assert found.running is not None
        assert found.disk is not None
        assert (found.running.text, found.disk.text) == ("100", "200")


def test_a_value_that_waits_for_a_reload_is_pending(cluster: Postgres) -> None:
    with cluster.running():
        written(cluster, "work_mem = 16MB\n")
        found = drift(cluster)["work_mem", ""]
        assert (found.kind, found.reason) == (
            Kind.PENDING,
            "the file says otherwise, which waits for a reload",
        )


def test_roles_databases_and_command_lines_override_a_file(cluster: Postgres) -> None:
    with cluster.running("-c", "work_mem=32MB"):
        cluster.ask("ALTER ROLE shop SET work_mem = '64MB'")
        cluster.ask("ALTER DATABASE postgres SET statement_timeout = '5s'")
        found = drift(cluster)
        assert found["work_mem", "shop"].reason == "shop has its own"
        assert found["statement_timeout", "postgres"].kind is Kind.SHADOWED


def test_what_the_command_line_says_is_what_runs(cluster: Postgres) -> None:
    with cluster.running("-c", "work_mem=32MB"):
        found = drift(cluster)["work_mem", ""]
        assert (found.kind, found.reason) == (Kind.SHADOWED, "the command line says otherwise")
        with audited(cluster) as (_, seen, name):
            setting = seen.running.services[name].setting("work_mem")
            assert setting is not None
            assert (setting.text, setting.origin) == ("32MB", Origin.COMMAND_LINE)


def test_a_cluster_that_lets_nobody_in_is_not_asked(
    cluster: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGUSER", "nobody_of_this_name")
    with cluster.running():
        here = machine("here", Local())
        (asked,) = (each for each in here.servers if str(cluster.data) in each.server.main.words)
        assert asked.told == ()
        assert any("nobody_of_this_name" in each for each in asked.failures)
