"""The files of a machine: which are whose, and in which order they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.model.quantity import Amount
from plimsoll.model.reader import Word, shadowed
from plimsoll.model.setting import Setting, Status, Unread
from plimsoll.model.stack import NO_SCHEMA
from plimsoll.stack.expand import Expansion
from plimsoll.stack.files import Files, found_by, matches
from plimsoll.stack.kernel import KERNEL, Kernel
from plimsoll.stack.recognize import fits
from plimsoll.stack.settle import settled
from plimsoll.technologies import signs, technology

# Every technology whose files belong to a machine.
OF_HOST = (KERNEL, "limits", "tuned", "modprobe")

_PROFILES = "tuned"
_WHICH_PROFILE = "one of several profiles; list the active one under `files:` of its host"
_EVERYBODY = "*"
_FOLDERS = ("etc/sysctl.d", "run/sysctl.d", "usr/local/lib/sysctl.d", "lib/sysctl.d")


class HostFiles(Struct, frozen=True):
    """What the files of a machine say.

    *kernel*: what holds, by the key of the kernel's setting, wherever it was written. *limits*: of
    logins. *settings*: everything, in order and with its status.
    """

    kernel: Mapping[str, Setting]
    limits: Mapping[str, Setting]
    settings: tuple[Setting, ...]
    unread: tuple[Unread, ...]
    opened: Mapping[str, str]


def technology_of(files: Files, path: str) -> str:
    """Which technology of a machine a file is for; empty where its name does not tell."""
    return next((name for name in OF_HOST if fits(files, path, signs()[name])), "")


def host_paths(files: Files) -> list[str]:
    """The files that belong to some machine, by their names."""
    globs = tuple(glob for name in OF_HOST for glob in signs()[name].files)
    return [p for p in files.paths() if matches(p, *globs) and technology_of(files, p)]


def of_the_only_host(
    files: Files, paths: Sequence[str], listed: Sequence[Word]
) -> tuple[list[Word], list[Unread]]:
    """Files of *paths* that nobody listed, for the one machine there is; and why others are not its.

    *listed*: what its statement lists. A technology of which it lists a file has no others.
    """
    has = {technology_of(files, hit) for word in listed for hit in found_by(files, word.text, "")}
    rest = [path for path in paths if technology_of(files, path) not in has]
    profiles = [path for path in rest if technology_of(files, path) == _PROFILES]
    active = _active(files, profiles)
    unused = [] if len(active) < 2 else [Unread(p, _WHICH_PROFILE) for p in active]
    return [Word(p) for p in rest if p not in profiles or len(active) == 1], unused


def _active(files: Files, paths: Sequence[str]) -> list[str]:
    """The profiles that no other one includes."""
    known = technology(_PROFILES) if len(paths) > 1 else None
    if known is None or known.reader is None:
        return list(paths)
    expansion = Expansion(files)
    for path in paths:
        expansion.file(path, known.reader)
    return [path for path in paths if path not in expansion.included]


def read_host_files(
    files: Files,
    words: Sequence[Word],
    stated: Sequence[Setting],
    memory: Amount | None,
) -> HostFiles:
    """What the files that *words* mean say of a machine. *stated*: of the kernel, in plimsoll.yaml."""
    reading = _Reading(files, Expansion(files), [])
    paths = reading.paths(words)
    told = {name: reading.told(name, paths.get(name, []), stated) for name in OF_HOST}
    kernel = Kernel(memory)
    for name in ("modprobe", "tuned", KERNEL):
        kernel.add(name, told[name])
    everything = [each for name in OF_HOST for each in told[name]]
    return HostFiles(
        kernel=kernel.held,
        limits=_of_everybody(told["limits"]),
        settings=tuple(shadowed(each, kernel.winners.get(id(each))) for each in everything),
        unread=(*reading.missing, *reading.expansion.unread),
        opened=reading.expansion.opened,
    )


class _Reading(Struct):
    files: Files
    expansion: Expansion
    missing: list[Unread]

    def paths(self, words: Sequence[Word]) -> dict[str, list[str]]:
        """The files by technology; one with a name that tells nothing is sysctl's."""
        found: dict[str, list[str]] = {}
        for word in words:
            hits = found_by(self.files, word.text, "")
            if not hits:
                self.missing.append(Unread(word.text, "no such file", word.place))
            for path in hits:
                of_one = found.setdefault(technology_of(self.files, path) or KERNEL, [])
                if path not in of_one:
                    of_one.append(path)
        return found

    def told(self, name: str, paths: Sequence[str], stated: Sequence[Setting]) -> list[Setting]:
        own = stated if name == KERNEL else ()
        known = technology(name) if paths or own else None  # most machines have no such file
        if known is None or known.reader is None:
            return []
        ordered = _ordered(name, paths)
        hidden = _hidden(ordered) if name == KERNEL else {}
        groups: list[tuple[str, list[Setting]]] = []
        for path in ordered:
            settings = self.expansion.file(path, known.reader)
            groups.append((path, [_dropped(s, hidden.get(path)) for s in settings]))
        read = [s for path, own in groups if path not in self.expansion.included for s in own]
        return settled(known.reader, known.schema, [*read, *own])


def _ordered(name: str, paths: Sequence[str]) -> list[str]:
    """The files in the order in which they are read.

    Those of a folder of drop-ins by their names, from whichever folder; sysctl.conf behind them,
    limits.conf and modprobe.conf before; others as they are listed.
    """
    rank = {f"{name}.d": 1, f"{name}.conf": 2 if name == KERNEL else 0}

    def place(path: str) -> tuple[int, str]:
        own = PurePosixPath(path)
        in_folder = rank.get(own.parent.name)
        if in_folder is not None:
            return in_folder, own.name
        return rank.get(own.name, 3), ""

    return sorted(paths, key=place)


def _hidden(paths: Sequence[str]) -> dict[str, str]:
    """Files that are not read since one of the same name lies in a folder that goes before theirs."""
    found: dict[str, str] = {}
    for path in paths:
        own = PurePosixPath(path)
        root, at = _folder(own)
        for other in paths:
            theirs, before = _folder(PurePosixPath(other))
            if own.name == PurePosixPath(other).name and root == theirs and before < at:
                found[path] = other
                break
    return found


def _folder(path: PurePosixPath) -> tuple[str, int]:
    """Which machine's tree a file lies in, and how far behind its folder is looked for."""
    folder = path.parent.as_posix()
    for at, each in enumerate(_FOLDERS):
        if folder == each or folder.endswith(f"/{each}"):
            root = folder[: -len(each)].removesuffix("usr/")
            return root, at
    return folder, 0


def _dropped(setting: Setting, by: str | None) -> Setting:
    if by is None:
        return setting
    return replace(setting, status=Status.IGNORED, reason=f"{by} hides this file")


def _of_everybody(settings: Sequence[Setting]) -> dict[str, Setting]:
    """The limits of a login that no line of its own says, by the resource that they give."""
    known = technology("limits") if settings else None
    schema = known.schema if known else NO_SCHEMA
    found: dict[str, Setting] = {}
    for each in settings:
        entry = schema.entry(each.name)
        is_meant = any(block.name == _EVERYBODY for block in each.scope)
        if entry and entry.gives and is_meant and each.status is Status.EFFECTIVE:
            found[entry.gives] = each
    return found
