"""Drift: what was declared, what lies on the disk and what runs disagree."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from plimsoll.model.setting import Setting


class Kind(StrEnum):
    """What sort of disagreement it is."""

    PENDING = "pending"  # the disk is not running
    SHADOWED = "shadowed"  # an override wins
    CAPPED = "capped"  # the server or its machine made something else of it
    EDITED = "edited"  # by whom, and whether on purpose, a ledger of changes would tell


class Drift(Struct, frozen=True):
    """One setting that is not everywhere the same.

    *declared*: as the checked folder has it; *disk*: as the files on the host do; *running*: as the
    server says; None where there is none. *whom*: the role or database that alone has it.
    """

    service: str
    name: str
    kind: Kind
    reason: str
    declared: Setting | None = None
    disk: Setting | None = None
    running: Setting | None = None
    whom: str = ""


class Asked(Struct, frozen=True):
    """A running server that was asked, or that could not be. *settings*: how many it told.

    *service*: "" of one that the checked folder does not speak of. *failures*: what could not be
    asked of it, and why.
    """

    service: str
    technology: str
    version: str
    host: str
    pid: int
    processes: int
    settings: int
    failures: tuple[str, ...] = ()


class Audit(Struct, frozen=True):
    """What an audit gave beside findings. *absent*: services of the folder that do not run."""

    servers: tuple[Asked, ...] = ()
    drifts: tuple[Drift, ...] = ()
    absent: tuple[str, ...] = ()
