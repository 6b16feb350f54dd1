"""Envoy's configuration as groups of leaves: clusters, listeners, routes, each with its name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from plimsoll.model.place import Place, Span
from plimsoll.model.setting import Block
from plimsoll.syntax.yaml_leaves import Leaf

Keys = tuple[str | int, ...]
_THRESHOLD = re.compile(r"circuit_breakers\.thresholds\.(\d+)\.(\w+)")
_LISTS = {
    ("static_resources", "clusters"): "cluster",
    ("static_resources", "listeners"): "listener",
}
# What stands in front of the names of what a listener's filter for HTTP says.
_FILTER = re.compile(r"filter_chains\.\d+\.filters\.\d+\.typed_config\.")
_OPTIONS = re.compile(
    r"typed_extension_protocol_options\.envoy\.extensions\.[\w.]+?HttpProtocolOptions\."
)


class Group(Struct):
    """The leaves below some keys. *kind*: cluster, listener or route."""

    keys: Keys
    kind: str
    leaves: list[Leaf] = field(default_factory=list)

    def text(self, *names: str) -> str:
        """The first of some leaves, by their names below the group."""
        found = {below(leaf, self): leaf.text for leaf in self.leaves}
        return next((found[name] for name in names if found.get(name)), "")

    @property
    def place(self) -> Place:
        """From its first leaf to its last."""
        first, last = self.leaves[0].place, self.leaves[-1].place
        start, end = first.span, last.span
        return Place(first.path, Span(start.line, start.column, end.end_line, end.end_column))

    def block(self) -> Block:
        name = self.text(*_NAMES[self.kind])
        return Block(self.kind, name, self.place)


_NAMES = {
    "cluster": ("name",),
    "listener": ("name", "address.socket_address.port_value"),
    "route": ("name", "match.prefix", "match.path", "match.safe_regex.regex"),
}


def below(leaf: Leaf, group: Group) -> str:
    """The name of a leaf inside of its group."""
    return ".".join(map(str, leaf.keys[len(group.keys) :]))


def groups(leaves: Sequence[Leaf]) -> Mapping[Keys, Group]:
    """The clusters, listeners and routes that leaves stand in, by their keys."""
    found: dict[Keys, Group] = {}
    for leaf in leaves:
        for keys, kind in _around(leaf.keys):
            found.setdefault(keys, Group(keys, kind)).leaves.append(leaf)
    return found


def _around(keys: Keys) -> list[tuple[Keys, str]]:
    """The groups around a leaf, the outermost first."""
    found: list[tuple[Keys, str]] = []
    kind = _LISTS.get((str(keys[0]), str(keys[1]))) if len(keys) > 2 else None
    if kind and isinstance(keys[2], int):
        found.append((keys[:3], kind))
    if "virtual_hosts" in keys:
        found += [
            (keys[: at + 2], "route")
            for at in range(3, len(keys) - 1)
            if keys[at] == "routes" and isinstance(keys[at + 1], int)
        ]
    return found


def innermost(keys: Keys, known: Mapping[Keys, Group]) -> Group | None:
    """The group that a leaf stands in."""
    around = _around(keys)
    return known.get(around[-1][0]) if around else None


def short(name: str, group: Group, priorities: Mapping[str, str]) -> str:
    """A name inside of its group as the manual speaks of it: thresholds of the usual priority,
    what a filter for HTTP says, what a route does.
    """
    if group.kind == "route":
        return name.removeprefix("route.")
    if group.kind == "listener":
        return _FILTER.sub("", name, count=1)
    found = _THRESHOLD.fullmatch(name)
    if found and priorities.get(found[1], "DEFAULT") == "DEFAULT":
        return found[2]
    return _OPTIONS.sub("", name, count=1)


def priorities(group: Group) -> dict[str, str]:
    """The priority of each of a cluster's thresholds, by its number."""
    found = ((_THRESHOLD.fullmatch(below(leaf, group)), leaf) for leaf in group.leaves)
    return {match[1]: leaf.text for match, leaf in found if match and match[2] == "priority"}
