"""The machine that we run on."""

from __future__ import annotations

import os
import selectors
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from time import monotonic

from plimsoll.hosts import HostError, Result

# Where servers are that are not on an operator's PATH.
_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")
MOST_OUTPUT = (
    1024 * 1024
)  # bytes that are kept of what a command writes; the rest is read and dropped
_PIECE = 65_536


class Local:
    """This machine. Implements `Host`."""

    def find(self, program: str) -> str | None:
        return shutil.which(program, path=os.pathsep.join((os.environ.get("PATH", ""), *_FOLDERS)))

    def run(
        self, words: Sequence[str], *, seconds: float, environment: Mapping[str, str] | None = None
    ) -> Result:
        began = monotonic()
        try:
            process = subprocess.Popen(
                list(words),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=None if environment is None else dict(environment),
                cwd="/",
                start_new_session=True,  # so that what it started can be ended with it
            )
        except OSError as problem:
            raise HostError(f"{words[0]} cannot be started: {problem.strerror}") from problem
        with process:
            try:
                out, err = _read(process, began + seconds)
                code = process.wait(max(0.0, began + seconds - monotonic()))
            except (TimeoutError, subprocess.TimeoutExpired):
                raise HostError(f"{words[0]} gave no answer in {seconds:g} s") from None
            finally:
                _end(process)
        return Result(code, out, err, monotonic() - began)


def _read(process: subprocess.Popen[bytes], end: float) -> tuple[str, str]:
    """What it writes until it closes both streams.

    Raises:
        TimeoutError: it did not until *end*.
    """
    out, err = bytearray(), bytearray()
    with selectors.DefaultSelector() as selector:
        for stream, kept in ((process.stdout, out), (process.stderr, err)):
            if stream is not None:
                selector.register(stream, selectors.EVENT_READ, kept)
        while selector.get_map():
            left = end - monotonic()
            if left <= 0:
                raise TimeoutError
            for key, _ in selector.select(left):
                piece = os.read(key.fd, _PIECE)
                if not piece:
                    selector.unregister(key.fileobj)
                key.data.extend(piece[: MOST_OUTPUT - len(key.data)])
    return out.decode("utf-8", "replace"), err.decode("utf-8", "replace")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kills the command and what it started, if anything of it is left."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
