"""The checked folder: which files there are, and their texts. Nothing outside of it is opened."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path, PurePath, PurePosixPath
from typing import Protocol

from msgspec import Struct

from plimsoll.model.changes import AS_IT_LIES, Change, Changes, Link
from plimsoll.model.setting import Unread
from plimsoll.stack.changed import NamesOf
from plimsoll.stack.ignored import NAME as IGNORE_FILE
from plimsoll.stack.ignored import Ignored
from plimsoll.syntax.globs import matches as globs_match
from plimsoll.syntax.text import decoded

# A configuration file of a person has a few thousand lines; what is larger is data.
LARGEST_FILE = 8 * 1024**2
MOST_FILES = 20_000
TOO_LARGE = f"is larger than {LARGEST_FILE // 1024**2} MiB"
_MOST_LINKS = 40  # as Linux follows; they may lead round
# Several readers look into a file whose name tells nothing; so many short ones are read once.
MOST_KEPT, LONGEST_KEPT = 2_000, 20_000
_NEVER_ENTERED = frozenset(
    {".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", ".tox", ".mypy_cache"}
)


class Files(Protocol):
    """Files by their path relative to the root, with "/"."""

    def paths(self) -> Sequence[str]:
        """Every file there is, in order of name."""

    def has(self, path: str) -> bool:
        """Whether there is such a file, also one that `paths` leaves out until somebody names it."""

    def text(self, path: str) -> str | Unread:
        """The text of a file, decoded without loss."""

    def unlisted(self) -> Sequence[Unread]:
        """Folders that could not be looked into, so that their files are missing from `paths`."""


class Texts(Struct, frozen=True):
    """Files in memory: the examples of a rule."""

    texts: Mapping[str, str]

    def paths(self) -> Sequence[str]:
        return sorted(self.texts)

    def has(self, path: str) -> bool:
        return path in self.texts

    def text(self, path: str) -> str | Unread:
        found = self.texts.get(path)
        return Unread(path, "no such file") if found is None else found

    def unlisted(self) -> Sequence[Unread]:
        return ()


class Folder:
    """Files of a folder on disk, without what `.gitignore` leaves out.

    Links are followed only to places inside it. A folder below it that holds a file named *ends_at*
    is another stack's, and one of the *others*. *changes*: what is otherwise than on the disk.
    """

    def __init__(
        self,
        root: Path,
        excluded: tuple[str, ...] = (),
        ends_at: str = "",
        changes: Changes = AS_IT_LIES,
    ) -> None:
        self.root = root
        self.excluded = excluded
        self.ends_at = ends_at
        self.repository = repository_of(root)
        self.others: list[str] = []
        self._listed: tuple[str, ...] | None = None
        self._unlisted: list[Unread] = []
        self._texts: dict[str, str] = {}
        self._no_links: set[str] = set()  # of the texts those that no link leads to
        self._top = root.resolve()
        self._in_all = changes.below(self.repository)
        self._changes = changes.below(self._top)

    def with_changes(self, changes: Changes) -> Folder:
        """The same folder in another state. What cannot differ in it is not looked at again."""
        made = Folder(self.root, self.excluded, self.ends_at, changes)
        if _has_same_names(self._in_all, made._in_all):
            made._listed, made._unlisted, made.others = self._listed, self._unlisted, self.others
        made._no_links = self._no_links - made._changes.keys()
        made._texts = {path: self._texts[path] for path in made._no_links if path in self._texts}
        return made

    def paths(self) -> Sequence[str]:
        if self._listed is None:
            self._listed = tuple(sorted(self._walk()))
        return self._listed

    def unlisted(self) -> Sequence[Unread]:
        self.paths()
        return self._unlisted

    def has(self, path: str) -> bool:
        named = PurePosixPath(path)
        if named.is_absolute():
            return False  # outside of it, whatever lies there
        is_excluded = any(
            matches(each.as_posix(), *self.excluded) for each in (named, *named.parents[:-1])
        )
        at = self._followed(path)
        is_changed, on_disk = at in self._changes, self.root / at
        is_file = self._changes[at] is not None if is_changed else on_disk.is_file()
        return not is_excluded and is_file

    def is_there(self, path: str) -> bool:
        """Whether anything has that name, excluded or not."""
        at = self._followed(path)
        return self._changes[at] is not None if at in self._changes else (self.root / at).exists()

    def new_names(self) -> Sequence[str]:
        """The files directly in it that are not on the disk."""
        return NamesOf(self._changes).files(".", ())

    # ------------------------------------------------------------------------- which there are

    def _missed(self, problem: OSError) -> None:
        path = Path(problem.filename).relative_to(self.root).as_posix()
        self._unlisted.append(Unread(path, _lowered(problem.strerror or str(problem))))

    def _walk(self) -> Iterable[str]:
        count, above = 0, {".": self._ignored_above()}
        for inside, folders, names in self._folders():
            ignored = above.pop(inside)
            if inside != "." and self.ends_at in names:
                self.others.append(inside)
                folders.clear()
                continue
            if IGNORE_FILE in names:
                here = self._in_repository(inside)
                ignored = ignored.below(here, self._patterns(here))
            folders[:] = sorted(
                f
                for f in folders
                if f not in _NEVER_ENTERED
                and not self._is_left_out(inside, f, ignored, is_folder=True)
            )
            above |= {PurePosixPath(inside, each).as_posix(): ignored for each in folders}
            for name in names:
                if not self._is_left_out(inside, name, ignored, is_folder=False):
                    count += 1
                    yield PurePosixPath(inside, name).as_posix()
            if count > MOST_FILES:
                reason = f"more than {MOST_FILES:,} files: those behind it are not looked at; exclude some"
                self._unlisted.append(Unread(inside, reason))
                return

    def _folders(self) -> Iterator[tuple[str, list[str], list[str]]]:
        """Each folder with the folders and files in it; those that are taken off are not entered."""
        changed = NamesOf(self._changes)
        for folder, folders, names in os.walk(self.root, onerror=self._missed):
            inside = Path(folder).relative_to(self.root).as_posix()
            new = changed.folders(inside, folders)
            entered = [*folders, *new]
            yield inside, entered, changed.files(inside, names)
            folders[:] = [each for each in entered if each not in new]
            for each in entered:
                if each in new:
                    yield from changed.walk(PurePosixPath(inside, each).as_posix())

    def _ignored_above(self) -> Ignored:
        """What the files between the root of the repository and the checked folder leave out."""
        ignored = Ignored()
        above = [self.repository, *reversed(self._top.parents)]
        for folder in above if self.repository != self._top else ():
            if folder.is_relative_to(self.repository):
                here = _without_dot(folder.relative_to(self.repository))
                ignored = ignored.below(here, self._patterns(here))
        return ignored

    def _patterns(self, folder: str) -> str:
        """The text of the `.gitignore` of a folder of the repository; "" where it has none."""
        path = PurePosixPath(folder, IGNORE_FILE).as_posix()
        if path in self._in_all:
            change = self._in_all[path]
            return decoded(change) if isinstance(change, bytes) else ""
        try:
            return decoded((self.repository / path).read_bytes())
        except OSError:
            return ""  # it is a link to nowhere, or not ours to read: git passes over it too

    def _in_repository(self, inside: str) -> str:
        here = self._top.relative_to(self.repository)
        return _without_dot(PurePosixPath(here, inside))

    def _is_left_out(self, folder: str, name: str, ignored: Ignored, *, is_folder: bool) -> bool:
        if self._is_excluded(folder, name):
            return True
        path = self._in_repository(PurePosixPath(folder, name).as_posix())
        return ignored.leaves_out(path, is_folder=is_folder)

    def _is_excluded(self, folder: str, name: str) -> bool:
        path = PurePosixPath(folder, name).as_posix()
        return any(matches(path, pattern) for pattern in self.excluded)

    # -------------------------------------------------------------------------------- their texts

    def text(self, path: str) -> str | Unread:
        if path in self._texts:
            return self._texts[path]
        found = self._read(path)
        if isinstance(found, str) and len(found) < LONGEST_KEPT and len(self._texts) < MOST_KEPT:
            self._texts[path] = found
        return found

    def _read(self, path: str) -> str | Unread:
        at = self._followed(path)
        if at in self._changes:
            return self._changed(path, self._changes[at])
        full = self.root / at
        try:
            real = full.resolve(strict=True)
            if not real.is_relative_to(self._top):
                return self._meant(path, self._target(at))
            if not real.is_file():
                return Unread(path, "is not a regular file")
            if real.stat().st_size > LARGEST_FILE:
                return Unread(path, TOO_LARGE)
            data = real.read_bytes()
            if real == self._top / path:
                self._no_links.add(path)
        except (OSError, RuntimeError) as problem:
            if isinstance(problem, FileNotFoundError) and full.is_symlink():
                return self._meant(path, self._target(at))
            return Unread(path, _lowered(getattr(problem, "strerror", None) or str(problem)))
        return _text(path, data)

    def _changed(self, path: str, change: Change) -> str | Unread:
        if isinstance(change, bytes):
            return _text(path, change)
        if isinstance(change, Link):
            return self._meant(path, change.target)
        return Unread(path, change.reason if change else "no such file")

    def _followed(self, path: str, links: int = 0) -> str:
        """Where a changed file lies that links lead to; any other path as it is."""
        if not self._changes or links > _MOST_LINKS:
            return path
        if path in self._changes:
            change = self._changes[path]
            if not isinstance(change, Link) or change.target.startswith("/"):
                return path
            target = os.path.normpath(PurePosixPath(path).parent / change.target)
            return self._followed(target, links + 1)
        real = Path(os.path.realpath(self.root / path))  # which bears links that lead round
        inside = real.relative_to(self._top).as_posix() if real.is_relative_to(self._top) else path
        is_elsewhere = inside != path and inside in self._changes
        return self._followed(inside, links + 1) if is_elsewhere else path

    def _target(self, path: str) -> str:
        """What a link says; "" for what is none."""
        if path in self._changes:
            change = self._changes[path]
            return change.target if isinstance(change, Link) else ""
        full = self.root / path
        return str(full.readlink()) if full.is_symlink() else ""

    def _meant(self, path: str, target: str) -> str | Unread:
        """What an absolute link of a copied tree means: /etc/x is the x that lies in the copy."""
        hits = found_by(self, target, path.rpartition("/")[0]) if target.startswith("/") else []
        inside = [hit for hit in hits if not self._target(hit)]
        if not inside:
            return Unread(path, "leads outside of the checked folder")
        return self.text(inside[0])


def _has_same_names(one: Mapping[str, Change], other: Mapping[str, Change]) -> bool:
    """Whether two states have the same files: they differ at most in what is in these."""
    is_known = all(isinstance(each, bytes) for each in (*one.values(), *other.values()))
    says_which = any(PurePosixPath(path).name == IGNORE_FILE for path in one)
    return is_known and not says_which and one.keys() == other.keys()


def _text(path: str, data: bytes) -> str | Unread:
    if len(data) > LARGEST_FILE:
        return Unread(path, TOO_LARGE)
    return Unread(path, "holds NUL bytes: not a text") if b"\0" in data else decoded(data)


def _without_dot(path: PurePath) -> str:
    return "" if path == type(path)(".") else path.as_posix()


def repository_of(folder: Path) -> Path:
    """The root of the git repository that a folder lies in; outside of any the folder itself."""
    here = folder.resolve()
    return next((each for each in (here, *here.parents) if (each / ".git").exists()), here)


def _lowered(reason: str) -> str:
    return reason[:1].lower() + reason[1:]


def matches(path: str, *globs: str) -> bool:
    """Whether a path is meant by one of the globs: one without "/" means the name, `**` any folders."""
    return globs_match(path, globs)


def found_by(
    files: Files, pattern: str, folder: str, mounts: Sequence[tuple[str, str]] = ()
) -> list[str]:
    """The files that an include or an option of a command line means, in order of name.

    *pattern* is as the server reads it: absolute, or relative to *folder* (which is relative to
    the root). What a service sees at an absolute path may lie elsewhere here: *mounts* (path here,
    path there) say so; else the longest tail of the path that exists below *folder* or below the
    root is meant (`/etc/nginx/conf.d/*.conf` is `conf.d/*.conf` beside nginx.conf).
    """
    for candidate in _candidates(pattern, folder, mounts):
        if not any(c in candidate for c in "*?[") and files.has(candidate):
            return [candidate]
        hits = [path for path in files.paths() if _is_meant(path, candidate)]
        if hits:
            return hits
    return []


def _is_meant(path: str, candidate: str) -> bool:
    if path == candidate:
        return True
    return path.count("/") == candidate.count("/") and all(
        fnmatchcase(a, b) for a, b in zip(path.split("/"), candidate.split("/"), strict=True)
    )


def _candidates(pattern: str, folder: str, mounts: Sequence[tuple[str, str]]) -> Iterable[str]:
    if not pattern.startswith("/"):
        yield _joined(folder, pattern)
        if folder:
            yield _joined("", pattern)
        return
    yield os.path.normpath(pattern)  # of a machine whose files go by their whole path
    for here, there in mounts:
        if pattern == there or pattern.startswith(there.rstrip("/") + "/"):
            yield _joined(here, pattern[len(there.rstrip("/")) :].lstrip("/"))
    tail = pattern.strip("/").split("/")
    for start in range(len(tail)):
        rest = "/".join(tail[start:])
        if start and start == len(tail) - 1 and any(c in rest for c in "*?["):
            return  # of /etc/nginx/modules-enabled/*.conf no *.conf of just any folder
        yield rest
        if folder:
            yield _joined(folder, rest)


def _joined(folder: str, path: str) -> str:
    parts: list[str] = []
    for part in f"{folder}/{path}".split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
