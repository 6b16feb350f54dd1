"""The names in the folders of another state: what its changes add to the disk and take away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from plimsoll.model.changes import Change


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
