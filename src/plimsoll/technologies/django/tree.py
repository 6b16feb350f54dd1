"""Dictionaries of settings to settings: their entries with dotted names, parts as blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from plimsoll.model.place import Place
from plimsoll.model.reader import Word
from plimsoll.model.setting import Block
from plimsoll.syntax.python import Assignment, Entry, Result, Table

# Dictionaries of which each entry is a part, and the kind of its block.
PARTS = {"DATABASES": "database", "CACHES": "cache"}
# The outer block of everything that one assignment of a whole dictionary gives.
WHOLE = "assignment"
_DEEPEST = 12


class Leaf(Struct, frozen=True):
    """One value: *place* is that of the entry that it stands in."""

    name: str
    value: Result
    place: Place
    source: str
    scope: tuple[Block, ...] = ()
    asked: Mapping[str, Word | None] = field(default_factory=dict)


def leaves(made: Assignment) -> Iterator[Leaf]:
    """The values that an assignment gives."""
    path = (made.name, *made.keys)
    whole = Entry(path[-1], made.value, made.place, made.source, made.asked)
    is_table = isinstance(made.value, Table) and bool(made.value.entries)
    outer = (Block(WHOLE, ".".join(path), made.place),) if is_table else ()
    yield from _at(path, whole, made.place, outer)


def _at(
    path: tuple[str, ...], entry: Entry, place: Place, scope: tuple[Block, ...]
) -> Iterator[Leaf]:
    """The values of an entry at *path*, its part as a block."""
    kind = PARTS.get(path[0])
    is_table = isinstance(entry.value, Table) and bool(entry.value.entries)
    if kind is None or (len(path) < 3 and not is_table):
        yield from _inside(".".join(path), entry, place, scope, 0)
    elif len(path) == 1 and isinstance(entry.value, Table):
        for each in entry.value.entries:
            yield from _at((*path, each.key), each, each.place or place, scope)
    else:
        # An entry of a part does not define it: its block has no place of its own.
        block = Block(kind, path[1], place if len(path) == 2 else None)
        yield from _inside(".".join(path[2:]), entry, place, (*scope, block), 0)


def _inside(
    name: str, entry: Entry, place: Place, scope: tuple[Block, ...], depth: int
) -> Iterator[Leaf]:
    """The values inside of *entry*, at its own place or, without one, at that around it."""
    value = entry.value
    if not isinstance(value, Table) or not value.entries or depth > _DEEPEST:
        yield Leaf(name, value, place, entry.source, scope, entry.asked)
        return
    if name.endswith("OPTIONS.pool"):
        yield Leaf(name, bool(value.entries), place, entry.source, scope, entry.asked)
    for each in value.entries:
        inner = f"{name}.{each.key}" if name else each.key
        yield from _inside(inner, each, each.place or place, scope, depth + 1)
