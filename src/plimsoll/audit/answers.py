"""What a host and its servers said."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from plimsoll.model.live import Server, Told


class Asked(Struct, frozen=True):
    """A running server and what it said. *failures*: what could not be asked, and why.

    *files*: that it reads first, by path; *read*: those that are there, with what they include. *is_whole*: it told all its settings.
    """

    server: Server
    told: tuple[Told, ...] = ()
    files: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    version: str = ""
    measured: Mapping[str, float] = field(default_factory=dict)
    failures: tuple[str, ...] = ()
    is_whole: bool = False


class Machine(Struct, frozen=True):
    """What was learned of a host. *texts*, *changed*: of the files of its servers, by path."""

    name: str
    servers: tuple[Asked, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    changed: Mapping[str, float] = field(default_factory=dict)
    kernel: Mapping[str, str] = field(default_factory=dict)
