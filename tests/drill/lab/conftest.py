"""A folder that servers reach: short, for sockets, and passable for another user."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def short_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="lab-tests-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder
