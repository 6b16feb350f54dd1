"""Where labs lie: one folder and one claim for each, so that a dead one can be cleared away.

The folder of all belongs to the user who runs us; a claim says whose lab it is and is written before
anything of the lab is there. Every server of a lab works inside its folder: that is how what a dead
controller left running is found, at whichever moment it died.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from plimsoll.drill.lab import processes
from plimsoll.drill.lab.cgroups import remove_groups

_PASSABLE = 0o711  # servers that run as another user reach their own folder in it
# Servers were told of their controller's death, and end in order when they are given the time.
_GRACE_SECONDS = 1.0
_KILL_SECONDS = 5.0


class LabError(Exception):
    """The lab cannot be what it should be; the message says why."""


class Claim(Struct, frozen=True):
    """Whose lab it is: the process that started it, and since when it runs."""

    pid: int
    born: int

    def is_alive(self) -> bool:
        found = processes.look(self.pid)
        return found is not None and found.born == self.born


def state_folder() -> Path:
    """PLIMSOLL_LAB, else a folder of this user in the system's for temporary files."""
    named = os.environ.get("PLIMSOLL_LAB")
    return Path(named) if named else Path(tempfile.gettempdir()) / f"plimsoll-lab-{os.geteuid()}"


def claim(state: Path) -> Path:
    """A new, empty folder for a lab of this process, after clearing away those of dead ones.

    Raises:
        LabError: *state* is not a folder of ours alone.
    """
    _own(state)
    with locked(state):
        _sweep(state)
        own = processes.look(os.getpid())
        if own is None:
            raise LabError("/proc does not show this process: a lab needs Linux")
        with tempfile.NamedTemporaryFile(
            dir=state, prefix="lab-", suffix=".claim", delete=False
        ) as out:
            out.write(msgspec.json.encode(Claim(own.pid, own.born)))
        folder = Path(out.name).with_suffix("")
        folder.mkdir(mode=_PASSABLE)
        folder.chmod(_PASSABLE)  # whatever the umask says
    return folder


def sweep(state: Path) -> None:
    """Clears away what dead controllers left: processes, groups, files."""
    if state.is_dir():
        _own(state)
        with locked(state):
            _sweep(state)


def release(folder: Path) -> None:
    """Ends what still works in a lab's folder, and removes it and its claim.

    Raises:
        LabError: a process of it cannot be ended.
    """
    left = processes.end_inside(folder, grace=_GRACE_SECONDS, seconds=_KILL_SECONDS)
    if left:
        raise LabError(f"cannot be ended: {', '.join(str(each.pid) for each in left)} of {folder}")
    remove_groups(folder.name)
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)
    _claim_of(folder).unlink(missing_ok=True)


def _sweep(state: Path) -> None:
    for path in state.glob("lab-*.claim"):
        if not _is_alive(path):
            release(path.with_suffix(""))


def _is_alive(path: Path) -> bool:
    """A claim that was not written whole is of one that died while writing it: we hold the lock."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Claim).is_alive()
    except msgspec.DecodeError:
        return False
    except FileNotFoundError:
        return True  # released meanwhile, by its own process


def _claim_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.claim")


def _own(state: Path) -> None:
    with suppress(FileExistsError):
        state.mkdir(mode=_PASSABLE, parents=True)
    found = state.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise LabError(f"{state} is not a folder of this user: name another by PLIMSOLL_LAB")
    state.chmod(_PASSABLE)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Nobody else does what they do under the lock of that folder; a dead one holds none."""
    with (folder / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
