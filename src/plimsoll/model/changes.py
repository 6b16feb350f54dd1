"""What another state of a folder has otherwise than the disk: files that differ, are new or gone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from msgspec import Struct, field


class Link(Struct, frozen=True):
    """A symbolic link, and what stands in it."""

    target: str


class Untold(Struct, frozen=True):
    """A file whose content in that state cannot be told, and why."""

    reason: str


# What a file is in that state; None: it is not there.
Change = bytes | Link | Untold | None


class Changes(Struct, frozen=True):
    """A state, as what differs from the disk. *name*: what the state is called.

    *by_path*: from *top*, an absolute path, with "/". Whatever is not in it is as it lies on the disk.
    """

    name: str = ""
    by_path: Mapping[str, Change] = field(default_factory=dict)
    top: PurePath = PurePath("/")

    def below(self, folder: PurePath) -> dict[str, Change]:
        """Those of a folder, by their path inside of it. *folder*: absolute, without links."""
        above, top = (f"{each.as_posix().rstrip('/')}/" for each in (folder, self.top))
        places = ((f"{top}{path}", change) for path, change in self.by_path.items())
        return {at[len(above) :]: change for at, change in places if at.startswith(above)}


AS_IT_LIES = Changes()


def changed(before: Changes, after: Changes, folder: PurePath) -> frozenset[str]:
    """The files of a folder that are otherwise in one state than in the other, or may be."""
    was, now = before.below(folder), after.below(folder)
    return frozenset(
        path
        for path in was.keys() | now.keys()
        if was.get(path, AS_IT_LIES) != now.get(path, AS_IT_LIES)
        or isinstance(was.get(path), Untold)
    )
