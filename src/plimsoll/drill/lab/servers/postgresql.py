"""PostgreSQL, with a cluster of its own."""

from __future__ import annotations

import signal
from pathlib import Path

from plimsoll.drill.lab.server import Server


def server(folder: Path, port: int, *, config: Path | None = None, name: str = "db") -> Server:
    """*folder*/data is made where it is not there yet. *config*: its postgresql.conf, else its own.

    It does not sync: a lab is gone after a crash of the machine anyway.
    """
    data = folder / "data"
    made = (
        *("initdb", "-D", str(data), "-U", "shop", "-A", "trust", "-E", "UTF8", "--locale=C"),
        *("--no-sync", "--wal-segsize=1"),  # MB: a small cluster is copied sooner
    )
    words = ["-D", str(data), "-p", str(port), "-k", str(folder)]
    # In the folder: in shared memory of the system they would outlive a server that is killed.
    words += ["-c", "listen_addresses=127.0.0.1", "-c", "dynamic_shared_memory_type=mmap"]
    words += ["-c", "fsync=off"]
    if config is not None:
        words += ["-c", f"config_file={config}"]
        words += ["-c", f"hba_file={data}/pg_hba.conf", "-c", f"ident_file={data}/pg_ident.conf"]
    return Server(
        name=name,
        program="postgres",
        words=tuple(words),
        folder=folder,
        port=port,
        ready=lambda run: run(
            *("pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "shop"),
            *("-d", "shop" if config else "postgres"),
        ),
        stop=signal.SIGINT,  # "fast": does not wait for clients
        quick=signal.SIGQUIT,  # "immediate"
        prepare=() if data.exists() else (made,),
    )
