"""Servers in a temporary folder on free loopback ports, of which nothing is left behind."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

from plimsoll.drill.lab import processes, state
from plimsoll.drill.lab.cgroups import Group, make_group
from plimsoll.drill.lab.server import Server
from plimsoll.drill.lab.state import LabError
from plimsoll.drill.lab.watchdog import Watchdog
from plimsoll.hosts import HostError
from plimsoll.hosts.local import Local
from plimsoll.hosts.started import Started, start

# Below those that the kernel gives to outgoing connections, which could take one before its server.
_PORTS = range(10_240, 32_768)
_NOBODY = 65534
_START_SECONDS = 30.0
_STOP_SECONDS = 10.0
_PREPARE_SECONDS = 60.0
_LINES = 15
# Where servers and their tools are that are on no PATH.
_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")


class Lab:
    """One folder of servers. Made by `lab()`; its servers die with the thread that starts them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: dict[str, Started] = {}
        self._servers: dict[str, Server] = {}
        self._groups: dict[str, Group] = {}
        self._watchdog = Watchdog()
        self._host = Local()
        self._ports: set[int] = set()

    # ------------------------------------------------------------------ what a server is made of

    def make_folder(self, name: str) -> Path:
        """A new folder that servers may write to."""
        folder = self.folder / name
        folder.mkdir(parents=True)
        self.give(folder)
        return folder

    def give(self, folder: Path) -> None:
        """Everything in it becomes the servers'."""
        if os.geteuid() == 0:
            os.chown(folder, _NOBODY, _NOBODY)
            for each in folder.rglob("*"):
                os.chown(each, _NOBODY, _NOBODY, follow_symlinks=False)

    def copy(self, source: Path, name: str) -> None:
        """A folder with its owners and modes to *name* in the lab's; shared blocks where that can be.

        Raises:
            LabError: it cannot be copied.
        """
        command = ("cp", "-a", "--reflink=auto", str(source), str(self.folder / name))
        code, said = self._end_of([*_dying(), "--"], command, None, {}, _PREPARE_SECONDS)
        if code:
            raise LabError(f"{source} cannot be copied: {_last_lines(said)}")

    def port(self) -> int:
        """One that is free on loopback and was not given before."""
        for port in random.SystemRandom().sample(_PORTS, 1000):
            if port not in self._ports and _is_free(port):
                self._ports.add(port)
                return port
        raise LabError("no free port on loopback")

    def run(self, *words: str, folder: Path | None = None, **environment: str) -> None:
        """A program to its end, as the servers' user.

        Raises:
            LabError: with the last that it said.
        """
        done = self._run(words, folder, environment, _PREPARE_SECONDS)
        if done[0]:
            raise LabError(f"{words[0]} ended with {done[0]}: {_last_lines(done[1])}")

    def tried(self, *words: str) -> bool:
        """Whether it exits with 0.

        Raises:
            LabError: it is not installed.
        """
        find(words[0])
        try:
            return self._run(words, None, {}, _START_SECONDS)[0] == 0
        except LabError:
            return False

    def ask(self, *words: str) -> str:
        """What a program prints.

        Raises:
            LabError: it fails.
        """
        code, said = self._run(words, None, {}, _START_SECONDS)
        if code:
            raise LabError(f"{words[0]} ended with {code}: {_last_lines(said)}")
        return said

    def _run(
        self, words: tuple[str, ...], folder: Path | None, environment: dict[str, str], most: float
    ) -> tuple[int, str]:
        return self._end_of(_unprivileged(signal.SIGKILL), words, folder, environment, most)

    def _end_of(
        self,
        before: list[str],
        words: tuple[str, ...],
        folder: Path | None,
        environment: dict[str, str],
        most: float,
    ) -> tuple[int, str]:
        """It too works inside of the lab, and dies with us: so that it is found, or gone."""
        inside = [find("env"), "-C", str(folder or self.folder), find(words[0])]
        try:
            done = self._host.run(
                [*before, *inside, *words[1:]],
                seconds=most,
                environment=self._environment(environment),
            )
        except HostError as problem:
            raise LabError(str(problem)) from problem
        return done.code, done.out + (done.err if done.code else "")

    def _environment(self, own: dict[str, str]) -> dict[str, str]:
        return {"PATH": os.pathsep.join(_path()), "HOME": str(self.folder), "LC_ALL": "C", **own}

    # -------------------------------------------------------------------------- start and stop

    def start(self, *servers: Server, memory: dict[str, int] | None = None) -> None:
        """All at once, each then waited for. *memory*: the bytes that a server of that name may have.

        Raises:
            LabError: one does not start; the others run.
        """
        for server in servers:
            self.begin(server, memory=(memory or {}).get(server.name))
        for server in servers:
            self.wait_until_ready(server)

    def begin(self, server: Server, *, memory: int | None = None) -> None:
        """Starts it and does not wait for it.

        Raises:
            LabError: what has to run before it fails, or it cannot be started.
        """
        for words in server.prepare:
            self.run(*words)
        group = make_group(self.folder.name, server.name, memory) if memory else None
        program = [*_joining(group), *_unprivileged(server.quick), find(server.program)]
        self.log(server.name).touch()
        self.give(self.log(server.name))  # some open it again, as /dev/stderr
        try:
            started = start(
                server.name,
                [*program, *server.words],
                folder=server.folder,
                log=self.log(server.name),
                environment=self._environment(dict(server.environment)),
            )
        except HostError as problem:
            raise LabError(str(problem)) from problem
        self.running[server.name], self._servers[server.name] = started, server
        if group:
            self._groups[server.name] = group
        elif memory:
            self._watchdog.watch(server.name, started.pid, memory)

    def wait_until_ready(self, server: Server, *, seconds: float = _START_SECONDS) -> None:
        end = monotonic() + seconds
        while not server.ready(self.tried):
            code = self.running[server.name].code()
            if code is not None or monotonic() > end:
                what = "does not answer" if code is None else f"ended with {code}"
                raise LabError(f"{server.name} {what}: {_last_lines(self.said(server.name))}")
            sleep(0.005)

    def stop(self, *names: str) -> None:
        """In order, each of them or all, the last that was started first.

        Raises:
            LabError: one had to be killed.
        """
        killed = []
        wanted = names or tuple(reversed(self.running))
        for name in wanted:
            server, started = self._servers.pop(name), self.running.pop(name)
            self._watchdog.forget(name)
            try:
                started.stop(server.stop, seconds=_STOP_SECONDS)
            except HostError as problem:
                killed.append(str(problem))
        if killed:
            raise LabError("; ".join(killed))

    def close(self) -> None:
        """Ends everything at once and removes the lab's folder."""
        self._watchdog.end()
        for name, started in self.running.items():
            with suppress(HostError):
                started.stop(self._servers[name].quick, seconds=1.0)
        self.running.clear()
        state.release(self.folder)

    # -------------------------------------------------------------------------- what happened

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def said(self, name: str) -> str:
        path = self.log(name)
        return path.read_text("utf-8", "replace") if path.is_file() else ""

    def processes(self, name: str) -> list[processes.Process]:
        """The server and what it started."""
        return processes.tree(self.running[name].pid)

    def killed_for_memory(self, name: str) -> int:
        """How many processes of a server its memory limit has cost."""
        group = self._groups.get(name)
        return group.kills() if group else self._watchdog.kills(name)

    def limited_by(self, name: str) -> str:
        return "control group" if name in self._groups else "watchdog"


@contextmanager
def lab() -> Iterator[Lab]:
    """A lab; what dead controllers left of theirs is cleared away first.

    Raises:
        LabError: there cannot be one here.
    """
    if threading.current_thread() is not threading.main_thread():
        # The kernel tells a child of its parent's death when the *thread* that made it ends.
        raise LabError("a lab is opened by the main thread: its servers end with the thread")
    found = Lab(state.claim(state.state_folder()))
    try:
        yield found
    finally:
        found.close()


def find(program: str) -> str:
    """Where a program of this machine is.

    Raises:
        LabError: it is not installed.
    """
    found = shutil.which(program, path=os.pathsep.join(_path()))
    if found is None:
        raise LabError(f"{program} is not installed")
    return found


def _path() -> list[str]:
    postgresql = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    return [*os.environ.get("PATH", "/usr/bin:/bin").split(os.pathsep), *_FOLDERS, *postgresql]


def _unprivileged(quick: signal.Signals) -> list[str]:
    """What a command of a server begins with: never as root, and told when we die."""
    words = [*_dying(quick), "--no-new-privs"]
    if os.geteuid() == 0:
        words += [f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"]
    return [*words, "--"]


def _dying(quick: signal.Signals = signal.SIGKILL) -> list[str]:
    """Has the kernel send that signal to the command when we die."""
    return [find("setpriv"), "--pdeathsig", quick.name.removeprefix("SIG")]


def _joining(group: Group | None) -> list[str]:
    """The shell joins the group and becomes the command: what that starts is in it from birth."""
    if group is None:
        return []
    return [find("sh"), "-c", 'echo $$ > "$0" && exec "$@"', str(group.joining)]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _last_lines(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-_LINES:]) or "it said nothing"
