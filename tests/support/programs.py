"""Real programs for tests: their path, or a skip that names the package."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest


def path_of(program: str) -> str | None:
    """The path of *program*, also in the folders of servers that a user's PATH leaves out."""
    folders = [
        "/usr/sbin",
        "/usr/local/sbin",
        "/usr/share/tomcat10/bin",
        *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True),
    ]
    return shutil.which(program, path=os.pathsep.join([os.environ.get("PATH", ""), *folders]))


def need(program: str, package: str) -> str:
    """The path of *program*; skips the test, naming the Debian package, where it is not installed."""
    path = path_of(program)
    if path is None:
        pytest.skip(f"{program} is not installed (Debian package {package})")
    return path
