"""What another state of a folder has otherwise than the disk: files that differ, are new or gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

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

    *by_path*: from the root of the repository, with "/". Whatever is not in it is as it lies on the
    disk.
    """

    name: str = ""
    by_path: Mapping[str, Change] = field(default_factory=dict)

    def below(self, folder: str) -> dict[str, Change]:
        """Those of a folder ("" is the root), by their path inside of it."""
        above = f"{folder}/" if folder else ""
        return {
            path[len(above) :]: change
            for path, change in self.by_path.items()
            if path.startswith(above)
        }


AS_IT_LIES = Changes()


class NamesOf:
    """Which names changes add and take away, by the folder that they stand in ("." is the root)."""

    def __init__(self, changes: Mapping[str, Change]) -> None:
        self._gone = {path for path, change in changes.items() if change is None}
        self._files: dict[str, set[str]] = {}
        self._folders: dict[str, set[str]] = {}
        for path in changes:
            if path not in self._gone:
                at = PurePosixPath(path)
                self._files.setdefault(at.parent.as_posix(), set()).add(at.name)
                for folder in at.parents[:-1]:
                    self._folders.setdefault(folder.parent.as_posix(), set()).add(folder.name)

    def files(self, folder: str, names: Sequence[str]) -> list[str]:
        """The files of a folder that has *names* on the disk."""
        there = list(names)
        if self._gone:
            there = [e for e in names if PurePosixPath(folder, e).as_posix() not in self._gone]
        return [*there, *sorted(self._files.get(folder, set()).difference(names))]

    def folders(self, folder: str, names: Sequence[str]) -> list[str]:
        """The folders of a folder that has only *names* on the disk."""
        return sorted(self._folders.get(folder, set()).difference(names))

    def walk(self, folder: str) -> Iterator[tuple[str, list[str], list[str]]]:
        """A folder that is not on the disk, and those below it; as `os.walk` does."""
        folders = self.folders(folder, ())
        yield folder, folders, self.files(folder, ())
        for each in folders:
            yield from self.walk(PurePosixPath(folder, each).as_posix())
