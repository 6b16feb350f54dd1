"""Gets uv and, with it, the locked environment: `.venv/bin/plimsoll` runs afterwards.

    python3 tools/bootstrap.py             the environment
    python3 tools/bootstrap.py --servers   and the servers that tests start, where it may install

Standard library only: a bare Debian python3 has neither pip nor ensurepip. It has to be read by
older Pythons too, or they could not say that they are too old. A run that finds everything in its
place starts no other program.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"

PYTHON = (3, 11)
UV = "0.13.8"
OLDEST_UV = (0, 8)  # of those that are already there; reads this uv.lock and knows --frozen

NO_UV = """no uv, and none of the ways to get it works here:
{tried}
Install one of them and run the same command again:
    apt-get install python3-venv        (Debian, Ubuntu; as root)
    https://docs.astral.sh/uv           (then it is found on PATH, in ~/.local/bin or by PLIMSOLL_UV=/path/to/uv)
Behind a mirror or a proxy set UV_DEFAULT_INDEX, PIP_INDEX_URL and SSL_CERT_FILE."""

NO_SYNC = """the locked packages could not be installed: see above.
Behind a mirror or a proxy set UV_DEFAULT_INDEX (uv does not read pip.conf) and SSL_CERT_FILE."""


class BootstrapError(Exception):
    """The environment cannot be made; the message says what to do."""


class NoWayError(Exception):
    """One way to get uv does not work on this machine, and why."""


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bootstrap.py", description="Makes .venv ready.")
    parser.add_argument("--servers", action="store_true", help="also the servers that tests start")
    wanted = parser.parse_args(words)
    try:
        check_python(sys.version_info[:2])
        make_environment()
    except BootstrapError as problem:
        print(f"bootstrap: {problem}", file=sys.stderr)
        return 1
    if wanted.servers:
        import servers  # of this folder; only now, an older Python may not read it

        servers.install_missing()
    return 0


def say(what: str) -> None:
    print(f"bootstrap: {what}", flush=True)


# -------------------------------------------------------------------------------- the environment


def check_python(version: tuple[int, ...]) -> None:
    """Raises: BootstrapError: this Python is too old."""
    if version < PYTHON:
        raise BootstrapError(
            f"Plimsoll needs Python {shown(PYTHON)} or newer, and {sys.executable} is "
            f"{shown(version)}. Name a newer one: make PYTHON=python3.12 ..."
        )


def shown(version: tuple[int, ...]) -> str:
    return ".".join(str(number) for number in version)


def make_environment() -> None:
    """`.venv` holds what uv.lock says. Does nothing when it did already."""
    stamp, wanted = VENV / ".synced", digest()
    if (VENV / "bin" / "plimsoll").exists() and stamp.is_file() and stamp.read_text() == wanted:
        return
    uv = find_uv() or get_uv()
    say(f"uv sync --frozen   (with {uv})")
    if subprocess.run(sync_command(uv), cwd=ROOT, env=environment(), check=False).returncode:
        raise BootstrapError(NO_SYNC)
    stamp.write_text(wanted)


def digest() -> str:
    """Changes when another environment is wanted."""
    texts = [(ROOT / name).read_bytes() for name in ("uv.lock", "pyproject.toml")]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()


def sync_command(uv: Path) -> list[str]:
    """An environment that exists keeps its Python; a new one gets the Python that runs us."""
    python = [] if (VENV / "bin" / "python").exists() else ["--python", sys.executable]
    return [str(uv), "sync", "--frozen", *python]


def environment() -> dict[str, str]:
    """For uv and pip: the caller's, so that its mirrors and certificates hold."""
    own = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    own["UV_PROJECT_ENVIRONMENT"] = str(VENV)
    own.setdefault("UV_PYTHON_DOWNLOADS", "never")  # they come from no package index
    if "SSL_CERT_FILE" in own:
        own.setdefault("PIP_CERT", own["SSL_CERT_FILE"])  # older pips do not look at the other
    return own


# ------------------------------------------------------------------------------------- finding uv


def find_uv() -> Path | None:
    """A uv that is already there and runs: PLIMSOLL_UV, .tools, PATH, ~/.local/bin.

    Raises:
        BootstrapError: PLIMSOLL_UV names none.
    """
    named = os.environ.get("PLIMSOLL_UV")
    if named:
        if version_of(Path(named)) is None:
            raise BootstrapError(f"PLIMSOLL_UV={named}: no uv that runs; correct or unset it")
        return Path(named)
    found = shutil.which("uv")
    places = [own_uv(), Path(found) if found else None, Path.home() / ".local" / "bin" / "uv"]
    return next((p for p in places if p and (version_of(p) or (0,)) >= OLDEST_UV), None)


def own_uv() -> Path:
    return TOOLS / f"uv-{UV}" / "uv"


def version_of(uv: Path) -> tuple[int, ...] | None:
    """What it says of itself; None where it does not run (a shim without its program, a folder)."""
    try:
        said = subprocess.run(
            [str(uv), "--version"], capture_output=True, text=True, timeout=20, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    numbers = re.match(r"uv (\d+)\.(\d+)\.(\d+)", said)
    return tuple(int(number) for number in numbers.groups()) if numbers else None


# ------------------------------------------------------------------------------------- getting uv


def get_uv() -> Path:
    """The program, out of its wheel, in `.tools`: by the first way that works on this machine.

    Raises:
        BootstrapError: with every way and why it does not work.
    """
    tried = []
    for name, pip in WAYS.items():
        with tempfile.TemporaryDirectory(prefix="plimsoll-uv-") as scratch:
            try:
                return unpack(download(pip(Path(scratch)), Path(scratch) / "wheel"))
            except NoWayError as reason:
                tried.append(f"  - {name}: {reason}")
    raise BootstrapError(NO_UV.format(tried="\n".join(tried)))


def pip_of_venv(scratch: Path) -> list[str]:
    if importlib.util.find_spec("ensurepip") is None:
        raise NoWayError("this Python has no ensurepip")
    attempt([sys.executable, "-m", "venv", str(scratch / "venv")])
    return [str(scratch / "venv" / "bin" / "python"), "-m", "pip"]


def pip_of_python(scratch: Path) -> list[str]:  # noqa: ARG001 - one of four alike
    if importlib.util.find_spec("pip") is None:
        raise NoWayError("it has none")
    return [sys.executable, "-m", "pip"]


def pip_of_debian(scratch: Path) -> list[str]:
    for program in ("apt-get", "dpkg"):
        if shutil.which(program) is None:
            raise NoWayError(f"no {program}")
    own = own_lists(scratch)
    get = ["apt-get", "-q", "download", "python3-pip-whl"]
    try:
        attempt(get, scratch)
    except NoWayError:  # there are no package lists, as in a fresh image: with own ones
        attempt(["apt-get", "-q", *own, "update"], scratch)
        attempt([*get, *own], scratch)
    for package in scratch.glob("python3-pip-whl_*.deb"):
        attempt(["dpkg", "-x", str(package), str(scratch / "debian")])
    for wheel in scratch.glob("debian/usr/share/python-wheels/pip-*.whl"):
        return [sys.executable, str(wheel / "pip")]
    raise NoWayError("python3-pip-whl holds no pip-*.whl")


def own_lists(scratch: Path) -> list[str]:
    """Options of apt-get for package lists of its own, which need no root and change nothing."""
    for folder in ("lists/partial", "cache/archives/partial"):
        (scratch / folder).mkdir(parents=True)
    return ["-o", f"Dir::State::Lists={scratch}/lists", "-o", f"Dir::Cache={scratch}/cache"]


def pip_of_installed_venv(scratch: Path) -> list[str]:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise NoWayError("only root may install it, on Debian or Ubuntu")
    say("apt-get install -y --no-install-recommends python3-venv")
    attempt(["apt-get", "-q", "update"])
    attempt(["apt-get", "-q", "install", "-y", "--no-install-recommends", "python3-venv"])
    importlib.invalidate_caches()
    return pip_of_venv(scratch)


# Each gives the command of a pip, or says why it cannot; in the order in which they are tried.
WAYS: dict[str, Callable[[Path], list[str]]] = {
    "the pip of a virtual environment": pip_of_venv,
    "the pip of this Python": pip_of_python,
    "Debian's pip, unpacked without installing it": pip_of_debian,
    "python3-venv, installed": pip_of_installed_venv,
}


def download(pip: list[str], into: Path) -> Path:
    """The wheel of uv, by a pip. It is unpacked and not installed: no pip's settings matter then."""
    say(f"getting uv {UV}   (with {' '.join(pip)})")
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]
    attempt([*pip, "download", *options, "--dest", str(into), f"uv=={UV}"])
    for wheel in into.glob("uv-*.whl"):
        return wheel
    raise NoWayError("pip gave no wheel of uv")


def unpack(wheel: Path) -> Path:
    """The program out of the wheel, at its place in `.tools` at once or not at all."""
    own_uv().parent.mkdir(parents=True, exist_ok=True)
    partial = own_uv().with_name(f"uv.{os.getpid()}")
    with zipfile.ZipFile(wheel) as archive:
        partial.write_bytes(archive.read(f"uv-{UV}.data/scripts/uv"))
    partial.chmod(partial.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    return partial.replace(own_uv())


def attempt(command: list[str], folder: Path | None = None) -> None:
    """Runs it, saying nothing.

    Raises:
        NoWayError: with the last line that it said.
    """
    own = dict(environment(), LC_ALL="C", DEBIAN_FRONTEND="noninteractive")
    try:
        run = subprocess.run(
            command, cwd=folder, env=own, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", timeout=300, check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as problem:
        raise NoWayError(str(problem)) from problem
    if run.returncode:
        said = run.stdout.strip().splitlines() or ["it said nothing"]
        raise NoWayError(f"{command[0]} ended with {run.returncode}: {said[-1]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
