"""Kustomizations: which files they take in. What they change in them is not applied here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from plimsoll.model.place import Place
from plimsoll.model.reader import Open
from plimsoll.model.setting import Unread
from plimsoll.syntax.yaml_tree import Leaf, Table
from plimsoll.technologies.kubernetes.objects import tables

NAMES = ("kustomization.yaml", "kustomization.yml")
# Fields that take files in, or that change no setting that we read.
_TAKES = ("resources", "bases")
_HARMLESS = frozenset({
    *_TAKES, "apiVersion", "kind", "metadata", "namespace", "labels", "commonLabels",
    "commonAnnotations", "buildMetadata", "sortOptions", "openapi", "crds", "generatorOptions",
})  # fmt: skip


class Kustomization(Struct, frozen=True):
    """*taken*: files and folders that it takes in; *changes*: fields that we do not apply."""

    path: str
    taken: tuple[str, ...] = ()
    changes: tuple[tuple[str, Place], ...] = ()

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]


def is_kustomization(path: str) -> bool:
    return path.rpartition("/")[2] in NAMES


def applied(paths: Sequence[str], opened: Open) -> tuple[list[str], list[Unread]]:
    """The files whose objects hold as they stand, and what cannot be told of the others.

    Of kustomizations that take in the same files (overlays on one base) the first that changes
    nothing else is meant.
    """
    unread: list[Unread] = []
    found = {
        each.folder: each for p in paths if is_kustomization(p) for each in _read(p, opened, unread)
    }
    if not found:
        return list(paths), unread
    below = {folder for each in found.values() for folder in each.taken if folder in found}
    roots = [each for folder, each in found.items() if folder not in below]
    files: list[str] = []
    used: set[str] = set()
    for root in sorted(roots or found.values(), key=lambda each: bool(_changes(each, found))):
        mine = list(_files(root, found, set()))
        changes = _changes(root, found)
        if changes:
            names = ", ".join(dict.fromkeys(name for name, _ in changes))
            unread.append(Unread(root.path, _reason(root, names), changes[0][1]))
        elif used.isdisjoint(mine):
            files += mine
        else:
            unread.append(Unread(root.path, _another(root)))
        used.update(mine)
    return list(dict.fromkeys(files)), unread


def _reason(root: Kustomization, names: str) -> str:
    return f"kustomize: {names} of it are not applied here: render it first: {_command(root)}"


def _another(root: Kustomization) -> str:
    return f"another state of what a kustomization beside it describes: {_command(root)}"


def _command(root: Kustomization) -> str:
    return f"`kubectl kustomize {root.folder or '.'} | plimsoll check -`"


def _read(path: str, opened: Open, unread: list[Unread]) -> Iterator[Kustomization]:
    text = opened(path)
    if isinstance(text, Unread):
        unread.append(text)
        return
    for table in tables(text, path, unread):
        folder = path.rpartition("/")[0]
        taken = tuple(_joined(folder, each) for each in _taken(table))
        changes = tuple(
            (name, value.place) for name, value in table.entries.items() if name not in _HARMLESS
        )
        yield Kustomization(path, taken, changes)


def _taken(table: Table) -> Iterator[str]:
    for name in _TAKES:
        yield from (each.text for each in table.items(name) if isinstance(each, Leaf))


def _changes(root: Kustomization, found: Mapping[str, Kustomization]) -> list[tuple[str, Place]]:
    changes: list[tuple[str, Place]] = []
    seen: set[str] = set()
    rest = [root]
    while rest:
        each = rest.pop()
        if each.folder not in seen:
            seen.add(each.folder)
            changes += each.changes
            rest += [found[folder] for folder in each.taken if folder in found]
    return changes


def _files(
    root: Kustomization, found: Mapping[str, Kustomization], seen: set[str]
) -> Iterator[str]:
    seen.add(root.folder)
    for each in root.taken:
        if each in found:
            if each not in seen:
                yield from _files(found[each], found, seen)
        elif not each.startswith(("http:", "https:", "git@")):
            yield each


def _joined(folder: str, path: str) -> str:
    if "://" in path:
        return path
    parts = [p for p in folder.split("/") if p]
    for part in path.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
