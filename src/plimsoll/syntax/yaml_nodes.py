"""YAML with exact places: nodes built from the parser's events, aliases resolved, bounds kept.

An alias gives the very node of its anchor, so a value's place is where it really stands. Offsets
are code points of the text as it was handed in, a byte order mark included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

from plimsoll.model.place import Place
from plimsoll.model.setting import Unread
from plimsoll.syntax.text import Lines

DEEPEST = 100  # levels, aliases included: everything that walks nodes may recurse
MOST_EXPANDED = 200_000  # nodes that aliases may add: ten lines can mean a billion values

# Bytes that are not UTF-8 arrive as lone surrogates, which the parser does not take; it sees
# private characters instead.
_HIDE = {code: code + 0x100000 for code in range(0xDC80, 0xDD00)}
_SHOW = {hidden: code for code, hidden in _HIDE.items()}

# Anchor and tag before a value, with the white space and comments behind them.
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*(?:[ \t]*(?:#[^\n]*)?\r?(?:\n|\Z)|[ \t]+)*)+")

_BOM = "\ufeff"
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})


class Scalar(Struct, frozen=True, eq=False):
    """*style*: "" for plain, else a quote, "|" or ">". *tag*: only where it is written."""

    text: str
    start: int
    end: int
    style: str = ""
    tag: str = ""

    @property
    def is_null(self) -> bool:
        return not self.style and not self.tag and self.text in _NULL

    @property
    def boolean(self) -> bool | None:
        """The boolean that a plain scalar is in YAML 1.2: true or false, not yes or on."""
        if self.style or self.tag or self.text not in _TRUE | _FALSE:
            return None
        return self.text in _TRUE


class Sequence(Struct, frozen=True, eq=False):
    items: tuple[Node, ...]
    start: int
    end: int
    tag: str = ""


class Mapping(Struct, frozen=True, eq=False):
    """*pairs* are as written: with repeated keys, and with merge keys not followed."""

    pairs: tuple[Pair, ...]
    start: int
    end: int
    tag: str = ""

    def repeated(self) -> Iterator[tuple[Pair, Pair]]:
        """Pairs whose key was there before, each with the first of that key."""
        first: dict[str, Pair] = {}
        for pair in self.pairs:
            if pair.name and first.setdefault(pair.name, pair) is not pair and pair.name != "<<":
                yield pair, first[pair.name]


Node = Scalar | Sequence | Mapping


class Pair(Struct, frozen=True, eq=False):
    key: Node
    value: Node

    @property
    def name(self) -> str:
        """The key's text; empty for a key that is no scalar."""
        return self.key.text if isinstance(self.key, Scalar) else ""


class Document(Struct, frozen=True):
    """One document of a stream. *root* is None where it is empty."""

    text: str
    lines: Lines
    root: Node | None

    def place(self, node: Node) -> Place:
        """Where a value stands."""
        return self.lines.place(node.start, node.end, (node.start, node.end))

    def place_of(self, pair: Pair) -> Place:
        """From the key to the end of its value; of a value behind an alias where that stands."""
        start, end = pair.value.start, pair.value.end
        if pair.key.end <= start:
            return self.lines.place(pair.key.start, end, (start, end))
        return self.lines.place(start, end, (start, end))


def documents(text: str, path: str) -> Iterator[Document | Unread]:
    """The documents of *text*; a fault ends them with an Unread at its place."""
    lines = Lines(text, path)
    shift = 1 if text.startswith("\ufeff") else 0  # which the parser drops and does not count
    source = text if text.isascii() else text.translate(_HIDE)
    builder = _Builder(text, shift)
    import yaml  # many stacks have no YAML, and it takes longer to load than they to be read

    try:
        for event in yaml.parse(source, Loader=yaml.CSafeLoader):
            builder.take(event)
            if builder.is_complete:
                yield Document(text, lines, builder.root)
                builder = _Builder(text, shift)
    except _FaultError as fault:
        yield Unread(path, fault.reason, lines.place(fault.start, fault.end))
    except yaml.MarkedYAMLError as problem:
        at = min(problem.problem_mark.index + shift, len(text)) if problem.problem_mark else 0
        reason = ", ".join(s for s in (problem.context, problem.problem) if s)
        yield Unread(path, f"no YAML: {reason}", lines.place(at, at))
    except yaml.reader.ReaderError as problem:
        # The parser counts bytes here.
        at = len(source.encode()[: problem.position].decode("utf-8", "ignore"))
        reason = f"no YAML: the character U+{ord(text[at]):04X} is not allowed"
        yield Unread(path, reason, lines.place(at, at + 1))


def merged(mapping: Mapping) -> dict[str, Pair]:
    """The pairs by name, `<<` followed: a key that stands here wins, then the first that is merged.

    Of a key that is written twice the last wins.
    """
    own = {p.name: p for p in mapping.pairs if isinstance(p.key, Scalar) and not _merges(p)}
    for pair in mapping.pairs:
        if _merges(pair):
            for source in _sources(pair.value):
                for name, each in merged(source).items():
                    own.setdefault(name, each)
    return own


def unmergeable(mapping: Mapping) -> Iterator[Pair]:
    """Merge keys whose value is neither a mapping nor a list of mappings."""
    for pair in mapping.pairs:
        value = pair.value
        items = value.items if isinstance(value, Sequence) else (value,)
        if _merges(pair) and not all(isinstance(each, Mapping) for each in items):
            yield pair


def _merges(pair: Pair) -> bool:
    return pair.name == "<<" and isinstance(pair.key, Scalar) and not pair.key.style


def _sources(value: Node) -> Iterator[Mapping]:
    for each in value.items if isinstance(value, Sequence) else (value,):
        if isinstance(each, Mapping):
            yield each


class _FaultError(Exception):
    def __init__(self, reason: str, start: int, end: int) -> None:
        super().__init__(reason)
        self.reason, self.start, self.end = reason, start, end


class _Open(Struct):
    """A sequence or mapping whose end has not come. *size* and *depth* count what aliases add."""

    is_mapping: bool
    start: int
    tag: str
    anchor: str
    children: list[Node] = field(default_factory=list)
    size: int = 1
    depth: int = 0


class _Known(Struct):
    """An anchor's node; None while it is still open."""

    node: Node | None
    size: int = 0
    depth: int = 0


class _Builder:
    """Events to the nodes of one document."""

    def __init__(self, text: str, shift: int) -> None:
        self.root: Node | None = None
        self.is_complete = False
        self._text = text
        self._shift = shift
        self._open: list[_Open] = []
        self._anchors: dict[str, _Known] = {}
        self._written = 0

    def take(self, event: Any) -> None:
        """The next event. Raises _FaultError."""
        kind = type(event).__name__
        if kind == "ScalarEvent":
            self._scalar(event)
        elif kind == "AliasEvent":
            self._alias(event)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._start(event, is_mapping=kind == "MappingStartEvent")
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._end(event)
        elif kind == "DocumentEndEvent":
            self.is_complete = True

    def _scalar(self, event: Any) -> None:
        start, end = self._range(event)
        style = event.style if event.style != "plain" and event.style else ""
        text = event.value if event.value.isascii() else event.value.translate(_SHOW)
        if style in ("|", ">"):
            end = self._trimmed(start, end)
        while self._text[start:end].startswith(_BOM) and not text.startswith(_BOM):
            start += 1  # the parser drops the mark also where a later line begins with one
        node = Scalar(text, min(start, end), end, style, event.tag or "")
        self._written += 1
        self._add(node, 1, 1, event.anchor)

    def _alias(self, event: Any) -> None:
        start, end = self._range(event)
        known = self._anchors.get(event.anchor)
        if known is None:
            raise _FaultError(f"no anchor &{event.anchor} stands above", start, end)
        if known.node is None:
            raise _FaultError(f"the anchor &{event.anchor} contains itself", start, end)
        self._add(known.node, known.size, known.depth, "")

    def _start(self, event: Any, *, is_mapping: bool) -> None:
        start, _ = self._range(event)
        if len(self._open) >= DEEPEST:
            raise _FaultError(f"nested more than {DEEPEST} levels deep", start, start + 1)
        self._written += 1
        if event.anchor:
            self._anchors[event.anchor] = _Known(None)
        self._open.append(_Open(is_mapping, start, event.tag or "", event.anchor or ""))

    def _end(self, event: Any) -> None:
        done = self._open.pop()
        end = self._trimmed(done.start, event.end_mark.index + self._shift)
        node: Node
        if done.is_mapping:
            pairs = zip(done.children[::2], done.children[1::2], strict=True)
            node = Mapping(tuple(Pair(k, v) for k, v in pairs), done.start, end, done.tag)
        else:
            node = Sequence(tuple(done.children), done.start, end, done.tag)
        self._add(node, done.size, done.depth + 1, done.anchor)

    def _add(self, node: Node, size: int, depth: int, anchor: str | None) -> None:
        if anchor:
            self._anchors[anchor] = _Known(node, size, depth)
        if not self._open:
            self.root = node
            return
        above = self._open[-1]
        above.children.append(node)
        above.size += size
        above.depth = max(above.depth, depth)
        if above.size > self._written + MOST_EXPANDED:
            reason = f"aliases add more than {MOST_EXPANDED:,} values"
            raise _FaultError(reason, above.start, above.start + 1)
        if len(self._open) + depth > DEEPEST:
            raise _FaultError(
                f"nested more than {DEEPEST} levels deep", above.start, above.start + 1
            )

    def _range(self, event: Any) -> tuple[int, int]:
        """Where a value starts, behind its anchor and tag, and where its event ends."""
        start, end = event.start_mark.index + self._shift, event.end_mark.index + self._shift
        if (event.anchor or getattr(event, "tag", None)) and self._text[start : start + 1] in "&!":
            found = _PROPERTIES.match(self._text, start)
            start = found.end() if found else start
        return start, end

    def _trimmed(self, start: int, end: int) -> int:
        """The end without the white space up to the next token."""
        return start + len(self._text[start:end].rstrip())
