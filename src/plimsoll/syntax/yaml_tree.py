"""YAML as a tree of values with exact places: merge keys followed, what the vendor refuses told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.setting import Unread
from plimsoll.syntax import yaml_nodes as yaml
from plimsoll.syntax.text import Lines
from plimsoll.syntax.traced import Traced, straight
from plimsoll.syntax.yaml_texts import traced


class Meant(Struct, frozen=True):
    """What a scalar means once its variables are replaced. *unknown*: why that cannot be told."""

    text: Traced
    unknown: str = ""


class Leaf(Struct, frozen=True):
    """A scalar. *unknown*: why its text, which is then as written, cannot be told.

    *is_null*: nothing stands there. *meant*: where variables were replaced. *source*: the file.
    """

    text: str
    place: Place
    lines: Lines
    source: str
    scalar: yaml.Scalar
    meant: Traced | None = None
    unknown: str = ""
    is_null: bool = False

    @property
    def traced(self) -> Traced:
        """The text with the place of each of its characters."""
        if self.meant is not None:
            return self.meant
        scalar = self.scalar
        if not scalar.style and scalar.end - scalar.start == len(scalar.text):
            return straight(scalar.text, scalar.start)
        return traced(self.source, scalar)

    @property
    def is_bare(self) -> bool:
        """Whether it stands without quotes."""
        return not self.scalar.style

    @property
    def tag(self) -> str:
        return self.scalar.tag


class Items(Struct, frozen=True):
    entries: tuple[Tree, ...]
    place: Place
    tag: str = ""


class Table(Struct, frozen=True):
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

    def items(self, name: str) -> tuple[Tree, ...]:
        """What a list holds; nothing where there is none."""
        found = self.entries.get(name)
        return found.entries if isinstance(found, Items) else ()

    def tables(self, name: str) -> tuple[Table, ...]:
        """The tables of a list."""
        return tuple(each for each in self.items(name) if isinstance(each, Table))


Tree = Leaf | Items | Table


def is_empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.Scalar) and node.is_null


class Build(Struct, frozen=True):
    """Makes the tree of a document. *meant*: what the vendor puts in the place of variables.

    *refusal*: what the vendor does with a file of faults ("Compose refuses the file"); they are
    added to *unread*.
    """

    document: yaml.Document
    lines: Lines
    refusal: str
    meant: Callable[[Traced], Meant] | None = None
    unread: list[Unread] = field(default_factory=list)

    def tree(self, node: yaml.Node, pair: yaml.Pair | None = None) -> Tree:
        place = self.document.place_of(pair) if pair else self.document.place(node)
        if isinstance(node, yaml.Scalar):
            return self._leaf(node, place)
        if isinstance(node, yaml.Sequence):
            return Items(tuple(self.tree(i, None) for i in node.items), place, node.tag)
        self.unread.extend(self._faults(node))
        entries = {n: self.tree(p.value, p) for n, p in yaml.merged(node).items()}
        return Table(entries, place, node.tag)

    def _leaf(self, node: yaml.Scalar, place: Place) -> Leaf:
        source, is_null = self.document.text, node.is_null
        leaf = Leaf(node.text, place, self.lines, source, node, is_null=is_null)
        if self.meant is None or "$" not in node.text:
            return leaf
        meant = self.meant(leaf.traced)
        return replace(leaf, text=meant.text.text, meant=meant.text, unknown=meant.unknown)

    def _faults(self, node: yaml.Mapping) -> Iterator[Unread]:
        path = self.lines.path
        for pair, first in node.repeated():
            line = self.lines.position(first.key.start)[0]
            reason = f"{pair.name} is given twice (line {line} too): {self.refusal}"
            yield Unread(path, reason, self.document.place_of(pair))
        for pair in yaml.unmergeable(node):
            reason = f"<< takes a mapping or a list of mappings: {self.refusal}"
            yield Unread(path, reason, self.document.place_of(pair))
        for pair in node.pairs:
            if not isinstance(pair.key, yaml.Scalar):
                reason = f"a key that is no text: {self.refusal}"
                yield Unread(path, reason, self.document.place_of(pair))
