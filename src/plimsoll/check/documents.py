"""YAML files of ours with the place of everything in them: rules and facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from plimsoll.model.place import Place, Span
from plimsoll.model.setting import Unread
from plimsoll.syntax.suggest import suggestion

if TYPE_CHECKING:  # with a warm cache nobody needs a YAML parser
    from plimsoll.syntax import yaml_nodes


class FileError(Exception):
    """What is wrong in a rule or facts file, and where."""

    def __init__(self, place: Place, reason: str) -> None:
        at = f"{place.path}:{place.span.line}:{place.span.column}"
        super().__init__(f"{at}: {reason}")
        self.place = place
        self.reason = reason


def wrong_name(place: Place, what: str, name: str, known: Iterable[str]) -> FileError:
    """The error for a *name* that is none of *known*, with the nearest one or all of them."""
    names = sorted(set(known))
    hint = suggestion(name, names) or f"; there are {', '.join(names)}"
    return FileError(place, f"{what} {name!r}{hint}")


class Node(Struct, frozen=True):
    """A node of a YAML file. *is_proven*: its expressions are known to be some (`prove_builtin`)."""

    raw: yaml_nodes.Node
    document: yaml_nodes.Document
    is_proven: bool = False

    def _inner(self, raw: yaml_nodes.Node) -> Node:
        return Node(raw, self.document, self.is_proven)

    @property
    def place(self) -> Place:
        return Place(self.document.lines.path, self.document.place(self.raw).span)

    @property
    def is_list(self) -> bool:
        return hasattr(self.raw, "items")

    @property
    def is_mapping(self) -> bool:
        return hasattr(self.raw, "pairs")

    def text(self) -> str:
        """The value of a scalar, as it is written."""
        text = getattr(self.raw, "text", "")
        if not text.strip():
            raise self.error("needs a value here")
        return str(text)

    def content(self) -> str:
        """The value of a scalar that may be empty: the text of a file."""
        text = getattr(self.raw, "text", None)
        if text is None:
            raise self.error("needs a text here; quote it, or write it below a |")
        return str(text)

    def truth(self) -> bool:
        text = self.text()
        if text not in ("true", "false"):
            raise self.error(f"needs true or false, not {text!r}")
        return text == "true"

    def one_of(self, what: str, known: Iterable[str]) -> str:
        """The value, which has to be one of *known*."""
        names, text = tuple(known), self.text()
        if text not in names:
            raise wrong_name(self.place, f"no {what}", text, names)
        return text

    def items(self) -> tuple[Node, ...]:
        """The entries of a list; a single value stands for a list of one."""
        raw = getattr(self.raw, "items", (self.raw,))
        return tuple(self._inner(each) for each in raw)

    def texts(self) -> tuple[str, ...]:
        return tuple(each.text() for each in self.items())

    def pairs(self) -> dict[str, Node]:
        """The entries of a mapping by key, in order, with those merged with `<<`."""
        from plimsoll.syntax.yaml_nodes import Mapping as MappingNode
        from plimsoll.syntax.yaml_nodes import merged, unmergeable

        if not isinstance(self.raw, MappingNode):
            raise self.error("needs `key: value` pairs here")
        for pair in unmergeable(self.raw):
            raise self._inner(pair.value).error("needs `key: value` pairs here")
        for pair, _ in self.raw.repeated():
            raise self._inner(pair.key).error(f"{pair.name!r} is here twice")
        for pair in self.raw.pairs:
            self._inner(pair.key).text()
        return {name: self._inner(pair.value) for name, pair in merged(self.raw).items()}

    def keys(self, what: str, known: Mapping[str, object] | Iterable[str]) -> dict[str, Node]:
        """As `pairs`; every key has to be one of *known*."""
        pairs, names = self.pairs(), tuple(known)
        for name in pairs:
            if name not in names:
                raise wrong_name(self._key_place(name), f"unknown key of {what}:", name, names)
        return pairs

    def _key_place(self, name: str) -> Place:
        keys = [pair.key for pair in getattr(self.raw, "pairs", ()) if pair.name == name]
        return self._inner(keys[0]).place if keys else self.place

    def error(self, reason: str) -> FileError:
        return FileError(self.place, reason)

    def at(self, column: int, length: int = 1) -> Place:
        """The place from a column (from 1) of this scalar's text, as far as that can be told.

        A text over several lines, or with escapes, keeps the place of its beginning.
        """
        span = self.place.span
        quotes = 1 if getattr(self.raw, "style", None) in ("'", '"') else 0
        width = span.end_column - span.column - 2 * quotes
        if span.line != span.end_line or width != len(self.content()):
            return self.place
        start = span.column + quotes + column - 1
        return Place(self.place.path, Span(span.line, start, span.line, start + length))


def pairs_of(node: Node | None) -> Iterable[tuple[str, Node]]:
    """The entries of a mapping that may not be there."""
    return node.pairs().items() if node else ()


def texts_of(node: Node | None) -> tuple[str, ...]:
    """The entries of a list that may not be there."""
    return node.texts() if node else ()


def document(text: str, path: str, *, is_proven: bool = False) -> Node:
    """The root of a YAML text.

    Raises:
        FileError: the text is no YAML, or empty.
    """
    from plimsoll.syntax.yaml_nodes import documents

    start = Place(path, Span(1, 1, 1, 1))
    read = list(documents(text, path))
    for each in read:
        if isinstance(each, Unread):
            raise FileError(each.place or start, each.reason)
    if len(read) > 1:
        raise FileError(start, "has more than one document")
    if not read or isinstance(read[0], Unread) or read[0].root is None:
        raise FileError(start, "the file says nothing")
    return Node(read[0].root, read[0], is_proven)
