"""Writes the edits of a fix: all files or none, each at once, with a copy of what it was beside it."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from plimsoll.cli.command import CommandError
from plimsoll.hosts import Host, HostError, Stat

BACKUP = ".orig"


class _File(Struct, frozen=True):
    """A file that is to be written. *path*: as it is told of; *full*: where it is."""

    path: str
    full: str
    known: Stat
    old: bytes
    new: bytes


def write(
    root: Path, before: Mapping[str, bytes], after: Mapping[str, bytes], host: Host
) -> dict[str, str]:
    """Puts *after* in the place of *before*, by path below *root*; gives the name of each copy.

    Raises:
        CommandError: a file is not what was read, leads outside of *root*, or cannot be written; the
            message says what is written all the same, if anything is.
    """
    try:
        files = [_looked_at(root, path, before[path], new, host) for path, new in after.items()]
        copies = {each.path: _copied(each, host) for each in files}
    except HostError as problem:
        raise CommandError(f"{problem}; nothing is written") from problem
    try:
        for each in files:
            known = each.known
            host.replace(each.full, each.new, known.mode, known.owner, before=known.digest)
    except HostError as problem:
        left = [each.path for each in files if not _put_back(each, host)]
        told = (f"{path} may be written, what it was is in {copies[path]}" for path in left)
        raise CommandError("; ".join([str(problem), *told])) from problem
    return copies


def _looked_at(root: Path, path: str, old: bytes, new: bytes, host: Host) -> _File:
    full = (root / path).resolve()
    if not full.is_relative_to(root.resolve()):
        raise CommandError(f"{path}: leads outside of {root}; nothing is written")
    known = host.stat(str(full))
    if known.digest != _digest(old):
        raise CommandError(f"{path}: was changed while it was looked at; nothing is written")
    return _File(path, str(full), known, old, new)


def _copied(file: _File, host: Host) -> str:
    """Writes the copy under a name that no file has: an older copy is somebody's, too."""
    number, name = 1, f"{file.full}{BACKUP}"
    while _is_there(name, host):
        number += 1
        name = f"{file.full}{BACKUP}.{number}"
    host.replace(name, file.old, file.known.mode, file.known.owner, before="")
    return Path(name).name


def _is_there(path: str, host: Host) -> bool:
    try:
        host.stat(path)
    except HostError:  # and where that is not why, it cannot be written either
        return False
    return True


def _put_back(file: _File, host: Host) -> bool:
    """Whether a file is as it was, after what is written of it was undone."""
    try:
        found = host.stat(file.full).digest
        if found == _digest(file.new):
            host.replace(file.full, file.old, file.known.mode, file.known.owner, before=found)
    except HostError:
        return False
    return True


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()
