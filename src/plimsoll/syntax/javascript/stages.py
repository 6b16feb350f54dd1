"""Options for each stage of a deployment in one file: { development: {...}, production: {...} }."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.reader import Word
from plimsoll.model.setting import Block, Item, Setting, Status, Unread
from plimsoll.syntax.javascript.clients import Library, options_of
from plimsoll.syntax.javascript.module import read_exported, read_json
from plimsoll.syntax.javascript.values import Entry, Table

# The one that holds where nobody says which: what is checked is what customers use.
_PRODUCTION = ("production", "prod")


def stages(
    library: Library,
    text: str,
    path: str,
    environment: Mapping[str, Word] | None,
    *,
    is_json: bool = False,
) -> Iterator[tuple[Place | None, Item]]:
    """The settings of every stage that a file exports; those of other stages do not hold."""
    whole = read_json(text, path) if is_json else read_exported(text, path, environment)
    if isinstance(whole, Unread):
        yield whole.place, whole
        return
    found = _stages(whole)
    if not found:
        yield whole.place, Unread(path, "no options that are written out", whole.place)
    chosen = next((e for name in _PRODUCTION for e in found if e.key == name), found[:1])
    held = chosen if isinstance(chosen, Entry) else next(iter(chosen), None)
    for each in found:
        block = Block(library.kind, each.key, each.place)
        for place, item in options_of(library, each, text, (block,)):
            yield place, item if each is held else _of_another(item, each.key)


def _stages(whole: Entry) -> list[Entry]:
    """The stages, or the one object of options that it is."""
    if not isinstance(whole.value, Table):
        return []
    inner = [e for e in whole.value.entries if isinstance(e.value, Table)]
    is_staged = len(inner) == len(whole.value.entries) and not {"pool", "connection"} & {
        e.key for e in inner
    }
    return inner if is_staged else [whole]


def _of_another(item: Item, stage: str) -> Item:
    if not isinstance(item, Setting):
        return item
    return replace(item, status=Status.SHADOWED, reason=f"holds for the stage {stage} only")
