"""What runs on this machine, as /proc tells it."""

from __future__ import annotations

import os
import signal
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

from msgspec import Struct

from plimsoll.hosts import HostError
from plimsoll.hosts.local import Local

_PROC = Path("/proc")
_ENDED = ("Z", "X")


class Process(Struct, frozen=True):
    """One process. *born*: when it started, in ticks since boot: a pid may come again.

    *parent*: its pid. *threads*: how many it has. *ticks*: processor time it took.
    """

    pid: int
    born: int
    parent: int
    threads: int
    ticks: int


def look(pid: int) -> Process | None:
    """None where there is none of that number, or it has ended and nobody asked for its code."""
    try:
        said = (_PROC / str(pid) / "stat").read_text("ascii", "replace")
    except OSError:
        return None
    fields = said.rpartition(")")[2].split()  # proc(5): from the third field, the state
    if fields[0] in _ENDED:
        return None
    return Process(
        pid=pid,
        born=int(fields[19]),
        parent=int(fields[1]),
        threads=int(fields[17]),
        ticks=int(fields[11]) + int(fields[12]),
    )


def everything() -> Iterator[Process]:
    for entry in _PROC.iterdir():
        if entry.name.isdecimal() and (found := look(int(entry.name))):
            yield found


def tree(root: int) -> list[Process]:
    """The process and all that descend from it; a server's workers may have sessions of their own."""
    children: dict[int, list[Process]] = defaultdict(list)
    for each in everything():
        children[each.parent].append(each)
    first = look(root)
    found = [first] if first else []
    for each in found:  # grows while it is gone through
        found += children[each.pid]
    return found


def inside(folder: Path) -> list[Process]:
    """Those whose working directory is that folder or one in it, also when it was removed."""
    wanted = str(folder)
    found = []
    for each in everything():
        with suppress(OSError):
            at = str((_PROC / str(each.pid) / "cwd").readlink()).removesuffix(" (deleted)")
            if at == wanted or at.startswith(f"{wanted}/"):
                found.append(each)
    return found


def end_inside(folder: Path, *, grace: float, seconds: float) -> list[Process]:
    """Waits for *grace* seconds until all that works in *folder* has ended, then kills it.

    Who is still there after *seconds* more. What killed ones leave in the system's table of shared
    memory goes with them.
    """
    seen: set[int] = set()
    began = monotonic()
    while (left := inside(folder)) and monotonic() < began + grace + seconds:
        seen.update(each.pid for each in left)
        if monotonic() > began + grace:
            for each in left:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(each.pid, signal.SIGKILL)
        sleep(0.01)
    _remove_segments(seen)
    return left


def _remove_segments(makers: set[int]) -> None:
    for row in _rows(_PROC / "sysvipc" / "shm"):
        segment, maker, attached = row[1], int(row[4]), int(row[6])
        if maker in makers and attached == 0:
            with suppress(HostError):
                Local().run(["ipcrm", "-m", segment], seconds=5.0)


def _rows(table: Path) -> list[list[str]]:
    """Without its heading; none where this kernel has no such table."""
    try:
        return [line.split() for line in table.read_text("ascii").splitlines()[1:]]
    except OSError:
        return []


def memory(pid: int) -> int:
    """Bytes of a process: its own and its share of what it shares (PSS); 0 once it is gone."""
    try:
        said = (_PROC / str(pid) / "smaps_rollup").read_text("ascii")
    except OSError:
        return 0
    found = next((line for line in said.splitlines() if line.startswith("Pss:")), "Pss: 0 kB")
    return int(found.split()[1]) * 1024
