"""What the tests of Apache share: its own word on a configuration."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from support.programs import need

MODULES = Path("/usr/lib/apache2/modules")
LOADED = (
    "authz_core",
    "info",
    "proxy",
    "proxy_http",
    "macro",
    "alias",
    "reqtimeout",
    "env",
    "mime",
)

# (text, MPM, options) -> (exit code, what it prints); the text begins in line 1.
Ask = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def apache(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Asks Apache whether it takes a configuration; it never starts."""
    program = need("apache2", "apache2")
    folder = tmp_path_factory.mktemp("apache")

    def ask(text: str, mpm: str = "event", *options: str) -> tuple[int, str]:
        path = folder / "x.conf"
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        before = [
            f"ServerRoot {folder}",
            f"PidFile {folder}/pid",
            "ServerName x",
            f"ErrorLog {folder}/log",
        ]
        before += [
            f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in (f"mpm_{mpm}", *LOADED)
        ]
        words = [program, "-f", str(path), *(word for each in before for word in ("-C", each))]
        done = subprocess.run(
            [*words, "-c", "Listen 127.0.0.1:18090", "-t", *options],
            capture_output=True,
            timeout=20,
            check=False,
        )
        return done.returncode, (done.stdout + done.stderr).decode("utf-8", "surrogateescape")

    return ask
