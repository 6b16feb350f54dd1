"""The checked folder: which files there are, and their texts. Nothing outside of it is opened."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path, PurePath, PurePosixPath
from typing import Protocol

from msgspec import Struct

from plimsoll.model.setting import Unread
from plimsoll.stack.ignored import NAME as IGNORE_FILE
from plimsoll.stack.ignored import Ignored
from plimsoll.syntax.globs import matches as globs_match
from plimsoll.syntax.text import decoded

# A configuration file of a person has a few thousand lines; what is larger is data.
LARGEST_FILE = 8 * 1024**2
MOST_FILES = 20_000
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
    is another stack's, and one of the *others*.
    """

    def __init__(self, root: Path, excluded: tuple[str, ...] = (), ends_at: str = "") -> None:
        self.root = root
        self.excluded = excluded
        self.ends_at = ends_at
        self.repository = repository_of(root)
        self.others: list[str] = []
        self._listed: tuple[str, ...] | None = None
        self._unlisted: list[Unread] = []
        self._texts: dict[str, str] = {}

    def paths(self) -> Sequence[str]:
        if self._listed is None:
            self._listed = tuple(sorted(self._walk()))
        return self._listed

    def unlisted(self) -> Sequence[Unread]:
        self.paths()
        return self._unlisted

    def _meant(self, path: str, link: Path) -> str | Unread:
        """What an absolute link of a copied tree means: /etc/x is the x that lies in the copy."""
        target = str(link.readlink()) if link.is_symlink() else ""
        hits = found_by(self, target, path.rpartition("/")[0]) if target.startswith("/") else []
        inside = [hit for hit in hits if not (self.root / hit).is_symlink()]
        if not inside:
            return Unread(path, "leads outside of the checked folder")
        return self.text(inside[0])

    def _missed(self, problem: OSError) -> None:
        path = Path(problem.filename).relative_to(self.root).as_posix()
        self._unlisted.append(Unread(path, _lowered(problem.strerror or str(problem))))

    def has(self, path: str) -> bool:
        at = PurePosixPath(path)
        is_excluded = any(
            matches(each.as_posix(), *self.excluded) for each in (at, *at.parents[:-1])
        )
        return not is_excluded and (self.root / path).is_file()

    def _walk(self) -> Iterable[str]:
        count, above = 0, {".": self._ignored_above()}
        for folder, folders, names in os.walk(self.root, onerror=self._missed):
            inside = Path(folder).relative_to(self.root).as_posix()
            ignored = above.pop(inside)
            if inside != "." and self.ends_at in names:
                self.others.append(inside)
                folders.clear()
                continue
            if IGNORE_FILE in names:
                ignored = ignored.below(self._in_repository(inside), self._patterns(folder))
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

    def _ignored_above(self) -> Ignored:
        """What the files between the root of the repository and the checked folder leave out."""
        ignored = Ignored()
        above = [self.repository, *reversed(self.root.resolve().parents)]
        for folder in above if self.repository != self.root.resolve() else ():
            if folder.is_relative_to(self.repository) and (folder / IGNORE_FILE).is_file():
                relative = _without_dot(folder.relative_to(self.repository))
                ignored = ignored.below(relative, self._patterns(str(folder)))
        return ignored

    def _patterns(self, folder: str) -> str:
        try:
            return decoded(Path(folder, IGNORE_FILE).read_bytes())
        except OSError:
            return ""  # it is a link to nowhere, or not ours to read: git passes over it too

    def _in_repository(self, inside: str) -> str:
        here = self.root.resolve().relative_to(self.repository)
        return _without_dot(PurePosixPath(here, inside))

    def _is_left_out(self, folder: str, name: str, ignored: Ignored, *, is_folder: bool) -> bool:
        if self._is_excluded(folder, name):
            return True
        path = self._in_repository(PurePosixPath(folder, name).as_posix())
        return ignored.leaves_out(path, is_folder=is_folder)

    def _is_excluded(self, folder: str, name: str) -> bool:
        path = PurePosixPath(folder, name).as_posix()
        return any(matches(path, pattern) for pattern in self.excluded)

    def text(self, path: str) -> str | Unread:
        if path in self._texts:
            return self._texts[path]
        found = self._read(path)
        if isinstance(found, str) and len(found) < LONGEST_KEPT and len(self._texts) < MOST_KEPT:
            self._texts[path] = found
        return found

    def _read(self, path: str) -> str | Unread:
        full = self.root / path
        try:
            real = full.resolve(strict=True)
            if not real.is_relative_to(self.root.resolve()):
                return self._meant(path, full)
            if not real.is_file():
                return Unread(path, "is not a regular file")
            if real.stat().st_size > LARGEST_FILE:
                return Unread(path, f"is larger than {LARGEST_FILE // 1024**2} MiB")
            data = real.read_bytes()
        except (OSError, RuntimeError) as problem:
            if isinstance(problem, FileNotFoundError) and full.is_symlink():
                return self._meant(path, full)
            return Unread(path, _lowered(getattr(problem, "strerror", None) or str(problem)))
        if b"\0" in data:
            return Unread(path, "holds NUL bytes: not a text")
        return decoded(data)


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
