"""A git repository: its states, as what differs from the disk. Nothing in it is written.

git tells which files of a state differ from the working tree, and only these are read from it. What
git does not keep (ignored files, the files of submodules) is in every state as it lies on the disk.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from plimsoll.hosts import Host, HostError, Result
from plimsoll.model.changes import Change, Changes, Link, Untold
from plimsoll.stack.files import LARGEST_FILE, TOO_LARGE, repository_of
from plimsoll.stack.ignored import NAME as IGNORE_FILE
from plimsoll.syntax.suggest import did_you_mean
from plimsoll.syntax.text import decoded

SECONDS = 60.0  # for one call; of a large repository the first one takes a few
MOST_BYTES = 256 * 1024**2  # that two states may differ in
_MOST_LISTED = 64 * 1024**2

HEAD, STAGED, WORKING_TREE = "HEAD", "what is staged", "the working tree"

_LINK, _SUBMODULE, _GONE = "120000", "160000", "000000"
_UNMERGED = "U"
_BLOB = re.compile(r"([0-9a-f]{40,64}) blob (\d+)")
_LFS = b"version https://git-lfs.github.com/spec/"
# What a repository's own configuration would have git start, or write.
_OFF = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "diff.autoRefreshIndex": "false",  # writing it starts a hook
}
_FILTER = re.compile(r"(filter\..*)\.[^.]+", re.DOTALL)
_FILTER_OFF = {"clean": "", "smudge": "", "process": "", "required": "false"}
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",  # its index is not refreshed on disk
    "GIT_NO_LAZY_FETCH": "1",  # a partial clone asks nobody
    "GIT_ALLOW_PROTOCOL": "none",  # the same, for versions before 2.44
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


class RepositoryError(Exception):
    """There is no repository, no such revision, or git gives no answer."""


class _Entry(NamedTuple):
    """A file that differs: what it is in the state, and the name of its content."""

    path: str
    mode: str
    name: str


class Repository:
    """The repository that a folder lies in; of its states only what concerns the folder."""

    def __init__(self, folder: Path, host: Host) -> None:
        """Raises RepositoryError where the folder lies in none, or there is no git."""
        self.top = repository_of(folder)
        if not (self.top / ".git").exists():
            raise RepositoryError(f"{folder}: is in no git repository")
        git = host.find("git")
        if git is None:
            raise RepositoryError("git is not installed, and only git knows earlier states")
        self._host = host
        self._start = [git, "-C", str(self.top), *_options(_OFF)]
        self._start += _options(self._filters_off())
        self._folder = folder.resolve().relative_to(self.top).as_posix().removeprefix(".")
        self._untracked: tuple[str, ...] | None = None
        self._unseen: tuple[str, ...] | None = None

    def _filters_off(self) -> Mapping[str, str]:
        """The programs that files go through, taken out: git would start them to compare a file."""
        listed = self._said("config", "--null", "--name-only", "--get-regexp", r"^filter\.")
        if listed.code == 1:  # there is none
            return {}
        names = decoded(self._data("config", listed)).split("\0")
        filters = {found[1] for name in names if (found := _FILTER.fullmatch(name))}
        for each in filters:
            if "=" in each:  # git takes what is behind it for the value
                raise RepositoryError(
                    f"git config: {each}: its name has a =, it cannot be kept out"
                )
        return {f"{each}.{key}": to for each in filters for key, to in _FILTER_OFF.items()}

    # ------------------------------------------------------------------------------------ states

    def revision(self, name: str) -> Changes:
        """The state of a revision; of HEAD before the first commit, that nothing is there.

        Raises:
            RepositoryError: there is no such revision.
        """
        found = self._commit(name)
        if found is None and name == HEAD:
            found = self._git("hash-object", "-t", "tree", "--stdin").decode().strip()
        if found is None:
            raise RepositoryError(self._no_revision(name))
        return self._state(name, found)

    def staged(self) -> Changes:
        """What the next commit has."""
        return self._state(STAGED, "")

    def working_tree(self) -> Changes:
        """The files as they lie on the disk, and those that a sparse checkout left in git."""
        left = [p for p in self._not_looked_at() if not (self.top / p).exists()]
        entries = [_Entry(path, "", f":{path}") for path in left if self._concerns(path)]
        return Changes(WORKING_TREE, dict(self._contents(entries)), self.top)

    def common_ancestor(self, one: str, other: str) -> Changes:
        """Where two revisions parted: what `one...other` means to git.

        Raises:
            RepositoryError: there are no such revisions, or they have nothing in common.
        """
        commits = [self._commit(each) for each in (one, other)]
        for name, commit in zip((one, other), commits, strict=True):
            if commit is None:
                raise RepositoryError(self._no_revision(name))
        try:
            found = self._git("merge-base", *(c for c in commits if c)).decode().split()
        except RepositoryError:
            found = []
        if not found:
            raise RepositoryError(
                f"{one} and {other} have no common ancestor here{self._is_shallow()}"
            )
        return replace(self._state("", found[0]), name=f"{one}...{other}")

    def _commit(self, name: str) -> str | None:
        if not name or name.startswith("-"):
            return None
        try:
            return (
                self._git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").decode().strip()
            )
        except RepositoryError:
            return None

    def _no_revision(self, name: str) -> str:
        known = self._git("for-each-ref", "--format=%(refname:short)").decode().split()
        meant = did_you_mean(name, [HEAD, *known])
        return f"{self.top}: no revision {name!r}; {meant}{self._is_shallow()}"

    def _is_shallow(self) -> str:
        said = self._git("rev-parse", "--is-shallow-repository").decode().strip()
        hint = "; the clone is shallow, fetch more of it (fetch-depth: 0, git fetch --unshallow)"
        return hint if said == "true" else ""

    # ------------------------------------------------------------------------------- differences

    def _state(self, name: str, tree: str) -> Changes:
        """The state of a tree; "" is the index."""
        changes: dict[str, Change] = {each: None for each in self._new() if self._concerns(each)}
        said = self._git(
            "diff", "--no-ext-diff", "--no-textconv", "--raw", "-z", "--no-renames", "--no-abbrev",
            "--ignore-submodules=all", *([tree] if tree else []), "--",
        )  # fmt: skip
        entries: dict[str, _Entry] = {}
        for path, mode, blob, status in _raw(decoded(said)):
            if self._concerns(path) and mode != _SUBMODULE:
                if status == _UNMERGED:  # git tells it once more, by one of its sides
                    entries[path] = _Entry(path, "", f"{tree}:{path}" if tree else "")
                elif path not in entries:
                    entries[path] = _Entry(path, mode, blob)
        for path in self._not_looked_at():
            if self._concerns(path) and path not in entries:
                entries[path] = _Entry(path, "", f"{tree}:{path}")
        if any(path.rpartition("/")[2] == IGNORE_FILE for path in entries):
            changes |= dict.fromkeys(filter(self._concerns, self._ignored()))
        changes |= self._contents(list(entries.values()))
        return Changes(name, changes, self.top)

    def _concerns(self, path: str) -> bool:
        """Whether a file takes part in what the folder is: it lies in it, or says what it ignores."""
        if not self._folder or path.startswith(f"{self._folder}/"):
            return True
        above, _, name = path.rpartition("/")
        return name == IGNORE_FILE and (not above or self._folder.startswith(f"{above}/"))

    def _new(self) -> tuple[str, ...]:
        """Files that git could keep and does not yet."""
        if self._untracked is None:
            self._untracked = self._others()
        return self._untracked

    def _ignored(self) -> tuple[str, ...]:
        """Files that git passes over now; by an earlier `.gitignore` they might be found."""
        return self._others("--ignored")

    def _others(self, *words: str) -> tuple[str, ...]:
        said = decoded(self._git("ls-files", "--others", "--exclude-standard", "-z", *words))
        return tuple(path for path in said.split("\0") if path and not path.endswith("/"))

    def _not_looked_at(self) -> tuple[str, ...]:
        """Files of which git believes that they are unchanged (assume-unchanged, sparse checkout)."""
        if self._unseen is None:
            said = decoded(self._git("ls-files", "-v", "-z")).split("\0")
            self._unseen = tuple(each[2:] for each in said if each[:1] == "S" or each[:1].islower())
        return self._unseen

    # ---------------------------------------------------------------------------------- contents

    def _contents(self, entries: Sequence[_Entry]) -> Iterator[tuple[str, Change]]:
        there = [each for each in entries if each.mode != _GONE and each.name]
        blobs = self._blobs([each.name for each in there if "\n" not in each.name])
        for each in entries:
            if each.mode == _GONE:
                yield each.path, None
            elif not each.name:
                yield each.path, Untold("is not merged")
            else:
                found = blobs.get(each.name, Untold("git does not tell it by that name"))
                if each.mode == _LINK and isinstance(found, bytes):
                    found = Link(decoded(found))
                yield each.path, found

    def _blobs(self, names: Sequence[str]) -> Mapping[str, Change]:
        """Contents by their names; None: there is nothing of that name."""
        if not names:
            return {}
        asked = "\n".join(names).encode("utf-8", "surrogateescape") + b"\n"
        told = decoded(self._git("cat-file", "--batch-check", given=asked)).splitlines()
        found: dict[str, Change] = {}
        wanted: dict[str, str] = {}
        total = 0
        for name, line in zip(names, told, strict=True):
            there = _BLOB.fullmatch(line)
            if there is None:
                found[name] = None if ":" in name else Untold("is not in this clone")
            elif int(there[2]) > LARGEST_FILE:
                found[name] = Untold(TOO_LARGE)
            else:
                wanted[name] = there[1]
                total += int(there[2])
        if total > MOST_BYTES:
            raise RepositoryError(
                f"more than {MOST_BYTES // 1024**2} MiB differ; name the folder that is meant"
            )
        oids = list(dict.fromkeys(wanted.values()))
        contents = self._read(oids, total) if oids else {}
        return {**found, **{name: contents[oid] for name, oid in wanted.items()}}

    def _read(self, oids: Sequence[str], total: int) -> Mapping[str, Change]:
        """The contents of blobs that are there."""
        asked = "\n".join(oids).encode() + b"\n"
        said = self._git("cat-file", "--batch", given=asked, most=total + 128 * len(oids))
        found: dict[str, Change] = {}
        at = 0
        for oid in oids:
            end = said.index(b"\n", at)
            size = int(said[at:end].rpartition(b" ")[2])
            content = said[end + 1 : end + 1 + size]
            kept_elsewhere = content.startswith(_LFS)
            found[oid] = Untold("is kept by Git LFS, not in git") if kept_elsewhere else content
            at = end + size + 2
        return found

    def _git(self, *words: str, given: bytes = b"", most: int = _MOST_LISTED) -> bytes:
        """What git says to *words*, asked at the root of the repository.

        Raises:
            RepositoryError: it does not know, says too much, or gives no answer.
        """
        return self._data(words[0], self._said(*words, given=given, most=most))

    def _said(self, *words: str, given: bytes = b"", most: int = _MOST_LISTED) -> Result:
        environment = {**os.environ, **_ENVIRONMENT}
        try:
            return self._host.run(
                [*self._start, *words],
                seconds=SECONDS, environment=environment, given=given, most=most,
            )  # fmt: skip
        except HostError as problem:
            raise RepositoryError(str(problem)) from problem

    def _data(self, word: str, said: Result) -> bytes:
        if said.code or said.is_cut:
            why = next(iter(said.err.splitlines()), f"exit code {said.code}")
            reason = "more than is read" if said.is_cut else why.removeprefix("fatal: ")
            raise RepositoryError(f"git {word}: {reason}")
        return said.data


def _options(settings: Mapping[str, str]) -> list[str]:
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]


def _raw(said: str) -> Iterable[tuple[str, str, str, str]]:
    """Path, mode, content and status of the earlier side of each line of `git diff --raw -z`."""
    fields = said.split("\0")
    for about, path in zip(fields[::2], fields[1::2], strict=False):
        mode, _, blob, _, status = about.removeprefix(":").split(" ")
        yield path, mode, blob, status
