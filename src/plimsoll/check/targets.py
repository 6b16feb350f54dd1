"""What a rule is evaluated for: the services, links, hosts, parts or settings it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

from msgspec import Struct

from plimsoll.check import labels
from plimsoll.check.language.values import Const, Leaf, Thing
from plimsoll.check.world.base import label, thing
from plimsoll.check.world.settings import owned
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.finding import Operand
from plimsoll.model.rule import Target, TargetKind
from plimsoll.model.setting import Setting, Status
from plimsoll.model.stack import Host, Link, Part, Service


class Subject(Struct, frozen=True):
    """One target: what its variable stands for, and what it is called.

    *service*: what its findings are grouped by. *what*: the model's own object, for telling two
    targets apart. *operand*: of a rule about a setting.
    """

    thing: Thing
    service: str
    what: Service | Host | Link | Part | Setting
    operand: Operand | None = None

    @property
    def label(self) -> str:
        """What it is called in a finding."""
        what = self.what
        if isinstance(what, Setting):
            return f"{self.service}, {what.name}"
        return label(what) if not isinstance(what, Part) else labels.part(what)

    @property
    def names(self) -> frozenset[str]:
        """Of every service or host it is about."""
        what = self.what
        return frozenset({what.source, what.target} if isinstance(what, Link) else {self.service})


class Targets:
    """All that rules are evaluated for on a stack. What several rules are about is made once."""

    def __init__(self, world: StackWorld) -> None:
        self._world = world
        self._of_kind: Mapping[TargetKind, Callable[[Target], Iterable[Subject]]] = {
            TargetKind.SERVICE: self._services,
            TargetKind.LINK: self._links,
            TargetKind.HOST: lambda _: self._hosts,
            TargetKind.PART: self._parts,
        }

    def of(
        self, target: Target, is_silent: Callable[[Setting], bool] = lambda _: False
    ) -> Iterable[Subject]:
        """Every target that *target* asks for, in the order of the stack.

        *is_silent*: of which settings the rule is known to have nothing to say.
        """
        if target.kind is TargetKind.SETTING:
            return self._settings(target, is_silent)
        return self._of_kind[target.kind](target)

    # -- services, links, hosts

    def _services(self, target: Target) -> Iterator[Subject]:
        for technology, subject in self._every_service:
            if _is_of(technology, target.technologies):
                yield subject

    @cached_property
    def _every_service(self) -> list[tuple[str, Subject]]:
        return [
            (
                each.technology,
                Subject(thing(each), each.name, each),
            )
            for each in self._world.stack.services.values()
        ]

    def _links(self, target: Target) -> Iterator[Subject]:
        for source, end, subject in self._every_link:
            if _is_of(source, target.sources) and _is_of(end, target.targets):
                yield subject

    @cached_property
    def _every_link(self) -> list[tuple[str, str, Subject]]:
        return [self._link(each) for each in self._world.stack.links]

    def _link(self, link: Link) -> tuple[str, str, Subject]:
        source, end = self._world.service(link.source), self._world.service(link.target)
        subject = Subject(thing(link), link.source, link)
        return source.technology, end.technology, subject

    @cached_property
    def _hosts(self) -> list[Subject]:
        return [Subject(thing(each), each.name, each) for each in self._world.stack.hosts.values()]

    # -- parts

    def _parts(self, target: Target) -> Iterator[Subject]:
        for technology, subject in self._every_part.get(target.type, ()):
            if _is_of(technology, target.technologies):
                yield subject

    @cached_property
    def _every_part(self) -> dict[str, list[tuple[str, Subject]]]:
        """By type, with their technology."""
        found: dict[str, list[tuple[str, Subject]]] = {}
        for service in self._world.stack.services.values():
            for part in service.parts:
                bound = Thing(part, part.type, Const(part.name))
                subject = Subject(bound, service.name, part)
                found.setdefault(part.type, []).append((part.technology, subject))
        return found

    # -- settings: a long file has thousands, and a few hundred names

    def _settings(self, target: Target, is_silent: Callable[[Setting], bool]) -> Iterator[Subject]:
        found = [
            (name, positions)
            for (technology, status, name), positions in self._every_setting.items()
            if status in target.statuses and _is_of(technology, target.technologies)
        ]
        if not found:
            return  # before an expression is made that nobody asks
        wanted = re.compile(target.name or ".*", re.DOTALL)
        mine = [each for name, positions in found if wanted.fullmatch(name) for each in positions]
        for position in sorted(mine):
            if not is_silent(self._owned[position][1]):
                yield self._setting(position)

    @cached_property
    def _every_setting(self) -> dict[tuple[str, Status, str], list[int]]:
        """Where they are in the order of the stack, by technology, status and name."""
        found: dict[tuple[str, Status, str], list[int]] = {}
        for position, (owner, each) in enumerate(self._owned):
            of_owner = owner.technology if isinstance(owner, Service) else ""
            at = (each.technology or of_owner, each.status, each.name)
            found.setdefault(at, []).append(position)
        return found

    @cached_property
    def _owned(self) -> list[tuple[Service | Host, Setting]]:
        stack = self._world.stack
        of_services = [
            (each, setting) for each in stack.services.values() for setting in each.settings
        ]
        return [*of_services, *((each, s) for each in stack.hosts.values() for s in each.read)]

    def _setting(self, position: int) -> Subject:
        made = self._made.get(position)
        if made is None:
            owner, setting = self._owned[position]
            bound = owned(self._world, owner, setting)
            operand = bound.how.operand if isinstance(bound.how, Leaf) else None
            made = Subject(bound, owner.name, setting, operand)
            self._made[position] = made
        return made

    @cached_property
    def _made(self) -> dict[int, Subject]:
        return {}


def _is_of(technology: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or technology in wanted
