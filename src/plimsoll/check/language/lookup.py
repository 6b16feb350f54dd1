"""Which entries of a list can fulfil a condition, by texts that it compares them with.

`upstreams.filter(u, u.name == p.pass_address && u.keepalive > 0)` need not ask every upstream: where
the names differ the condition is surely false, whatever else it says. With a thousand locations and
as many upstreams that is the difference between a million conditions and a thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from plimsoll.check.language.nodes import Node
from plimsoll.check.language.types import Index, Path, World
from plimsoll.check.language.values import Items, Text, Value

Evaluate = Callable[[World, Mapping[str, Value]], Value]
# The positions of the entries that a condition can hold for; None: any.
Plan = Callable[[World, Mapping[str, Value], Items], Sequence[int] | None]


def plan(condition: Node, variable: str, compiled: Callable[[Node], Evaluate]) -> Plan | None:
    """What finds the entries, bound as *variable*, that can fulfil *condition*; None: any can."""
    if condition[0] != "binary":
        return None
    _, _, symbol, left, right = condition
    if symbol in ("&&", "||"):
        plans = [plan(each, variable, compiled) for each in (left, right)]
        known = [each for each in plans if each]
        if symbol == "&&":
            return _fewest(known) if known else None
        return _every(known) if len(known) == len(plans) else None
    if symbol == "==":
        return _equal(left, right, variable, compiled) or _equal(right, left, variable, compiled)
    return _one_of(left, right, variable) if symbol == "in" else None


def positions(texts: Iterable[str | None]) -> Index:
    """Where in a list each text is; None for an entry that has none, or one that is not known."""
    found: dict[str, list[int]] = {}
    others = []
    for position, text in enumerate(texts):
        if text is None:
            others.append(position)
        else:
            found.setdefault(text, []).append(position)
    return Index(found, others)


def text_of(value: Value) -> str | None:
    """A text that is known."""
    return value.value if type(value) is Text else None


def _fewest(plans: Sequence[Plan]) -> Plan:
    """All of the conditions have to hold."""
    if len(plans) == 1:
        return plans[0]

    def look(world: World, variables: Mapping[str, Value], items: Items) -> Sequence[int] | None:
        given = [each(world, variables, items) for each in plans]
        found = [each for each in given if each is not None]
        return min(found, key=len, default=None)

    return look


def _every(plans: Sequence[Plan]) -> Plan:
    """One of the conditions has to hold."""

    def look(world: World, variables: Mapping[str, Value], items: Items) -> Sequence[int] | None:
        found: set[int] = set()
        for each in plans:
            more = each(world, variables, items)
            if more is None:
                return None
            found.update(more)
        return sorted(found)

    return look


def _equal(
    own: Node, other: Node, variable: str, compiled: Callable[[Node], Evaluate]
) -> Plan | None:
    path = _path(own, variable)
    if not path or not _is_outside(other, variable):
        return None
    ask = compiled(other)

    def look(world: World, variables: Mapping[str, Value], items: Items) -> Sequence[int] | None:
        wanted = ask(world, variables)
        if type(wanted) is not Text or wanted.value is None:
            return None
        return world.indexed(items, path).of((wanted.value,))

    return look


def _one_of(own: Node, others: Node, variable: str) -> Plan | None:
    path = _path(own, variable)
    if not path or others[0] != "list" or any(each[0] != "text" for each in others[2]):
        return None
    wanted = [each[2] for each in others[2]]

    def look(world: World, _: Mapping[str, Value], items: Items) -> Sequence[int] | None:
        return world.indexed(items, path).of(wanted)

    return look


def _path(node: Node, variable: str) -> Path:
    """The names from *variable* to what *node* is; none where it is anything else."""
    names: list[str] = []
    while node[0] == "attribute":
        names.append(node[3])
        node = node[2]
    return tuple(reversed(names)) if node[0] == "name" and node[2] == variable else ()


def _is_outside(node: Node, variable: str) -> bool:
    """Whether *node* is a text, or a way to one that does not start at *variable*."""
    while node[0] == "attribute":
        node = node[2]
    return bool(node[0] == "text" or (node[0] == "name" and node[2] != variable))
