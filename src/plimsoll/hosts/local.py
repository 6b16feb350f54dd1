"""The machine that we run on."""

from __future__ import annotations

import hashlib
import os
import selectors
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic

from plimsoll.hosts import MOST_OUTPUT, ChangedError, HostError, Result, Stat

# Where servers are that are not on an operator's PATH.
_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")
_PIECE = 65_536
_BRIEFLY = 0.001


class Local:
    """This machine. Implements `Host`."""

    def find(self, program: str) -> str | None:
        return shutil.which(program, path=os.pathsep.join((os.environ.get("PATH", ""), *_FOLDERS)))

    def run(
        self,
        words: Sequence[str],
        *,
        seconds: float,
        environment: Mapping[str, str] | None = None,
        given: bytes = b"",
        most: int = MOST_OUTPUT,
    ) -> Result:
        began = monotonic()
        try:
            process = subprocess.Popen(
                list(words),
                stdin=subprocess.PIPE if given else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=None if environment is None else dict(environment),
                cwd="/",
                start_new_session=True,  # so that what it started can be ended with it
            )
        except OSError as problem:
            raise HostError(f"{words[0]} cannot be started: {problem.strerror}") from problem
        talk = _Talk(process, given, most)
        with process:
            try:
                talk.until(began + seconds)
                code = process.wait(max(0.0, began + seconds - monotonic()))
            except (TimeoutError, subprocess.TimeoutExpired):
                raise HostError(f"{words[0]} gave no answer in {seconds:g} s") from None
            finally:
                _end(process)
        out, err = bytes(talk.out), bytes(talk.err)
        return Result(
            code,
            out.decode("utf-8", "replace"),
            err.decode("utf-8", "replace"),
            monotonic() - began,
            out,
            talk.is_cut,
        )

    def talk(
        self, address: str, sent: bytes, end: bytes, *, seconds: float, most: int = MOST_OUTPUT
    ) -> bytes:
        until = monotonic() + seconds
        try:
            with _connected(address, seconds) as line:
                line.sendall(sent)
                told = bytearray()
                while len(told) < most and not (end and told.endswith(end)):
                    line.settimeout(max(_BRIEFLY, until - monotonic()))
                    piece = line.recv(_PIECE)
                    if not piece:
                        break
                    told += piece
        except TimeoutError:
            raise HostError(f"{address} gave no whole answer in {seconds:g} s") from None
        except OSError as problem:
            raise HostError(f"{address}: {problem.strerror or problem}") from problem
        return bytes(told[:most])

    def read(self, path: str) -> bytes:
        try:
            return Path(path).read_bytes()
        except OSError as problem:
            raise HostError(f"{path}: cannot be read: {problem.strerror}") from problem

    def stat(self, path: str) -> Stat:
        digest = hashlib.sha256(self.read(path)).hexdigest()
        known = Path(path).stat()
        return Stat(digest, stat.S_IMODE(known.st_mode), (known.st_uid, known.st_gid))

    def replace(
        self, path: str, data: bytes, mode: int, owner: tuple[int, int], *, before: str
    ) -> None:
        target = Path(path)
        try:
            written = _written_beside(target, data, mode, owner)
            try:
                found = self.stat(path).digest if target.exists() else ""
                if found != before:
                    raise ChangedError(f"{path}: was changed by somebody else; nothing is written")
                written.replace(target)
            finally:
                written.unlink(missing_ok=True)
            _kept(target.parent)
        except OSError as problem:
            raise HostError(f"{path}: cannot be written: {problem.strerror}") from problem


def _connected(address: str, seconds: float) -> socket.socket:
    if not address.startswith("/"):
        host, _, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), seconds)
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(seconds)
    try:
        line.connect(address)
    except OSError:
        line.close()
        raise
    return line


def _written_beside(target: Path, data: bytes, mode: int, owner: tuple[int, int]) -> Path:
    """A file with those bytes in the folder of *target*, on the disk and with its rights."""
    number, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
            file.flush()
            made = os.fstat(file.fileno())  # whose group may be that of the folder
            if owner != (made.st_uid, made.st_gid):
                os.fchown(file.fileno(), *owner)
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _kept(folder: Path) -> None:
    """Makes a new name in a folder outlast a crash."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


class _Talk:
    """What a process is given to read, and the first bytes of what it writes."""

    def __init__(self, process: subprocess.Popen[bytes], given: bytes, most: int) -> None:
        self.out, self.err = bytearray(), bytearray()
        self.is_cut = False
        self._process = process
        self._left = memoryview(given)
        self._most = most

    def until(self, end: float) -> None:
        """Reads until it closes both streams.

        Raises:
            TimeoutError: it did not until *end*.
        """
        process = self._process
        with selectors.DefaultSelector() as selector:
            for stream, kept in ((process.stdout, self.out), (process.stderr, self.err)):
                if stream is not None:
                    selector.register(stream, selectors.EVENT_READ, kept)
            if process.stdin is not None:
                os.set_blocking(process.stdin.fileno(), False)
                selector.register(process.stdin, selectors.EVENT_WRITE)
            while any(key.data is not None for key in selector.get_map().values()):
                left = end - monotonic()
                if left <= 0:
                    raise TimeoutError
                for key, _ in selector.select(left):
                    if key.data is None:
                        self._give(selector, key)
                    else:
                        self._take(selector, key)

    def _give(self, selector: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
        """The next piece of its input; who does not want to read more gets no more."""
        try:
            self._left = self._left[os.write(key.fd, self._left[:_PIECE]) :]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self._left = self._left[:0]
        if not self._left:
            selector.unregister(key.fileobj)
            if self._process.stdin is not None:
                self._process.stdin.close()

    def _take(self, selector: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
        piece = os.read(key.fd, _PIECE)
        if not piece:
            selector.unregister(key.fileobj)
        room = self._most - len(key.data)
        self.is_cut = self.is_cut or len(piece) > room
        key.data.extend(piece[:room])


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kills the command and what it started, if anything of it is left."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
