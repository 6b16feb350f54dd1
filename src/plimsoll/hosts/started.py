"""Programs that run on this machine until they are told to stop."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from signal import SIGKILL, Signals
from time import monotonic

from plimsoll.hosts import HostError


class Started:
    """A program that was started, in a session and process group of its own."""

    def __init__(self, name: str, process: subprocess.Popen[bytes]) -> None:
        self.name = name
        self.pid = process.pid
        self._process = process

    def code(self) -> int | None:
        """Its exit code, minus the signal that ended it; None while it runs."""
        return self._process.poll()

    def signal(self, number: Signals) -> None:
        """To the program alone; nothing when it has ended."""
        self._process.send_signal(number)

    def stop(self, number: Signals, *, seconds: float) -> float:
        """Tells it to stop, and kills its group after *seconds*. How long it took, in seconds.

        Raises:
            HostError: it had to be killed.
        """
        began = monotonic()
        self.signal(number)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise HostError(f"{self.name} did not stop in {seconds:g} s and was killed") from None
        finally:
            self.kill()
        return monotonic() - began

    def kill(self) -> None:
        """It and what is left of its group."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, SIGKILL)
        self._process.wait()


def start(
    name: str, words: Sequence[str], *, folder: Path, log: Path, environment: Mapping[str, str]
) -> Started:
    """Starts a command in *folder* without a shell and without input; what it says goes to *log*.

    *name*: what to call it where it fails.

    Raises:
        HostError: it cannot be started.
    """
    with log.open("ab") as out:
        try:
            process = subprocess.Popen(
                list(words),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=dict(environment),
                cwd=folder,
                start_new_session=True,  # so that what it starts can be ended with it
            )
        except OSError as problem:
            raise HostError(f"{name} cannot be started: {problem.strerror}") from problem
    return Started(name, process)
