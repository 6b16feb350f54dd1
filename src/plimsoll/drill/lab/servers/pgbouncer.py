"""PgBouncer, before a PostgreSQL."""

from __future__ import annotations

import signal
from pathlib import Path

from plimsoll.drill.lab.server import Server

_BARE = """\
[databases]
shop = host=127.0.0.1 port={database} dbname=postgres user=shop
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
"""


def server(
    folder: Path,
    port: int,
    *,
    config: Path | None = None,
    database: int = 5432,
    name: str = "pooler",
) -> Server:
    """Without *config* everybody reaches the database on port *database*."""
    if config is None:
        config = folder / "pgbouncer.ini"
        config.write_text(_BARE.format(port=port, database=database))
    return Server(
        name=name,
        program="pgbouncer",
        words=(str(config),),
        folder=folder,
        port=port,
        ready=lambda run: run(
            "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "shop", "-d", "shop"
        ),
        stop=signal.SIGINT,
    )
