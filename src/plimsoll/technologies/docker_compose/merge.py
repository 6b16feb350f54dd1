"""One Compose service over another: an override, or what `extends` it.

Source: Compose specification, "Merge" and "Extends".
"""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec.structs import replace

from plimsoll.technologies.docker_compose.tree import (
    OVERRIDE,
    RESET,
    Items,
    Leaf,
    Table,
    Tree,
)

# Called with the dotted name and the value that lost.
Lost = Callable[[str, Tree], None]

# Lists that may be written as a mapping: `A=1` is `A: 1`.
_PAIRS = frozenset(
    {"environment", "labels", "sysctls", "annotations", "build.args", "build.labels"}
    | {"deploy.labels", "driver_opts"}
)
# Lists of names that may be a mapping of names.
_NAMES = frozenset({"depends_on", "networks"})
# Lists that an override replaces as a whole.
_REPLACED = frozenset({"command", "entrypoint", "healthcheck.test"})
_TARGETED = frozenset({"volumes", "configs", "secrets", "devices"})
_UNIQUE = frozenset({"dns", "dns_search", "env_file", "tmpfs", "expose", "cap_add", "cap_drop"})


def normal(service: Table) -> Table:
    """*service* with lists of pairs and of names as tables, `build: .` as its context."""
    return _normal(service, "")


def _normal(table: Table, above: str) -> Table:
    entries: dict[str, Tree] = {}
    for name, value in table.entries.items():
        dotted = f"{above}{name}"
        if isinstance(value, Items) and dotted in _PAIRS:
            entries[name] = _as_table(value, _pair)
        elif isinstance(value, Items) and dotted in _NAMES:
            entries[name] = _as_table(value, _name)
        elif isinstance(value, Leaf) and dotted == "build" and not value.is_null:
            entries[name] = Table({"context": value}, value.place)
        elif isinstance(value, Table):
            entries[name] = _normal(value, f"{dotted}.")
        else:
            entries[name] = value
    return replace(table, entries=entries)


def _as_table(items: Items, made: Callable[[Leaf], tuple[str, Leaf]]) -> Table:
    entries = dict(made(each) for each in items.entries if isinstance(each, Leaf))
    return Table(entries, items.place, items.tag)


def _pair(item: Leaf) -> tuple[str, Leaf]:
    """`A=1` as a name and a leaf whose value is what stands behind the sign."""
    name, sign, value = item.text.partition("=")
    if item.unknown and "$" in name:
        return item.text, item
    if not sign:
        return name, replace(item, is_null=True, text="")
    at = len(name) + 1
    own = item.traced.cut([(value, at, len(item.text))], at)
    span = own.range(0, len(value))
    place = item.lines.place(*item.traced.range(0, len(item.text)), span)
    return name, replace(item, text=value, meant=own, place=place)


def _name(item: Leaf) -> tuple[str, Leaf]:
    return item.text, replace(item, text="", is_null=True)


def merged(base: Table, over: Table, lost: Lost) -> Table:
    """*over* laid on *base*, both normal. *lost* hears of each value of *base* that is replaced."""
    return _merged(base, over, "", lost)


def _merged(base: Table, over: Table, above: str, lost: Lost) -> Table:
    entries = dict(base.entries)
    for name, value in over.entries.items():
        dotted = f"{above}{name}"
        old = entries.get(name)
        if value.tag == RESET:
            entries.pop(name, None)
            if old is not None:
                lost(dotted, old)
        elif old is None:
            entries[name] = value
        else:
            entries[name] = _over(old, value, dotted, lost)
    return replace(over, entries=entries)


def _over(old: Tree, new: Tree, dotted: str, lost: Lost) -> Tree:
    if new.tag == OVERRIDE:
        lost(dotted, old)
        return new
    if isinstance(old, Table) and isinstance(new, Table):
        return _merged(old, new, f"{dotted}.", lost)
    if isinstance(old, Items) and isinstance(new, Items) and dotted not in _REPLACED:
        return _joined(old, new, dotted, lost)
    if isinstance(new, Leaf) and new.is_null:
        return old
    lost(dotted, old)
    return new


def _joined(old: Items, new: Items, dotted: str, lost: Lost) -> Items:
    """Both lists; of two entries for one port or path that of *new*."""
    keys = {_key(each, dotted) for each in new.entries}
    kept: list[Tree] = []
    for each in old.entries:
        if _key(each, dotted) in keys:
            lost(dotted, each)
        else:
            kept.append(each)
    return Items((*kept, *new.entries), new.place)


def _key(entry: Tree, dotted: str) -> object:
    """What makes two entries of a list the same one; of most lists each entry is another."""
    if dotted == "ports":
        return _port(entry)
    if dotted in _TARGETED:
        return _target(entry) or id(entry)
    return _text(entry) if dotted in _UNIQUE else id(entry)


def _port(entry: Tree) -> object:
    if isinstance(entry, Table):
        names = ("host_ip", "published", "target", "protocol")
        return tuple(entry.text(n) or ("tcp" if n == "protocol" else "") for n in names)
    text = _text(entry)
    outside, protocol = (text.partition("/")[0], text.partition("/")[2] or "tcp")
    before, _, target = outside.rpartition(":")
    ip, _, published = before.rpartition(":")
    return (ip, published, target, protocol)


_WINDOWS = re.compile(r"^[A-Za-z]:[\\/]")


def _target(entry: Tree) -> str:
    if isinstance(entry, Table):
        return entry.text("target")
    text = _text(entry)
    if _WINDOWS.match(text):
        text = text[2:]
    pieces = text.split(":")
    return pieces[1] if len(pieces) > 1 else pieces[0]


def _text(entry: Tree) -> str:
    return entry.text if isinstance(entry, Leaf) else ""
