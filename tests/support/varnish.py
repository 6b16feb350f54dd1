"""varnishd, asked for its parameters."""

from __future__ import annotations

import re
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from support.servers import unprivileged


def shown(server: str, folder: Path, *words: str) -> dict[str, str] | None:
    """Its parameters as it shows them before it starts its child; None where it refuses."""
    command = [server, "-d", "-f", "", "-j", "none", "-a", "127.0.0.1:0", "-n", folder / "v"]
    process = subprocess.Popen(
        unprivileged(*command, *words), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, cwd=folder,
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    rows: dict[str, str] = {}
    try:
        process.stdin.write("param.show\n")
        process.stdin.flush()
        end = time.monotonic() + 20
        for line in process.stdout:
            found = re.match(r"([a-z][a-z0-9_]+) +(.+?)(?: \[[^]]*\])?(?: \(default\))?$", line)
            if found:
                rows[found[1]] = found[2].strip()
            if line.startswith("workspace_thread") or time.monotonic() > end:
                break
    except BrokenPipeError:
        pass
    finally:
        with suppress(BrokenPipeError):
            process.stdin.close()
        process.stdout.close()
        process.wait(20)
    return rows if "workspace_thread" in rows else None
