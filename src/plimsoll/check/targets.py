"""What a rule is evaluated for: the services, links, hosts, parts or settings it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from plimsoll.check import labels
from plimsoll.check.language.values import Const, Leaf, Thing
from plimsoll.check.world.base import thing
from plimsoll.check.world.settings import owned
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.finding import Operand
from plimsoll.model.rule import Target, TargetKind
from plimsoll.model.setting import Setting
from plimsoll.model.stack import Host, Link, Service


class Subject(Struct, frozen=True):
    """One target: what its variable stands for, and what it is called.

    *service*: what its findings are grouped by. *names*: of every service or host it is about.
    *what*: the model's own object, for telling two targets apart. *operand*: of a rule about a
    setting.
    """

    thing: Thing
    label: str
    service: str
    names: frozenset[str]
    what: object
    operand: Operand | None = None


def subjects(target: Target, world: StackWorld) -> Iterator[Subject]:
    """Every target that *target* asks for, in the order of the stack."""
    return _SUBJECTS[target.kind](target, world)


def _is_of(technology: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or technology in wanted


def _services(target: Target, world: StackWorld) -> Iterator[Subject]:
    for each in world.stack.services.values():
        if _is_of(each.technology, target.technologies):
            yield Subject(thing(each), each.name, each.name, frozenset({each.name}), each)


def _links(target: Target, world: StackWorld) -> Iterator[Subject]:
    for each in world.stack.links:
        if _is_between(each, target, world):
            names = frozenset({each.source, each.target})
            yield Subject(thing(each), labels.link(each), each.source, names, each)


def _is_between(link: Link, target: Target, world: StackWorld) -> bool:
    source, end = world.service(link.source), world.service(link.target)
    return _is_of(source.technology, target.sources) and _is_of(end.technology, target.targets)


def _hosts(_: Target, world: StackWorld) -> Iterator[Subject]:
    for each in world.stack.hosts.values():
        yield Subject(thing(each), labels.host(each), each.name, frozenset({each.name}), each)


def _parts(target: Target, world: StackWorld) -> Iterator[Subject]:
    for service in world.stack.services.values():
        for part in service.parts:
            if part.type == target.type and _is_of(part.technology, target.technologies):
                bound = Thing(part, part.type, Const(part.name))
                names = frozenset({service.name})
                yield Subject(bound, labels.part(part), service.name, names, part)


def _settings(target: Target, world: StackWorld) -> Iterator[Subject]:
    wanted = re.compile(target.name or ".*", re.DOTALL)
    stack = world.stack
    every: list[tuple[Service | Host, str, tuple[Setting, ...]]] = [
        (each, each.technology, each.settings) for each in stack.services.values()
    ]
    every += [(each, "", each.read) for each in stack.hosts.values()]
    for owner, technology, settings in every:
        for each in settings:
            if _is_wanted(each, each.technology or technology, target, wanted):
                bound = owned(world, owner, each)
                label = f"{owner.name}, {each.name}"
                names = frozenset({owner.name})
                operand = bound.how.operand if isinstance(bound.how, Leaf) else None
                yield Subject(bound, label, owner.name, names, each, operand)


def _is_wanted(setting: Setting, technology: str, target: Target, wanted: re.Pattern[str]) -> bool:
    return (
        setting.status in target.statuses
        and _is_of(technology, target.technologies)
        and wanted.fullmatch(setting.name) is not None
    )


_SUBJECTS: Mapping[TargetKind, Callable[[Target, StackWorld], Iterator[Subject]]] = {
    TargetKind.SERVICE: _services,
    TargetKind.LINK: _links,
    TargetKind.HOST: _hosts,
    TargetKind.PART: _parts,
    TargetKind.SETTING: _settings,
}
