"""A memory limit where there are no control groups: what the kernel would do, done by a thread."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from contextlib import suppress

from msgspec import Struct

from plimsoll.drill.lab import processes

_EVERY_S = 0.1


class _Watched(Struct, frozen=True):
    pid: int
    memory: int


class Watchdog:
    """Kills the largest process of a server whose processes have more memory than it may have."""

    def __init__(self) -> None:
        self._watched: dict[str, _Watched] = {}
        self._kills: Counter[str] = Counter()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def watch(self, name: str, pid: int, memory: int) -> None:
        """*memory*: bytes of the process and all that descend from it, what they share counted once."""
        self._watched[name] = _Watched(pid, memory)
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
            self._thread.start()

    def forget(self, name: str) -> None:
        self._watched.pop(name, None)

    def kills(self, name: str) -> int:
        return self._kills[name]

    def end(self) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(_EVERY_S):
            for name, watched in tuple(self._watched.items()):
                self._look(name, watched)

    def _look(self, name: str, watched: _Watched) -> None:
        sizes = {each.pid: processes.memory(each.pid) for each in processes.tree(watched.pid)}
        if sum(sizes.values()) > watched.memory:
            largest = max(sizes, key=lambda pid: sizes[pid])
            with suppress(ProcessLookupError):
                os.kill(largest, signal.SIGKILL)
                self._kills[name] += 1
