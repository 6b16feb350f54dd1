"""Machines on which commands are run: every process that we start goes through one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import Struct

# Bytes that are kept of what a command writes; the rest is read and dropped.
MOST_OUTPUT = 1024 * 1024


class Result(Struct, frozen=True):
    """What a command gave. *code*: its exit code; minus the signal that ended it.

    *out*, *err*: the first bytes of what it wrote, as text; *data*: those of *out* as they came.
    *is_cut*: it wrote more than that. *seconds*: how long it took.
    """

    code: int
    out: str
    err: str
    seconds: float
    data: bytes = b""
    is_cut: bool = False


class Stat(Struct, frozen=True):
    """What is known of a file. *digest*: the SHA-256 of its bytes, in hexadecimal.

    *mode*: the bits of its permissions; *owner*: the ids of its user and group.
    """

    digest: str
    mode: int
    owner: tuple[int, int]


class HostError(Exception):
    """No answer: a command cannot be started or did not end in time, a file cannot be had."""


class ChangedError(HostError):
    """A file is not what it was taken for: somebody else has changed it."""


class Host(Protocol):
    """A machine. The answers are the same whichever kind it is."""

    def find(self, program: str) -> str | None:
        """The path of a program; None where the machine has none of that name."""
        ...

    def run(
        self,
        words: Sequence[str],
        *,
        seconds: float,
        environment: Mapping[str, str] | None = None,
        given: bytes = b"",
        most: int = MOST_OUTPUT,
    ) -> Result:
        """Runs a command without a shell; it reads *given*, and of each stream *most* bytes are kept.

        Raises:
            HostError: it cannot be started, or it and what it started is killed after *seconds*.
        """
        ...

    def talk(
        self, address: str, sent: bytes, end: bytes, *, seconds: float, most: int = MOST_OUTPUT
    ) -> bytes:
        """What comes out of a socket after *sent*, until *end* or until the other side closes it.

        *address*: a path of a Unix socket, or `host:port`. At most *most* bytes are kept.

        Raises:
            HostError: nobody listens there, or the answer is not whole after *seconds*.
        """
        ...

    def read(self, path: str) -> bytes:
        """The bytes of a file.

        Raises:
            HostError: there is no such file, or it may not be read.
        """
        ...

    def stat(self, path: str) -> Stat:
        """What is known of a file.

        Raises:
            HostError: there is no such file, or it may not be read.
        """
        ...

    def replace(
        self, path: str, data: bytes, mode: int, owner: tuple[int, int], *, before: str
    ) -> None:
        """Puts *data* in the place of a file's bytes, at once: who reads it sees the old or the new.

        *before*: the digest of what is replaced; "" where there is no such file yet.

        Raises:
            ChangedError: the file has other bytes than *before* says.
            HostError: it may not be written.
        """
        ...
