"""What servers admit, against the limits that rules about connections and huge pages draw."""

from __future__ import annotations

import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from plimsoll.check.language import Num, Thing
from plimsoll.check.library import knowledge
from plimsoll.check.world.base import thing
from plimsoll.check.world.stack import StackWorld
from plimsoll.stack import read_texts
from support.programs import need
from support.servers import Postgres, folder_of_nobody, started

pytestmark = pytest.mark.real

_SECONDS = 20.0


def limit(technology: str, file: str, text: str, name: str) -> int:
    """What a fact says of a service with that file."""
    said = f"services: {{s: {{technology: {technology}, version: '15', files: [{file}]}}}}\n"
    stack = read_texts({"plimsoll.yaml": said, file: text})
    service = thing(stack.services["s"])
    assert isinstance(service, Thing)
    found = StackWorld(stack, knowledge()).attribute(service, name)
    assert isinstance(found, Num)
    assert found.is_known
    return int(found.low)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Postgres]:
    need("initdb", "postgresql")
    need("psql", "postgresql")
    with folder_of_nobody() as folder:
        yield Postgres(folder).create()


def test_ordinary_clients_are_refused_above_what_is_theirs(cluster: Postgres) -> None:
    text = (
        "max_connections = 5\nsuperuser_reserved_connections = 2\n"
        "client_connection_check_interval = 100ms\n"
    )
    (cluster.folder / "postgresql.conf").write_text(text)
    admitted = limit("postgresql", "postgresql.conf", text, "ordinary_connections")
    with cluster.running(), ExitStack() as clients:
        cluster.ask("DROP ROLE IF EXISTS buyer; CREATE ROLE buyer LOGIN")
        for number in range(1, admitted + 1):
            clients.enter_context(_connected(cluster, number))
        refused = subprocess.run(
            _psql(cluster.folder, "SELECT 1"), capture_output=True, timeout=_SECONDS, check=False
        )
        assert refused.returncode == 2
        assert b"remaining connection slots are reserved" in refused.stderr


def _psql(folder: Path, question: str) -> list[str]:
    words = ("-X", "-q", "-h", folder, "-U", "buyer", "-c", question, "postgres")
    return [need("psql", "postgresql"), *map(str, words)]


@contextmanager
def _connected(cluster: Postgres, number: int) -> Iterator[None]:
    """One more client; who asked before it may still hold a connection, so that it tries again."""
    words = _psql(cluster.folder, "SELECT pg_sleep(60)")
    process = subprocess.Popen(words, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + _SECONDS
        while _buyers(cluster) < number:
            assert time.monotonic() < end
            if process.poll() is not None:
                process = subprocess.Popen(words, stderr=subprocess.DEVNULL)
            time.sleep(0.05)
        yield
    finally:
        process.kill()
        process.wait()


def _buyers(cluster: Postgres) -> int:
    question = "SELECT count(*) AS n FROM pg_stat_activity WHERE usename = 'buyer'"
    return int(cluster.ask(question)[0]["n"])


def test_without_huge_pages_it_does_not_start_where_it_insists_on_them(cluster: Postgres) -> None:
    if int(Path("/proc/sys/vm/nr_hugepages").read_text()):
        pytest.skip("this machine has huge pages")
    file = cluster.folder / "postgresql.conf"
    file.write_text("shared_buffers = 64MB\nhuge_pages = on\n")
    with (
        pytest.raises(RuntimeError, match="could not map anonymous shared memory"),
        cluster.running(),
    ):
        pass
    file.write_text("shared_buffers = 64MB\nhuge_pages = try\n")
    with cluster.running():
        pass


def test_the_pooler_takes_as_many_clients_as_it_says() -> None:
    program = need("pgbouncer", "pgbouncer")
    with folder_of_nobody() as folder, ExitStack() as opened:
        silent = opened.enter_context(socket.create_server(("127.0.0.1", 0)))
        text = (
            f"[databases]\nshop = host=127.0.0.1 user=shop port={silent.getsockname()[1]}\n"
            "[pgbouncer]\nmax_client_conn = 3\n"
        )
        own = folder / ".s.PGSQL.6544"
        file = folder / "pgbouncer.ini"
        file.write_text(f"{text}auth_type = any\nlisten_port = 6544\nunix_socket_dir = {folder}\n")
        opened.enter_context(started((program, file), folder, own.exists))
        for _ in range(limit("pgbouncer", "pgbouncer.ini", text, "concurrency")):
            waiting = opened.enter_context(closing(_client(own)))
            waiting.settimeout(0.3)
            with pytest.raises(TimeoutError):  # it waits for the server
                waiting.recv(1)
        refused = opened.enter_context(closing(_client(own)))
        assert b"no more connections allowed (max_client_conn)" in refused.recv(1000)


def _client(own: Path) -> socket.socket:
    """Somebody who asks for the database, and waits."""
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(_SECONDS)
    client.connect(str(own))
    said = struct.pack("!i", 196608) + b"user\0buyer\0database\0shop\0\0"
    client.sendall(struct.pack("!i", len(said) + 4) + said)
    return client
