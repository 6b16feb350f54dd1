"""Every attribute of a stack's things, calculated once. Implements the language's `World`."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import cached_property
from typing import Any

from msgspec.structs import replace

from plimsoll.check.language.asked import Asks
from plimsoll.check.language.lookup import positions, text_of
from plimsoll.check.language.nodes import Node
from plimsoll.check.language.provenance import operands
from plimsoll.check.language.screen import Screen, screen
from plimsoll.check.language.types import Index, Path
from plimsoll.check.language.values import Items, NotHere, Thing, Value, listed
from plimsoll.check.names import EARLIER
from plimsoll.check.world.base import Scene
from plimsoll.check.world.earlier import Before, Earlier
from plimsoll.check.world.hosts import host_attribute, host_setting
from plimsoll.check.world.links import link_attribute, link_setting
from plimsoll.check.world.parts import likeness, part_attribute, part_setting
from plimsoll.check.world.reliance import Reliance
from plimsoll.check.world.services import service_attribute, service_setting
from plimsoll.check.world.settings import TOLD, Owned, setting_attribute
from plimsoll.model.finding import Operand
from plimsoll.model.quantity import Amount
from plimsoll.model.setting import Setting
from plimsoll.model.stack import Host, Link, Part, Service, Stack

# Worlds that are like another one which are kept: findings about one setting follow each other.
_MOST_ZEROED = 200

_Ask = Callable[[Scene, Any, str], Value]

_ATTRIBUTE: Mapping[type, _Ask] = {
    Service: service_attribute,
    Link: link_attribute,
    Host: host_attribute,
    Owned: setting_attribute,
}
_SETTING: Mapping[type, _Ask] = {
    Service: service_setting,
    Link: link_setting,
    Host: host_setting,
    Part: part_setting,
    Owned: lambda _world, _owned, name: NotHere(name),
}


_NO_VALUES = listed(())


class StackWorld(Scene):
    """The world of one check."""

    _like: StackWorld | None = None

    @cached_property
    def _reliance(self) -> Reliance:
        return Reliance()

    @cached_property
    def _listed(self) -> dict[int, Value]:
        """Lists, and what is theirs, of which something is kept: their id must not be used again."""
        return {}

    @cached_property
    def _indexes(self) -> dict[tuple[int, Path], tuple[Items, Index]]:
        """With the texts that they are made of."""
        return {}

    @cached_property
    def _operands(self) -> dict[int, Mapping[Operand, int]]:
        return {}

    @cached_property
    def _zeroed(self) -> dict[Operand, StackWorld]:
        return {}

    @cached_property
    def _differing(self) -> int:
        """The settings in which it differs from the world that it is like."""
        return self._like.difference(self) if self._like else 0

    def difference(self, other: StackWorld) -> int:
        """The settings that another world of the same stack has otherwise, as bits for `rests_on`."""
        mine, theirs = self._instead, other._instead
        both = [*mine, *theirs]
        return self._reliance.bits(each for each in both if mine.get(each) != theirs.get(each))

    def rests_on(self, value: Value, bits: int) -> bool:
        """Whether one of these settings took part in a value of this world."""
        return self._reliance.has(value, bits)

    def attribute(self, owner: Thing, name: str) -> Value:
        """The value of `owner.name`; NotHere where only this technology lacks it."""
        what = owner.what
        if type(what) is Part and name != "before":  # as most is
            return part_attribute(self, what, name)
        return self.of(what, name)

    def of(self, what: Any, name: str) -> Value:
        if type(what) is Earlier:
            return what.attribute(name)
        if name in EARLIER and (name == "before" or isinstance(what, Service)):
            return self._earlier(what, name)
        if type(what) is Part:
            return part_attribute(self, what, name)  # which keeps less than a value for each part
        at = (id(what), name)
        found = self.known.get(at)
        if found is not None:
            return found
        found = self._same(at, what) or _ATTRIBUTE[type(what)](self, what, name)
        if self.calculating[-1:] != [at]:
            self.known[at] = found
        return found

    def once(self, at: tuple[object, ...], make: Callable[[], Value | None]) -> Value | None:
        """What *make* gives, which is asked the first time; *at* tells it from others."""
        if at not in self.known:
            self.known[at] = self._same(at) or make()
        return self.known[at]

    def _same(self, at: tuple[object, ...], what: object = None) -> Value | None:
        """What is known of the world that this one is like, where the difference takes no part.

        The settings of a service are the same things, whatever they are worth.
        """
        known = self._like.known.get(at) if self._like else None
        if known is None or (type(what) is Service and at[1] == "settings"):
            return known
        return known if self._is_same(known) else None

    def _is_same(self, value: Value) -> bool:
        """Whether a value of that world is one of this world, too."""
        like = self._like
        return like is not None and not like.rests_on(value, self._differing)

    def setting(self, owner: Thing, name: str) -> Value:
        """The value of `owner["name"]`: of the setting, whatever facts there are."""
        if type(owner.what) is Earlier:
            return owner.what.setting(owner, name)
        return _SETTING[type(owner.what)](self, owner.what, name)

    # -- lists: what is asked of each entry for one target is kept for the others

    def of_each(self, items: Items, name: str, ask: Callable[[], Value]) -> Value:
        """What *ask* gives for the attribute *name* of a list; asked once."""
        if self.calculating:  # inside of a formula the same name may mean something else
            return ask()
        found = self.once((id(items), "each", name), ask) or NotHere(name)
        self._listed[id(items)] = items
        self._listed[id(found)] = found
        return found

    def indexed(self, items: Items, path: Path) -> Index:
        """Where in a list each text at *path* is; found out once."""
        at = (id(items), path)
        if at not in self._indexes:
            self._listed[id(items)] = items
            self._indexes[at] = self._same_index(at) or self._index(items, path)
        return self._indexes[at][1]

    def _index(self, items: Items, path: Path) -> tuple[Items, Index]:
        self.step(len(items.entries))
        settings = _settings_in(items, path)
        if settings is not None:
            return _NO_VALUES, positions(map(TOLD[path[0]], settings))
        texts = [self._at(each, path) for each, _ in items.entries]
        return listed(tuple(texts)), positions(map(text_of, texts))

    def _same_index(self, at: tuple[int, Path]) -> tuple[Items, Index] | None:
        known = self._like._indexes.get(at) if self._like else None
        return known if known and self._is_same(known[0]) else None

    def screen(self, condition: Node, variable: str) -> Callable[[Value], bool | None] | None:
        """What the texts of a setting say of a condition on it."""
        at = (id(condition), variable)
        if at not in self._screens:
            self._screens[at] = condition, screen(condition, variable, TOLD)
        says = self._screens[at][1]
        if says is None:
            return None

        def of(entry: Value) -> bool | None:
            what = entry.what if type(entry) is Thing else None
            return says(what.setting) if type(what) is Owned else None

        return of

    @cached_property
    def _screens(self) -> dict[tuple[int, str], tuple[Node, Screen[Setting] | None]]:
        """With their conditions, whose id must not be used again."""
        return {}

    def alike(self, entry: Value, asks: Asks) -> Hashable | None:
        """What an entry has in common with those that have the same of what is asked, where that is told."""
        what = entry.what if type(entry) is Thing else None
        return likeness(self, what, asks) if isinstance(what, Part) else None

    def operands(self, value: Value) -> Mapping[Operand, int]:
        """The settings that took part in a value, with their places in the order of it."""
        found = self._operands.get(id(value))
        if found is None:
            found = {each: place for place, each in enumerate(operands(value))}
            if id(value) in self._listed:
                self._operands[id(value)] = found
        return found

    def _at(self, thing: Value, path: Path) -> Value:
        for name in path:
            if type(thing) is not Thing:
                return NotHere(name)
            thing = self.attribute(thing, name)
        return thing

    def granted(self) -> StackWorld:
        return self._granted

    @cached_property
    def _granted(self) -> StackWorld:
        return StackWorld(
            self.stack,
            self.knowledge,
            instead=self._instead,
            is_granted=True,
            budget=self.budget,
        )

    def with_zero(self, operand: Operand) -> StackWorld:
        """The same stack, in which that setting is 0."""
        found = self._zeroed.get(operand)
        if found is None:
            found = self.with_settings({operand: _zero(operand)})
            if len(self._zeroed) >= _MOST_ZEROED:
                self._zeroed.clear()
            self._zeroed[operand] = found
        return found

    def with_settings(self, instead: Mapping[Operand, Setting]) -> StackWorld:
        """The same stack, in which other settings hold in the place of those."""
        together = {**self._instead, **instead}
        found = StackWorld(self.stack, self.knowledge, instead=together, budget=self.budget)
        found._like = self
        return found

    def without_assumptions(self) -> StackWorld:
        """The same stack, in which what is only assumed is 0."""
        return self._without_assumptions

    @cached_property
    def _without_assumptions(self) -> StackWorld:
        return StackWorld(
            self.stack,
            self.knowledge,
            instead=self._instead,
            is_assuming=False,
            budget=self.budget,
        )

    def _earlier(self, what: object, name: str) -> Value:
        """Its earlier state; that there is none to compare with is remembered, for the rule to be skipped.

        What is new has none, and the rule does not apply.
        """
        before = self._before(what) if name == "before" else None
        if before is None:
            self.absent.add(name)
            return NotHere(name)
        return before.of(what) or NotHere(name)

    def _before(self, what: object) -> Before | None:
        """The state before the change; without one the accepted state of a service."""
        if self._like is not None:
            return self._like._before(what)
        if self.stack.before is not None:
            return self._earlier_state(self.stack, self.stack, self.stack.before)
        service = self._service_of(what)
        accepted = service.before if service else None
        if service is None or accepted is None:
            return None
        states = (Stack(services={service.name: each}) for each in (service, accepted))
        return self._earlier_state(service, *states)

    def _earlier_state(self, of: object, now: Stack, before: Stack) -> Before:
        if id(of) not in self._earlier_states:
            world = StackWorld(before, self.knowledge, is_earlier=True, budget=self.budget)
            self._earlier_states[id(of)] = Before(now, world)
        return self._earlier_states[id(of)]

    @cached_property
    def _earlier_states(self) -> dict[int, Before]:
        return {}

    def _service_of(self, what: object) -> Service | None:
        if isinstance(what, Part):
            return self.service(what.service)
        if isinstance(what, Owned):
            what = what.owner
        return what if isinstance(what, Service) else None


def _settings_in(items: Items, path: Path) -> list[Setting] | None:
    """The settings that are a list's entries, where *path* is to what is told of them."""
    if len(path) != 1 or path[0] not in TOLD:
        return None
    things = [each.what for each, _ in items.entries if type(each) is Thing]
    owned = [each.setting for each in things if type(each) is Owned]
    return owned if len(owned) == len(items.entries) else None


def _zero(operand: Operand) -> Setting:
    return replace(operand.setting, value=Amount.of(0))
