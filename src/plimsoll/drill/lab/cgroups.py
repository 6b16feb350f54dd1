"""Memory limits by control groups, where this process may make some.

Groups are made below our own, so that our own limits keep holding for them.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

from msgspec import Struct

_ROOT = Path("/sys/fs/cgroup")
_OWN = Path("/proc/self/cgroup")
_PREFIX = "plimsoll-"
_REMOVE_SECONDS = 2.0


class Layout(Struct, frozen=True):
    """Where groups may be made. *limit*, *kills*: the files that say how much, and count kills."""

    parent: Path
    limit: str
    kills: str


class Group(Struct, frozen=True):
    """A group with a memory limit. Who joins writes its pid into *joining*."""

    folder: Path
    layout: Layout

    @property
    def joining(self) -> Path:
        return self.folder / "cgroup.procs"

    def kills(self) -> int:
        """How many of its processes the kernel killed for memory."""
        words = (self.folder / self.layout.kills).read_text().split()
        return int(words[words.index("oom_kill") + 1])


def make_group(lab: str, service: str, memory: int) -> Group | None:
    """A group of that lab that may have *memory* bytes; None where none can be made."""
    layout = delegated(_ROOT, _OWN)
    if layout is None:
        return None
    folder = layout.parent / f"{_PREFIX}{lab}-{service}"
    try:
        folder.mkdir(exist_ok=True)  # a server that is started again joins its group
        (folder / layout.limit).write_text(str(memory))
    except OSError:
        with suppress(OSError):
            folder.rmdir()
        return None
    return Group(folder, layout)


def remove_groups(lab: str) -> None:
    """Those of a lab. A group goes once the kernel is done with the last of its processes."""
    layout = delegated(_ROOT, _OWN)
    for folder in layout.parent.glob(f"{_PREFIX}{lab}-*") if layout else ():
        end = monotonic() + _REMOVE_SECONDS
        while folder.is_dir() and monotonic() < end:
            with suppress(OSError):
                folder.rmdir()
                break
            sleep(0.01)


def delegated(root: Path, own: Path) -> Layout | None:
    """Version 2 where its memory controller is handed on, else version 1 where it is mounted.

    Whether a group can be made there shows when one is made.
    """
    try:
        lines = own.read_text().splitlines()
    except OSError:
        return None
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if not controllers:
            parent = root / path.lstrip("/")
            if "memory" in _words(parent / "cgroup.subtree_control"):
                return Layout(parent, "memory.max", "memory.events")
        if "memory" in controllers.split(","):
            parent = root / "memory" / path.lstrip("/")
            if parent.is_dir():
                return Layout(parent, "memory.limit_in_bytes", "memory.oom_control")
    return None


def _words(path: Path) -> list[str]:
    try:
        return path.read_text().split()
    except OSError:
        return []
