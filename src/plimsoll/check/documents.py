"""YAML files of ours with the place of everything in them: rules and facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plimsoll.check.language.suggest import suggestion
from plimsoll.model.place import Place, Span

if TYPE_CHECKING:
    import yaml

_MERGE = "<<"


class FileError(Exception):
    """What is wrong in a rule or facts file, and where."""

    def __init__(self, place: Place, reason: str) -> None:
        at = f"{place.path}:{place.span.line}:{place.span.column}"
        super().__init__(f"{at}: {reason}")
        self.place = place
        self.reason = reason


def wrong_name(place: Place, what: str, name: str, known: Iterable[str]) -> FileError:
    """The error for a *name* that is none of *known*, with the nearest one or all of them."""
    names = sorted(known)
    hint = suggestion(name, names) or f"; there are {', '.join(names)}"
    return FileError(place, f"{what} {name!r}{hint}")


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a YAML file."""

    raw: yaml.Node
    path: str

    @property
    def place(self) -> Place:
        start, end = self.raw.start_mark, self.raw.end_mark
        return Place(
            self.path, Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)
        )

    @property
    def is_list(self) -> bool:
        return _id(self.raw) == "sequence"

    @property
    def is_mapping(self) -> bool:
        return _id(self.raw) == "mapping"

    def text(self) -> str:
        """The value of a scalar, as it is written."""
        if _id(self.raw) != "scalar" or not str(self.raw.value).strip():
            raise self.error("needs a value here")
        return str(self.raw.value)

    def content(self) -> str:
        """The value of a scalar that may be empty: the text of a file."""
        if _id(self.raw) != "scalar":
            raise self.error("needs a text here; quote it, or write it below a |")
        return str(self.raw.value)

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
        if self.is_list:
            return tuple(Node(each, self.path) for each in self.raw.value)
        return (self,)

    def texts(self) -> tuple[str, ...]:
        return tuple(each.text() for each in self.items())

    def pairs(self, around: tuple[yaml.Node, ...] = ()) -> dict[str, Node]:
        """The entries of a mapping by key, in order; those merged with `<<` first.

        *around*: the mappings that this one is merged into.
        """
        if any(self.raw is each for each in around):
            raise self.error("the mapping is merged into itself")
        if not self.is_mapping:
            raise self.error("needs `key: value` pairs here")
        merged: dict[str, Node] = {}
        own: dict[str, Node] = {}
        for raw_key, raw_value in self.raw.value:
            key, value = Node(raw_key, self.path), Node(raw_value, self.path)
            name = key.text()
            if name == _MERGE:
                for each in value.items():
                    merged |= each.pairs((*around, self.raw))
            elif name in own:
                raise key.error(f"{name!r} is here twice")
            else:
                own[name] = value
        return merged | own

    def keys(self, what: str, known: Mapping[str, object] | Iterable[str]) -> dict[str, Node]:
        """As `pairs`; every key has to be one of *known*."""
        pairs, names = self.pairs(), tuple(known)
        for name in pairs:
            if name not in names:
                raise wrong_name(self._key_place(name), f"unknown key of {what}:", name, names)
        return pairs

    def _key_place(self, name: str) -> Place:
        keys = [key for key, _ in self.raw.value if key.value == name]
        return Node(keys[0], self.path).place if keys else self.place

    def error(self, reason: str) -> FileError:
        return FileError(self.place, reason)

    def at(self, column: int, length: int = 1) -> Place:
        """The place from a column (from 1) of this scalar's text, as far as that can be told.

        A text over several lines, or with escapes, keeps the place of its beginning.
        """
        span = self.place.span
        quotes = 1 if getattr(self.raw, "style", None) in ("'", '"') else 0
        width = span.end_column - span.column - 2 * quotes
        if span.line != span.end_line or width != len(str(self.raw.value)):
            return self.place
        start = span.column + quotes + column - 1
        return Place(self.path, Span(span.line, start, span.line, start + length))


def pairs_of(node: Node | None) -> Iterable[tuple[str, Node]]:
    """The entries of a mapping that may not be there."""
    return node.pairs().items() if node else ()


def texts_of(node: Node | None) -> tuple[str, ...]:
    """The entries of a list that may not be there."""
    return node.texts() if node else ()


def _id(raw: yaml.Node) -> str:
    """scalar, sequence or mapping, without the library's classes at hand."""
    return str(raw.id)  # type: ignore[attr-defined]  # of each of its subclasses


def document(text: str, path: str) -> Node:
    """The root of a YAML text.

    Raises:
        FileError: the text is no YAML, or empty.
    """
    import yaml  # with a warm cache nobody needs it

    try:
        raw = yaml.compose(text, Loader=yaml.CSafeLoader)
    except UnicodeEncodeError as problem:
        raise FileError(Place(path, Span(1, 1, 1, 1)), "the file is not UTF-8") from problem
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        reason = getattr(problem, "problem", None) or str(problem)
        place = Place(path, Span(line, column, line, column))
        raise FileError(place, f"not YAML: {reason.splitlines()[0]}") from problem
    if raw is None:
        raise FileError(Place(path, Span(1, 1, 1, 1)), "the file says nothing")
    return Node(raw, path)
