"""memcached, asked for its settings while it runs with a command line."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from support.programs import need
from support.servers import unprivileged


def stats(folder: Path, words: Sequence[str], nofile: int | None = None) -> dict[str, str] | str:
    """`stats settings` of a server with *words*; what it says where it does not start."""
    path = folder / "m"
    path.unlink(missing_ok=True)
    limit = ["prlimit", f"--nofile={nofile}:{nofile}"] if nofile else []
    command = [*limit, *unprivileged(need("memcached", "memcached"), "-s", path, *words)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        end = time.monotonic() + 10
        while process.poll() is None and time.monotonic() < end:
            try:
                return _answer(path)
            except OSError:
                time.sleep(0.005)
        assert process.stderr
        return process.stderr.read().decode("utf-8", "replace") or "it ended"
    finally:
        process.kill()
        process.communicate()


def _answer(path: Path) -> dict[str, str]:
    with socket.socket(socket.AF_UNIX) as asked:
        asked.settimeout(5)
        asked.connect(str(path))
        asked.sendall(b"stats settings\r\n")
        said = b""
        while not said.endswith(b"END\r\n"):
            said += asked.recv(65536) or b"END\r\n"
    rows = (line.split(" ", 2) for line in said.decode().splitlines() if line.startswith("STAT "))
    return {row[1]: row[2] if len(row) > 2 else "" for row in rows}
