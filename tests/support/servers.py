"""Real servers for tests: in a folder of their own, on loopback or a socket, as nobody."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from support.programs import need

_AS_NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs")
_SECONDS = 20.0


def unprivileged(*words: object) -> list[str]:
    """The command, as a user whom servers accept: some refuse to run as root."""
    return [*(_AS_NOBODY if os.geteuid() == 0 else ()), *map(str, words)]


@contextmanager
def folder_of_nobody() -> Iterator[Path]:
    """A new folder that an unprivileged server may write to; its path is short (for a socket)."""
    folder = Path(tempfile.mkdtemp(prefix="plimsoll-"))
    folder.chmod(0o777)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def started(words: Sequence[object], folder: Path, ready: Callable[[], bool]) -> Iterator[None]:
    """A server that answers, started in *folder*; at the end it is stopped, or else killed."""
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(unprivileged(*words), stdout=out, stderr=out, cwd=folder)
    try:
        end = time.monotonic() + _SECONDS
        while not ready():
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{words[0]} does not start:\n{log.read_text()}")
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        try:
            process.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass
class Postgres:
    """A cluster in *folder*/data whose configuration file is *folder*/postgresql.conf.

    *programs*: the folder of another version's `initdb` and `postgres`.
    """

    folder: Path
    programs: Path | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def create(self) -> Postgres:
        words = ("-D", self.data, "-U", "shop", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        subprocess.run(
            unprivileged(self._program("initdb"), *words),
            check=True,
            capture_output=True,
            cwd="/",
        )
        return self

    @contextmanager
    def running(self, *arguments: str) -> Iterator[None]:
        words = [self._program("postgres"), *self._options(), "-k", self.folder]
        words += ["-c", "listen_addresses=", "-c", "fsync=off", *arguments]
        with started(words, self.folder, lambda: self._answer("SELECT 1")[0] == 0):
            yield

    def ask(self, question: str) -> list[dict[str, str]]:
        """The rows of an answer; NULL is an empty text."""
        code, out = self._answer(question)
        if code:
            raise RuntimeError(out)
        return list(csv.DictReader(io.StringIO(out, newline="")))

    def shown(self, name: str, *arguments: str) -> str | None:
        """What the server would use (`-C`), in its own unit; None when it refuses to start."""
        done = self.tried(name, *arguments)
        if done.returncode:
            return None
        return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")

    def tried(self, name: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """The server, asked to read its files and to say what one setting is."""
        words = [self._program("postgres"), "-C", name, *self._options(), *arguments]
        return subprocess.run(
            unprivileged(*words), capture_output=True, cwd="/", timeout=_SECONDS, check=False
        )

    def _program(self, name: str) -> object:
        return self.programs / name if self.programs else need(name, "postgresql")

    def _options(self) -> list[object]:
        return ["-D", self.data, "-c", f"config_file={self.folder}/postgresql.conf"]

    def _answer(self, question: str) -> tuple[int, str]:
        words = [need("psql", "postgresql"), "-X", "-q", "-h", self.folder, "-U", "shop"]
        done = subprocess.run(
            [*map(str, words), "--csv", "-c", question, "postgres"],
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        out = (done.stdout or done.stderr).decode("utf-8", "surrogateescape")
        return done.returncode, out


@dataclass
class Redis:
    """A server with a socket in *folder*; its working directory is *folder* too."""

    folder: Path

    @contextmanager
    def running(self, *arguments: object, nofile: int | None = None) -> Iterator[None]:
        words: list[object] = ["prlimit", f"--nofile={nofile}", "--"] if nofile else []
        words += [need("redis-server", "redis-server"), *arguments]
        words += ["--port", "0", "--unixsocket", self.folder / "s", "--dir", self.folder]
        words += ["--loglevel", "warning"]
        with started(words, self.folder, self._is_ready):
            yield

    def config(self) -> dict[str, str]:
        """CONFIG GET *."""
        answer = self._cli("-3", "--json", "CONFIG", "GET", "*").stdout
        found = json.loads(answer.decode("utf-8", "surrogateescape"))
        return {str(name): str(text) for name, text in found.items()}

    def set(self, name: str, text: str) -> None:
        """CONFIG SET."""
        assert self._cli("CONFIG", "SET", name, text).stdout == b"OK\n"

    def refusal(self, text: str) -> tuple[int, str] | None:
        """The line of *text* that the server refuses and why; None when it takes all of it."""
        lines = text.split("\n")
        done = subprocess.run(
            unprivileged(need("redis-server", "redis-server"), "-"),
            input="\n".join([*lines, "no-such-setting"]).encode("utf-8", "surrogateescape"),
            capture_output=True,
            cwd=self.folder,
            timeout=_SECONDS,
            check=False,
        )
        said = (done.stdout + done.stderr).decode("utf-8", "surrogateescape")
        found = re.search(r"at line (\d+)\n>>> .*\n(.*)", said)
        if found is None:
            raise RuntimeError(said)
        return None if int(found[1]) > len(lines) else (int(found[1]), found[2])

    def _is_ready(self) -> bool:
        return self._cli("PING").stdout == b"PONG\n"

    def _cli(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        cli = need("redis-cli", "redis-tools")
        return subprocess.run(
            [cli, "-s", str(self.folder / "s"), *words],
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
