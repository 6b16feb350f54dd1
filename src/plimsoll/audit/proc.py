"""A process from what the kernel's files say of it. Sources: proc(5), cgroups(7)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from plimsoll.model.live import Process

# The files of /proc/PID that are read.
OWN = ("cmdline", "environ", "stat", "status", "limits", "cgroup", "smaps_rollup")
# What runs for how long, then the time: in between a process seems younger, never older.
CLOCKS = ("sh", "-c", "cat /proc/uptime; date +%s.%N")

_TICKS = 100  # a second, in every file that a user sees (USER_HZ): x86, arm, ppc, riscv, s390
_PARENT, _STARTED = 1, 19  # of what stands behind the name in /proc/PID/stat
_LIMIT = re.compile(r"^(Max [a-z ]+?) {2,}(\S+) +(\S+)", re.MULTILINE)
_PRIVATE = re.compile(r"^Private_(?:Clean|Dirty|Hugetlb): +(\d+) kB", re.MULTILINE)
_EFFECTIVE = 1  # of the real, effective, saved and file system's user

Pieces = Mapping[str, tuple[bytes, ...]]


def process(pid: int, told: Pieces, links: Mapping[str, str], since: float) -> Process:
    """The process *pid*. *told*: the pieces of the files by their path; *links*: where exe and cwd lead.

    *since*: when the kernel started, in seconds since 1970.
    """
    at = f"/proc/{pid}"
    # The name of a process may hold spaces and brackets.
    behind = _file(told, f"{at}/stat").rpartition(") ")[2].split()
    status = _lines(_file(told, f"{at}/status"))
    hierarchy = _file(told, f"{at}/cgroup").splitlines()
    return Process(
        pid=pid,
        parent=int(behind[_PARENT]) if len(behind) > _PARENT else 0,
        program=links.get(f"{at}/exe", "").removesuffix(" (deleted)"),
        words=words(told, pid),
        environment=dict(
            _text(each).partition("=")[::2]
            for each in told.get(f"{at}/environ", ())
            if b"=" in each
        ),
        folder=links.get(f"{at}/cwd", ""),
        user=_id(status, "Uid"),
        group=_id(status, "Gid"),
        started=since + int(behind[_STARTED]) / _TICKS if len(behind) > _STARTED else 0.0,
        limits={
            each[1]: (_amount(each[2]), _amount(each[3]))
            for each in _LIMIT.finditer(_file(told, f"{at}/limits"))
        },
        cgroup=next((line[3:] for line in hierarchy if line.startswith("0::")), ""),
        private=_private(_file(told, f"{at}/smaps_rollup")),
    )


def words(told: Pieces, pid: int) -> tuple[str, ...]:
    """The command line of a process; none of a thread of the kernel."""
    pieces = told.get(f"/proc/{pid}/cmdline", ())
    while pieces and not pieces[-1]:  # a title is written over the words, the rest is cleared
        pieces = pieces[:-1]
    return tuple(map(_text, pieces))


def _id(status: Mapping[str, str], name: str) -> int:
    ids = status.get(name, "").split()
    return int(ids[_EFFECTIVE]) if len(ids) > _EFFECTIVE else 0


def booted(text: str) -> float:
    """When the kernel started, in seconds since 1970, from what `CLOCKS` tells.

    /proc/stat has it too, in whole seconds: a file and a process are not that far apart.
    """
    uptime, _, now = text.strip().partition("\n")
    return float(now) - float(uptime.split()[0])


def _private(text: str) -> int | None:
    """Bytes that no other process shares."""
    return sum(int(each) for each in _PRIVATE.findall(text)) * 1024 if text else None


def _amount(word: str) -> int | None:
    return int(word) if word.isdecimal() else None


def _lines(text: str) -> dict[str, str]:
    return dict(line.partition(":")[::2] for line in text.splitlines())


def _file(told: Pieces, path: str) -> str:
    return _text(b"\0".join(told.get(path, ())))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
