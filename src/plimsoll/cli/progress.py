"""What a long run is doing, on a terminal: one line that comes after a second and goes at the end."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic
from typing import TextIO

AFTER, EVERY = 1.0, 0.2
_WIDEST = 78


class Progress:
    """*doing* is what the line says; whoever works sets it."""

    __slots__ = ("_done", "_is_shown", "_out", "doing")

    def __init__(self, out: TextIO) -> None:
        self.doing = "reading"
        self._out = out
        self._done = Event()
        self._is_shown = False

    def show(self) -> None:
        """Writes the line again and again until `stop`."""
        begin = monotonic()
        if self._done.wait(AFTER):
            return
        while not self._done.wait(EVERY):
            self._is_shown = True
            line = f"plimsoll: {self.doing}, {monotonic() - begin:.0f} s (Ctrl-C ends it)"
            self._out.write(f"\r{line[:_WIDEST]:{_WIDEST}}")
            self._out.flush()

    def stop(self) -> None:
        self._done.set()

    def clear(self) -> None:
        """Takes the line away; after `show` has ended."""
        if self._is_shown:
            self._out.write(f"\r{'':{_WIDEST}}\r")
            self._out.flush()


@contextmanager
def progress() -> Iterator[Progress]:
    """The progress of what happens inside; shown on a terminal only."""
    told = Progress(sys.stderr)
    thread = Thread(target=told.show, daemon=True) if sys.stderr.isatty() else None
    if thread:
        thread.start()
    try:
        yield told
    finally:
        told.stop()
        if thread:
            thread.join()
        told.clear()
