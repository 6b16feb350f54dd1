"""Cycles of a lab: its controller is started, killed at some moment, and what it left is looked for."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from plimsoll.drill.lab import processes, state

# Somebody else's server may have some that it has not attached yet.
_OTHERS_S = 3.0
# Started as a program: it says its ports, then that all is up, and waits to be killed.
CONTROLLER = """\
import pathlib, sys, time
from plimsoll.drill.lab.lab import lab
from plimsoll.drill.lab.shop import Shop

def say(text):
    sys.stdout.write(f"{text}\\n")
    sys.stdout.flush()

with lab() as found:
    shop = Shop(found, pathlib.Path(sys.argv[1]))
    say(" ".join(map(str, shop.ports.values())))
    shop.start()
    say("up")
    time.sleep(600)
"""


@dataclass(frozen=True)
class Cycle:
    """*was_up*: the whole shop, when it was killed. *cleared_s*: how long the clearing took.

    *left*: what was still there after it, in words; nothing is wanted.
    """

    was_up: bool
    cleared_s: float
    left: tuple[str, ...]


def killed_after(seconds: float, shop: Path, labs: Path) -> Cycle:
    """One cycle. *labs*: the folder of all labs; it is known to hold none."""
    before = shared_memory()
    environment = {**os.environ, "PLIMSOLL_LAB": str(labs)}
    controller = subprocess.Popen(
        [sys.executable, "-c", CONTROLLER, str(shop)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
    )
    time.sleep(seconds)
    controller.send_signal(signal.SIGKILL)
    said, problem = controller.communicate()
    if problem:
        raise RuntimeError(problem)
    began = time.monotonic()
    state.sweep(labs)
    cleared = time.monotonic() - began
    ports, _, rest = said.partition("\n")
    return Cycle("up" in rest, cleared, tuple(left(labs, ports.split(), before)))


def left(labs: Path, ports: list[str], before: set[str]) -> list[str]:
    """Processes, ports, files and shared memory that are still there."""
    found = [f"process {each.pid}" for each in processes.inside(labs)]
    found += [f"port {port}" for port in ports if answers(int(port))]
    found += [f"file {path.name}" for path in labs.glob("*") if path.name != "lock"]
    found += [f"group {path}" for path in Path("/sys/fs/cgroup").glob("**/plimsoll-lab-*")]
    end = time.monotonic() + _OTHERS_S
    while (shared := shared_memory() - before) and time.monotonic() < end:
        time.sleep(0.1)
    return found + [f"shared memory {each}" for each in shared]


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def shared_memory() -> set[str]:
    """What nobody uses any more: segments in the System V table, and PostgreSQL's files."""
    rows = [line.split() for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]]
    named = {path.name for path in Path("/dev/shm").glob("PostgreSQL.*")}  # noqa: S108
    for each in Path("/proc").glob("[0-9]*/maps") if named else ():
        with suppress(OSError):
            mapped = each.read_text()
            named = {name for name in named if name not in mapped}
    return named | {f"segment {row[1]} of {row[4]}" for row in rows if row[6] == "0"}
