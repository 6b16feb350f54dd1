"""Machines on which commands are run: every process that we start goes through one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import Struct


class Result(Struct, frozen=True):
    """What a command gave. *code*: its exit code; minus the signal that ended it.

    *out*, *err*: the first bytes of what it wrote, as text. *seconds*: how long it took.
    """

    code: int
    out: str
    err: str
    seconds: float


class HostError(Exception):
    """A command gave no answer: it cannot be started, or it did not end in time."""


class Host(Protocol):
    """A machine. The answers are the same whichever kind it is."""

    def find(self, program: str) -> str | None:
        """The path of a program; None where the machine has none of that name."""
        ...

    def run(
        self, words: Sequence[str], *, seconds: float, environment: Mapping[str, str] | None = None
    ) -> Result:
        """Runs a command without a shell and without input.

        Raises:
            HostError: it cannot be started, or it and what it started is killed after *seconds*.
        """
        ...
