"""Services in the making."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from msgspec import Struct, field

from plimsoll.model.reader import Deployment, Word
from plimsoll.model.setting import Unread
from plimsoll.stack.statement import ServiceStatement


class Draft(Struct, frozen=True):
    """A service before its files are read.

    *files*: to be read for it, by path; those of other technologies accompany it. *gap*: why there
    may be more that it reads.
    """

    name: str
    technology: str = ""
    version: str = ""
    files: tuple[str, ...] = ()
    command: tuple[Word, ...] = ()
    environment: Mapping[str, Word] = field(default_factory=dict)
    deployments: tuple[Deployment, ...] = ()
    statement: ServiceStatement | None = None
    gap: str = ""

    @property
    def mounts(self) -> tuple[tuple[str, str], ...]:
        return tuple(mount for each in self.deployments for mount in each.mounts)


class Drafts(Struct):
    """The services found so far, what could not be read, and what was not used.

    *of_host*: files of a machine that no service lists.
    """

    services: dict[str, Draft] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    unused: list[Unread] = field(default_factory=list)
    claimed: set[str] = field(default_factory=set)
    of_host: list[str] = field(default_factory=list)
    is_named_unread: bool = False


def free(name: str, taken: Mapping[str, object]) -> str:
    number, free = 2, name
    while free in taken:
        number, free = number + 1, f"{name}-{number}"
    return free


def folder_of(path: str) -> str:
    return PurePosixPath(path).parent.as_posix().strip(".")
