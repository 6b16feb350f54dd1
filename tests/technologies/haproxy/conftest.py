"""What the tests of HAProxy share: its own word on a configuration."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from support.programs import need

# (text, environment) -> (exit code, what it prints)
Ask = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def haproxy(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Asks HAProxy whether it takes a configuration; it never starts."""
    program = need("haproxy", "haproxy")
    path: Path = tmp_path_factory.mktemp("haproxy") / "x.cfg"

    def ask(text: str, environment: dict[str, str] | None = None) -> tuple[int, str]:
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        done = subprocess.run(
            [program, "-c", "-f", str(path)],
            capture_output=True,
            timeout=20,
            check=False,
            env=environment or {},
        )
        return done.returncode, (done.stdout + done.stderr).decode("utf-8", "surrogateescape")

    return ask
