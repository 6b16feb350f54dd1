"""PgBouncer, asked for what it runs with."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from plimsoll.syntax.text import encoded
from support.programs import need
from support.servers import unprivileged

HEAD = "[pgbouncer]\nlisten_port = 6543\nauth_type = any\nadmin_users = pgbouncer\n"


@dataclass(frozen=True)
class Answers:
    """SHOW CONFIG, the rows of SHOW DATABASES by name, and how many files it expects to need."""

    config: dict[str, str]
    databases: dict[str, dict[str, str]]
    files: int


def started(folder: Path, text: str, nofile: int | None = None) -> Answers | str:
    """What a server with that file says of itself; its words where it does not start."""
    (folder / "p.ini").write_bytes(encoded(f"{HEAD}unix_socket_dir = {folder}\n{text}"))
    own = folder / ".s.PGSQL.6543"
    own.unlink(missing_ok=True)
    limit = ["prlimit", f"--nofile={nofile}:{nofile}"] if nofile else []
    log = folder / "log"
    words = [*limit, *unprivileged(need("pgbouncer", "pgbouncer"), folder / "p.ini")]
    with log.open("wb") as out:
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=out, cwd=folder)
    try:
        end = time.monotonic() + 10
        while process.poll() is None and not own.exists() and time.monotonic() < end:
            time.sleep(0.005)
        if process.poll() is None:
            databases = {row["name"]: row for row in asked(folder, "SHOW DATABASES")}
            config = {row["key"]: row["value"] for row in asked(folder, "SHOW CONFIG")}
            expected = re.search(r"max expected fd use: (\d+)", log.read_text("utf-8", "replace"))
            return Answers(config, databases, int(expected[1]) if expected else 0)
        return log.read_text("utf-8", "replace")
    finally:
        process.kill()
        process.wait()


def asked(folder: Path, question: str) -> list[dict[str, str]]:
    words = [need("psql", "postgresql"), "-X", "-h", folder, "-p", "6543", "-U", "pgbouncer"]
    done = subprocess.run(
        [*map(str, words), "--csv", "-c", question, "pgbouncer"],
        capture_output=True, text=True, check=True, timeout=10,
    )  # fmt: skip
    return list(csv.DictReader(io.StringIO(done.stdout, newline="")))
