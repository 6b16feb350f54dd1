"""A Compose file as a tree of values, merge keys followed and variables replaced."""

from __future__ import annotations

from msgspec import Struct

from plimsoll.model.reader import Open
from plimsoll.model.setting import Unread
from plimsoll.syntax import yaml_nodes as yaml
from plimsoll.syntax.text import Lines
from plimsoll.syntax.traced import Traced
from plimsoll.syntax.yaml_tree import Build, Items, Leaf, Meant, Table, Tree, is_empty
from plimsoll.technologies.docker_compose.interpolation import Lookup, interpolated

__all__ = ["OVERRIDE", "RESET", "File", "Items", "Leaf", "Table", "Tree", "open_file", "read_file"]

RESET, OVERRIDE = "!reset", "!override"


class File(Struct, frozen=True):
    """One Compose file. *root* is None where it could not be read, or is empty."""

    path: str
    lines: Lines
    root: Table | None = None
    unread: tuple[Unread, ...] = ()

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]


def read_file(path: str, text: str, lookup: Lookup) -> File:
    """The tree of a Compose file's first document, and what could not be read of it."""
    lines = Lines(text, path)
    unread: list[Unread] = []
    root: Table | None = None

    def meant(written: Traced) -> Meant:
        return interpolated(written, lookup)

    for document in yaml.documents(text, path):
        if isinstance(document, Unread):
            unread.append(document)
        elif root is not None:
            place = document.place(document.root) if document.root else None
            unread.append(Unread(path, "a second document: Compose reads only the first", place))
        elif isinstance(document.root, yaml.Mapping):
            build = Build(document, lines, "Compose refuses the file", meant, unread)
            found = build.tree(document.root)
            root = found if isinstance(found, Table) else None
        elif document.root is not None and not is_empty(document.root):
            place = document.place(document.root)
            unread.append(Unread(path, "not a mapping: no Compose file", place))
    return File(path, lines, root, tuple(unread))


def open_file(path: str, opened: Open, lookup: Lookup) -> File:
    text = opened(path)
    if isinstance(text, Unread):
        return File(path, Lines("", path), None, (text,))
    return read_file(path, text, lookup)
