"""What the tests of nginx share: its own word on a configuration."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from support.programs import need

Ask = Callable[..., str]

# Where a text names no log nginx opens its own, which only root may.
_OTHERS_LOGS = re.compile(r"nginx: \[emerg\] open\(\) \"/var/log/nginx/.*denied\)\n")


@pytest.fixture
def nginx(tmp_path: Path) -> Ask:
    """What nginx prints when it tests a file, or a text, with further options."""
    program = need("nginx", "nginx-light")

    def ask(configuration: Path | str, *options: str) -> str:
        if isinstance(configuration, str):
            path = tmp_path / "nginx.conf"
            path.write_bytes(configuration.encode())
        else:
            path = configuration
        command = [program, "-e", str(tmp_path / "error.log"), "-p", str(path.parent)]
        if not re.search(rb"\bpid\b", path.read_bytes()):
            command += ["-g", f"pid {tmp_path}/nginx.pid;"]
        done = subprocess.run(
            [*command, "-c", str(path), "-t", *options],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        return _OTHERS_LOGS.sub("", done.stdout + done.stderr)

    return ask
