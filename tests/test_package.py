"""The wheel, built and installed elsewhere: small, complete, and it runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

import bootstrap
import plimsoll

pytestmark = pytest.mark.registry

MOST_DIRECT = 8
MOST_PACKAGES = 15
MOST_BYTES = 30_000_000

# Where uv keeps its downloads, whatever cache the tests have.
CACHES = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
UV_CACHE = os.environ.get("UV_CACHE_DIR") or str(CACHES / "uv")


def environment() -> dict[str, str]:
    return {**bootstrap.environment(), "UV_CACHE_DIR": UV_CACHE, "PYTHONDONTWRITEBYTECODE": "1"}


def run(*command: str | Path, folder: Path, ends_with: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == ends_with, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def uv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A uv that reaches a package index; what builds our wheel stands for all packages."""
    found = bootstrap.find_uv()
    if found is None:
        pytest.skip("no uv is installed: run python3 tools/bootstrap.py")
    asked = subprocess.run(
        [found, "pip", "install", "--dry-run", "--target", "x", "hatchling"],
        cwd=tmp_path_factory.mktemp("index"), env=environment(), capture_output=True,
        text=True, timeout=120, check=False,
    )  # fmt: skip
    if asked.returncode:
        pytest.skip(f"no package index answers: {' '.join(asked.stderr.split())[-200:]}")
    return found


@pytest.fixture(scope="module")
def wheel(uv: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(uv, "build", "--wheel", "--out-dir", folder, bootstrap.ROOT, folder=folder)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(uv: Path, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel in it, from wheels alone."""
    venv = tmp_path_factory.mktemp("elsewhere") / "venv"
    run(uv, "venv", "--python", sys.executable, venv, folder=venv.parent)
    options = ["--python", str(venv), "--only-binary", ":all:"]
    run(uv, "pip", "install", *options, wheel, folder=venv.parent)
    return venv


def test_the_wheel_holds_every_file_of_the_source(wheel: Path) -> None:
    source = bootstrap.ROOT / "src"
    files = {
        path.relative_to(source).as_posix()
        for path in (source / "plimsoll").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    assert any(name.endswith(".yaml") for name in files)
    assert files <= held


def test_it_needs_few_packages_and_little_room(uv: Path, wheel: Path, installed: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
        said = HeaderParser().parsestr(archive.read(name).decode())
    direct = [need for need in said.get_all("Requires-Dist", []) if "extra ==" not in need]
    python = installed / "bin" / "python"
    listed = run(uv, "pip", "list", "--python", python, "--format", "json", folder=installed)
    [packages] = installed.glob("lib/python*/site-packages")
    size = sum(path.stat().st_size for path in packages.rglob("*") if path.is_file())

    assert 1 <= len(direct) <= MOST_DIRECT
    assert len(direct) < len(json.loads(listed.stdout)) <= MOST_PACKAGES
    assert 0 < size < MOST_BYTES


def test_it_says_its_version(installed: Path) -> None:
    said = run(installed / "bin" / "plimsoll", "--version", folder=installed).stdout
    assert said == f"plimsoll {plimsoll.__version__}\n"


def test_it_checks_with_its_rules(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "redis.conf").write_text("port 6379\nmaxclients 20000\n")
    (tmp_path / "plimsoll.yaml").write_text(
        "services: {cache: {technology: redis, files: [redis.conf], limits: {nofile: 1024}}}\n"
    )
    command = [str(installed / "bin" / "plimsoll"), "check", "--format", "json", "."]
    found = json.loads(run(*command, folder=tmp_path, ends_with=1).stdout)["findings"]
    places = [(s["path"], s["line"]) for each in found for s in each["settings"] if "path" in s]
    assert ("redis.conf", 2) in places
