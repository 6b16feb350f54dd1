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


class HostError(Exception):
    """A command gave no answer: it cannot be started, or it did not end in time."""


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
