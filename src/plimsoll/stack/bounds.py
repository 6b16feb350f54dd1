"""What one file may cost: time, memory and settings. What costs more is not read, and says so.

Whoever opens a pull request writes the files that we read. Every reader is to be linear; these
bounds hold also where one is not. They are kept on Linux in the main thread; elsewhere the size of
a file (`files.LARGEST_FILE`) and the number of its settings remain.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TypeVar

from plimsoll.model.setting import Unread

# Of the 2 s that a file may cost these are for reading it; the rest is for what it says.
SECONDS = 1.5
MEMORY = 300 * 1000**2
MOST_SETTINGS = 40_000

_SIZES = Path("/proc/self/statm")
_PAGE = 4096
T = TypeVar("T")


class _OverTimeError(BaseException):
    """Not an Exception: a reader that expects some must not take it for one of them."""


def bounded(path: str, items: Callable[[], Iterable[T]], files: int = 1) -> list[T] | Unread:
    """The items of a file, or why it was given up; *files*: how many they are read from."""
    try:
        with _time(SECONDS * files), _memory(MEMORY * files):
            return _counted(items(), MOST_SETTINGS * files)
    except _OverTimeError:
        return Unread(path, f"takes more than {SECONDS * files:g} s to read")
    except MemoryError:
        return Unread(path, f"takes more than {MEMORY * files // 1000**2} MB of memory to read")
    except _TooManyError:
        return Unread(path, f"says more than {MOST_SETTINGS * files:,} things")


class _TooManyError(Exception):
    pass


def _counted(items: Iterable[T], most: int) -> list[T]:
    found: list[T] = []
    for item in items:
        if len(found) >= most:
            raise _TooManyError
        found.append(item)
    return found


@contextmanager
def _time(seconds: float) -> Iterator[None]:
    """Raises _OverTimeError after so much time of the processor: a busy machine is no fault."""
    if not hasattr(signal, "setitimer") or not _is_main():
        yield
        return
    is_over = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        if not is_over:
            raise _OverTimeError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        is_over = True
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@contextmanager
def _memory(size: int) -> Iterator[None]:
    """Makes it a MemoryError to take more than *size* further bytes."""
    if not _SIZES.exists() or not _is_main():
        yield
        return
    import resource  # not on every system

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    allowed = int(_SIZES.read_text().split()[0]) * _PAGE + size
    if soft != resource.RLIM_INFINITY:
        allowed = min(allowed, soft)
    resource.setrlimit(resource.RLIMIT_AS, (allowed, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _is_main() -> bool:
    return threading.current_thread() is threading.main_thread()
