"""An earlier state: what a thing was before a change, seen from the later state."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TypeVar

from msgspec import Struct

from plimsoll.check.language.provenance import needs
from plimsoll.check.language.values import Items, Missing, Thing, Value, with_how
from plimsoll.check.world.base import Scene, thing
from plimsoll.check.world.settings import Owned, owned
from plimsoll.model.schema import key
from plimsoll.model.setting import Setting, Status
from plimsoll.model.stack import Host, Link, Part, Service, Stack

T = TypeVar("T")


class Earlier(Struct, frozen=True):
    """Something of an earlier state, and the world of that state: only there its names mean anything."""

    what: object
    world: Scene

    def attribute(self, name: str) -> Value:
        return self._seen(self.world.attribute(Thing(self.what, ""), name))

    def setting(self, owner: Thing, name: str) -> Value:
        return self._seen(self.world.setting(Thing(self.what, owner.kind, owner.how), name))

    def _seen(self, value: Value) -> Value:
        """A value of that world as one of the later: things stay there, what is unknown says when."""
        if type(value) is Thing:
            return Thing(Earlier(value.what, self.world), value.kind, value.how)
        if type(value) is Items:
            entries = tuple((self._seen(each), sure) for each, sure in value.entries)
            return Items(entries, value.how, value.is_complete)
        wanted = () if value.is_known else needs(value)
        return with_how(value, Missing(f"{', '.join(wanted)} before")) if wanted else value


class Before:
    """An earlier state, with what each thing of the later one was in it."""

    def __init__(self, now: Stack, world: Scene) -> None:
        self._now = now
        self._world = world

    def of(self, what: object) -> Thing | None:
        """What something of the later state was; None: it was not there."""
        if isinstance(what, Owned):
            bound = self._setting(what)
        else:
            found = self._counterpart(what)
            bound = thing(found) if found is not None else None
        return Thing(Earlier(bound.what, self._world), bound.kind, bound.how) if bound else None

    def _counterpart(self, what: object) -> Service | Host | Link | Part | None:
        stack = self._world.stack
        if isinstance(what, Service):
            found = stack.services.get(what.name)
            return found if found and found.technology == what.technology else None
        if isinstance(what, Host):
            return stack.hosts.get(what.name)
        if isinstance(what, Link):
            return self._links.get(id(what))
        return self._parts.get(id(what)) if isinstance(what, Part) else None

    @cached_property
    def _links(self) -> dict[int, Link]:
        return dict(_pairs(self._now.links, self._world.stack.links, _ends))

    @cached_property
    def _parts(self) -> dict[int, Part]:
        found: dict[int, Part] = {}
        for service in self._now.services.values():
            was = self._counterpart(service)
            if isinstance(was, Service):
                found |= _pairs(service.parts, was.parts, _path)
        return found

    def _setting(self, of: Owned) -> Thing | None:
        """A setting as it was written, or the default that held; None: it had no value."""
        owner = self._counterpart(of.owner)
        if not isinstance(owner, (Service, Host)):
            return None
        every = owner.settings if isinstance(owner, Service) else owner.read
        alike = [each for each in every if _is_alike(each, of.setting)]
        found = _winner(alike) or _default(self._world, owner, of.setting)
        return owned(self._world, owner, found) if found else None


def _pairs(
    now: Iterable[T], before: Iterable[T], name: Callable[[T], Hashable]
) -> Iterator[tuple[int, T]]:
    """The id of each with what it was; of several with one name, where there are as many, in order."""
    later: dict[Hashable, list[T]] = {}
    earlier: dict[Hashable, list[T]] = {}
    for every, found in ((now, later), (before, earlier)):
        for each in every:
            found.setdefault(name(each), []).append(each)
    for at, alike in later.items():
        if len(alike) == len(earlier.get(at, ())):
            yield from zip(map(id, alike), earlier[at], strict=True)


def _ends(link: Link) -> tuple[object, ...]:
    return link.source, link.target, link.library, _path(link.part)


def _path(part: Part | None) -> tuple[str, ...]:
    """The type and name of a part and of those around it."""
    found: list[str] = []
    while part is not None:
        found += (part.type, part.name)
        part = part.parent
    return tuple(found)


def _is_alike(one: Setting, other: Setting) -> bool:
    scopes = ([str(block) for block in each.scope] for each in (one, other))
    return (
        key(one.name) == key(other.name)
        and one.technology == other.technology
        and next(scopes) == next(scopes)
    )


def _winner(settings: Sequence[Setting]) -> Setting | None:
    effective = [each for each in settings if each.status is Status.EFFECTIVE]
    return next(iter([*effective, *settings]), None)


def _default(world: Scene, owner: Service | Host, setting: Setting) -> Setting | None:
    if isinstance(owner, Service) and setting.technology in ("", owner.technology):
        return owner.schema.default(setting.name, owner.version)
    return world.knowledge.schema(setting.technology).default(setting.name, None)
