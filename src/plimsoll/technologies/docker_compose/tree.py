"""A Compose file as a tree of values, merge keys followed and variables replaced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from plimsoll.model.place import Place
from plimsoll.model.reader import Open
from plimsoll.model.setting import Unread
from plimsoll.syntax import yaml_nodes as yaml
from plimsoll.syntax.text import Lines
from plimsoll.syntax.traced import Traced, straight
from plimsoll.syntax.yaml_texts import traced
from plimsoll.technologies.docker_compose.interpolation import Lookup, interpolated

RESET, OVERRIDE = "!reset", "!override"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar. *unknown*: why its text, which is then as written, cannot be told.

    *is_null*: nothing stands there. *is_bare*: without quotes.
    """

    text: str
    place: Place
    traced: Traced
    lines: Lines
    unknown: str = ""
    is_null: bool = False
    is_bare: bool = True
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    entries: tuple[Tree, ...]
    place: Place
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    entries: Mapping[str, Tree]
    place: Place
    tag: str = ""

    def table(self, *names: str) -> Table | None:
        """The table below these names."""
        found: Tree | None = self
        for name in names:
            found = found.entries.get(name) if isinstance(found, Table) else None
        return found if isinstance(found, Table) else None

    def leaf(self, name: str) -> Leaf | None:
        found = self.entries.get(name)
        return found if isinstance(found, Leaf) else None

    def text(self, name: str) -> str:
        """A scalar's text; empty where there is none or it cannot be told."""
        found = self.leaf(name)
        return found.text if found and not found.unknown else ""


Tree = Leaf | Items | Table


@dataclass(frozen=True, slots=True)
class File:
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
    for document in yaml.documents(text, path):
        if isinstance(document, Unread):
            unread.append(document)
        elif root is not None:
            place = document.place(document.root) if document.root else None
            unread.append(Unread(path, "a second document: Compose reads only the first", place))
        elif isinstance(document.root, yaml.Mapping):
            found = _Build(document, lines, lookup, unread).tree(document.root, None)
            root = found if isinstance(found, Table) else None
        elif document.root is not None and not _is_empty(document.root):
            place = document.place(document.root)
            unread.append(Unread(path, "not a mapping: no Compose file", place))
    return File(path, lines, root, tuple(unread))


def open_file(path: str, opened: Open, lookup: Lookup) -> File:
    text = opened(path)
    if isinstance(text, Unread):
        return File(path, Lines("", path), None, (text,))
    return read_file(path, text, lookup)


def _is_empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.Scalar) and node.is_null


@dataclass(frozen=True, slots=True)
class _Build:
    document: yaml.Document
    lines: Lines
    lookup: Lookup
    unread: list[Unread] = field(default_factory=list)

    def tree(self, node: yaml.Node, pair: yaml.Pair | None) -> Tree:
        place = self.document.place_of(pair) if pair else self.document.place(node)
        if isinstance(node, yaml.Scalar):
            return self._leaf(node, place)
        if isinstance(node, yaml.Sequence):
            return Items(tuple(self.tree(i, None) for i in node.items), place, node.tag)
        self.unread.extend(self._faults(node))
        entries = {n: self.tree(p.value, p) for n, p in yaml.merged(node).items()}
        return Table(entries, place, node.tag)

    def _leaf(self, node: yaml.Scalar, place: Place) -> Leaf:
        text = self.document.text
        if "$" in node.text:
            meant = interpolated(traced(text, node), self.lookup)
            value, unknown = meant.text, meant.unknown
        elif node.style:
            value, unknown = traced(text, node), ""
        else:
            value, unknown = _plain(text, node), ""
        return Leaf(
            text=value.text,
            place=place,
            traced=value,
            lines=self.lines,
            unknown=unknown,
            is_null=node.is_null,
            is_bare=not node.style,
            tag=node.tag,
        )

    def _faults(self, node: yaml.Mapping) -> Iterator[Unread]:
        path = self.lines.path
        for pair, first in node.repeated():
            line = self.lines.position(first.key.start)[0]
            reason = f"{pair.name} is given twice (line {line} too): Compose refuses the file"
            yield Unread(path, reason, self.document.place_of(pair))
        for pair in yaml.unmergeable(node):
            reason = "<< takes a mapping or a list of mappings: Compose refuses the file"
            yield Unread(path, reason, self.document.place_of(pair))
        for pair in node.pairs:
            if not isinstance(pair.key, yaml.Scalar):
                reason = "a key that is no text: Compose refuses the file"
                yield Unread(path, reason, self.document.place_of(pair))


def _plain(text: str, node: yaml.Scalar) -> Traced:
    if node.end - node.start == len(node.text):
        return straight(node.text, node.start)
    return traced(text, node)
