"""MariaDB, with a data folder of its own."""

from __future__ import annotations

from pathlib import Path

from plimsoll.drill.lab.server import Server


def server(folder: Path, port: int, *, name: str = "mariadb") -> Server:
    """Its binary log is off, and it does not sync."""
    data, socket = folder / "data", folder / "my.sock"
    install = (
        *("mariadb-install-db", "--no-defaults", f"--datadir={data}", "--basedir=/usr"),
        *("--auth-root-authentication-method=normal", "--skip-test-db"),
    )
    asked = ("--no-defaults", "-h127.0.0.1", f"-P{port}", "-uroot", "-eSELECT 1")
    return Server(
        name=name,
        program="mariadbd",
        words=(
            "--no-defaults",
            f"--datadir={data}",
            f"--socket={socket}",
            f"--port={port}",
            "--bind-address=127.0.0.1",
            f"--pid-file={folder}/my.pid",
            f"--tmpdir={folder}",
            "--innodb-buffer-pool-size=32M",
            "--innodb-flush-log-at-trx-commit=0",
            "--skip-log-bin",
        ),
        folder=folder,
        port=port,
        ready=lambda run: run("mariadb", *asked),
        prepare=() if data.exists() else (install,),
    )
