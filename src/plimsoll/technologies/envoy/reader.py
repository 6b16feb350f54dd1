"""Reads Envoy's static configuration, YAML or JSON; what a control plane sends is unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Endpoint, Reader, Rejected, Word, last_wins
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import (
    Block,
    Include,
    Item,
    Origin,
    Setting,
    Status,
    Unknown,
    Unread,
    Value,
)
from plimsoll.syntax.amounts import Dialect
from plimsoll.syntax.arguments import after_program
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.syntax.yaml_leaves import Leaf, leaves
from plimsoll.syntax.yaml_nodes import documents
from plimsoll.technologies.envoy.groups import (
    Group,
    below,
    groups,
    innermost,
    priorities,
    short,
)

# Durations are seconds with a unit, as protocol buffers write them in JSON: 0.25s, 15s.
_DIALECT = Dialect(
    times={"s": 1}, true=("true",), false=("false",), takes_fractions=True, rejection=Status.REFUSED
)
_DYNAMIC = ("lds_config", "cds_config", "ads_config")
_ADDRESS = "address.socket_address"


def read(text: str, path: str) -> Iterator[Item]:
    """Every leaf, in the cluster, listener or route that it belongs to."""
    for each in documents(text, path):
        if isinstance(each, Unread):
            yield each
        else:
            yield from _document(list(leaves(each)))


def _document(found: Sequence[Leaf]) -> Iterator[Item]:
    known = groups(found)
    clusters = {g.text("name"): g.block() for g in known.values() if g.kind == "cluster"}
    scopes = {keys: _scope(group, clusters) for keys, group in known.items()}
    of_clusters = {keys: priorities(g) for keys, g in known.items() if g.kind == "cluster"}
    told = set()
    for leaf in found:
        group = innermost(leaf.keys, known)
        name = leaf.name
        if group is not None:
            name = short(below(leaf, group), group, of_clusters.get(group.keys, {}))
        yield _setting(name, leaf, scopes[group.keys] if group else ())
        plane = leaf.keys[1] if len(leaf.keys) > 1 and leaf.keys[0] == "dynamic_resources" else ""
        if plane in _DYNAMIC and plane not in told:
            told.add(plane)
            reason = f"{plane}: what the control plane sends is not in this file"
            yield Unread(leaf.place.path, reason, leaf.place)


def _scope(group: Group, clusters: Mapping[str, Block]) -> tuple[Block, ...]:
    """The block of a group; that of a route inside of the cluster that it goes to."""
    cluster = clusters.get(group.text("route.cluster")) if group.kind == "route" else None
    return (cluster, group.block()) if cluster else (group.block(),)


def _setting(name: str, leaf: Leaf, scope: tuple[Block, ...]) -> Setting:
    value = Unknown(UNRENDERED) if is_unrendered(leaf.text) else None
    return Setting(name, leaf.text, leaf.place, scope, value=value)


def value(text: str, entry: Entry) -> Value | Rejected:
    """What a value means; a time of 0s switches most of them off."""
    plain = text.strip()
    found = _DIALECT.value(plain, entry)
    is_zero = isinstance(found, Amount) and found.low == Fraction(0)
    if entry.type is Type.TIME and is_zero and "0" in entry.infinite:
        return Amount.of(UNLIMITED, entry.unit)
    return found


def arguments(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """`envoy -c envoy.yaml --concurrency 4 --drain-time-s 600`."""
    del environment  # Envoy reads none of it
    rest = after_program(words, ("envoy",))[1]
    at = 0
    while at < len(rest):
        word = rest[at]
        at += 1
        name, equals, text = word.text.partition("=")
        known = _OPTIONS.get(name)
        if known is None:
            continue
        given = Word(text, word.place) if equals else rest[at] if at < len(rest) else None
        at += 0 if equals else 1
        if given is not None:
            yield _option(known, given, word)


_OPTIONS = {
    "-c": "config-path",
    "--config-path": "config-path",
    "--concurrency": "concurrency",
    "--drain-time-s": "drain-time-s",
    "--parent-shutdown-time-s": "parent-shutdown-time-s",
}


def _option(name: str, given: Word, flag: Word) -> Item:
    place = given.place or flag.place
    if name == "config-path" and place is not None:
        if isinstance(given, Uncertain):
            return Unread(place.path, f"{given.text}: {given.value}", place)
        return Include(given.text, place)
    unknown = given.value if isinstance(given, Uncertain) else None
    return Setting(name, given.text, place, origin=Origin.COMMAND_LINE, value=unknown)


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The addresses of listeners, and of clusters by each route that leads there."""
    held = [s for s in settings if s.status is Status.EFFECTIVE and s.scope]
    routes: dict[Block, list[Setting]] = {}
    for each in held:
        if each.name == "cluster" and each.scope[-1].kind == "route":
            routes.setdefault(each.scope[0], []).append(each)
    by_group: dict[tuple[Block, str], dict[str, Setting]] = {}
    for each in held:
        prefix, found, leaf = each.name.rpartition(f"{_ADDRESS}.")
        if found:
            by_group.setdefault((each.scope[-1], prefix), {})[leaf] = each
    for (block, _), own in by_group.items():
        yield from _at(block, own, routes.get(block, []))


def _at(block: Block, own: Mapping[str, Setting], routes: Sequence[Setting]) -> Iterator[Endpoint]:
    host, port = own.get("address"), own.get("port_value")
    if host is None or port is None or not port.text.isdecimal() or len(port.text) > 5:
        return
    if block.kind == "listener":
        yield Endpoint("listens", port, host=host.text, port=int(port.text))
    elif block.kind == "cluster":
        for each in routes or (host,):
            label = each.scope[-1] if routes else block
            yield Endpoint(
                side="connects", setting=each, host=host.text, port=int(port.text), part=str(label)
            )


READER = Reader(
    read=read,
    value=value,
    effective=last_wins,
    arguments=arguments,
    endpoints=endpoints,
    parts={"cluster": "cluster", "listener": "listener", "route": "route"},
)
