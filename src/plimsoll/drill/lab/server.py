"""What a server needs to be started, known to be ready, and stopped."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

# Runs a program of the machine to its end, as the user of the servers; True when it exits with 0.
Run = Callable[..., bool]
Ready = Callable[[Run], bool]


class Server(Struct, frozen=True, kw_only=True):
    """A server in the foreground.

    *folder*: where it works; it has to lie in the lab's. *prepare*: commands that run to their end
    before it starts. *ready*: whether it answers; an open port is not enough, several servers lose
    signals that come between the two. *stop*: ends it in order; *quick*: at once, with its children.
    """

    name: str
    program: str
    words: tuple[str, ...]
    folder: Path
    port: int
    ready: Ready
    stop: signal.Signals = signal.SIGTERM
    quick: signal.Signals = signal.SIGTERM
    prepare: tuple[tuple[str, ...], ...] = ()
    environment: Mapping[str, str] = {}
