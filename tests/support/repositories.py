"""Git repositories for tests: commits and a working tree in a temporary folder, nobody's settings."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

_NOBODY = {
    f"GIT_{who}_{what}": "shop@example.org"
    for who in ("AUTHOR", "COMMITTER")
    for what in ("NAME", "EMAIL")
}


class Repository:
    """A repository with one commit: the files that it begins with."""

    def __init__(self, root: Path, files: Mapping[str, str]) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")
        if files:
            self.commit("The beginning", files)

    def git(self, *words: str) -> str:
        """What git says; it has to succeed."""
        own = {"PATH": os.environ["PATH"], "HOME": str(self.root), **_NOBODY}
        done = subprocess.run(
            ["git", *words], cwd=self.root, env=own, capture_output=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.decode("utf-8", "surrogateescape")

    def write(self, files: Mapping[str, str | None]) -> None:
        """Writes files; one that is None goes."""
        for path, text in files.items():
            file = self.root / path
            if text is None:
                file.unlink()
            else:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(text.encode("utf-8", "surrogateescape"))

    def commit(self, message: str, files: Mapping[str, str | None] | None = None) -> None:
        self.write(files or {})
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
