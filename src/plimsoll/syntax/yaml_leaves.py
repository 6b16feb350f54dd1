"""A YAML document as settings: every value below its mappings, by the keys that lead to it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from plimsoll.model.place import Place
from plimsoll.syntax.yaml_nodes import Document, Mapping, Node, Pair, Scalar, merged


class Leaf(Struct, frozen=True):
    """A scalar, or a list or map that is empty. *keys*: from the root; a list's item by its index.

    *place*: from its own key to the end of the value; an item of a list is its own value.
    """

    keys: tuple[str | int, ...]
    node: Node
    place: Place

    @property
    def name(self) -> str:
        """The keys with dots between them: `cluster.routing.allocation`, `hosts.0`."""
        return ".".join(map(str, self.keys))

    @property
    def text(self) -> str:
        """The scalar's text; empty for an empty list or map."""
        return self.node.text if isinstance(self.node, Scalar) else ""


def leaves(document: Document) -> Iterator[Leaf]:
    """Every leaf in the order of the document; merge keys are followed, of equal keys the last wins."""
    if document.root is not None:
        yield from _below(document, document.root, (), None)


def _below(
    document: Document, node: Node, keys: tuple[str | int, ...], pair: Pair | None
) -> Iterator[Leaf]:
    if isinstance(node, Mapping) and node.pairs:
        for name, each in merged(node).items():
            yield from _below(document, each.value, (*keys, name), each)
    elif not isinstance(node, Scalar | Mapping) and node.items:
        for at, item in enumerate(node.items):
            yield from _below(document, item, (*keys, at), None)
    else:
        yield Leaf(keys, node, document.place_of(pair) if pair else document.place(node))
