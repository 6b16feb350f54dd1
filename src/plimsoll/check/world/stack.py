"""Every attribute of a stack's things, calculated once. Implements the language's `World`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from plimsoll.check.language.lookup import indexed
from plimsoll.check.language.types import Index, Path
from plimsoll.check.language.values import Items, NotHere, Thing, Value
from plimsoll.check.names import EARLIER
from plimsoll.check.world.base import Scene, thing
from plimsoll.check.world.hosts import host_attribute, host_setting
from plimsoll.check.world.links import link_attribute, link_setting
from plimsoll.check.world.parts import part_attribute, part_setting
from plimsoll.check.world.reliance import Reliance
from plimsoll.check.world.services import service_attribute, service_setting
from plimsoll.check.world.settings import Owned, setting_attribute
from plimsoll.model.finding import Operand
from plimsoll.model.stack import Host, Link, Part, Service

_Ask = Callable[[Scene, Any, str], Value]

_ATTRIBUTE: Mapping[type, _Ask] = {
    Service: service_attribute,
    Link: link_attribute,
    Host: host_attribute,
    Part: part_attribute,
    Owned: setting_attribute,
}
_SETTING: Mapping[type, _Ask] = {
    Service: service_setting,
    Link: link_setting,
    Host: host_setting,
    Part: part_setting,
    Owned: lambda _world, _owned, name: NotHere(name),
}


class StackWorld(Scene):
    """The world of one check."""

    _like: StackWorld | None = None

    @cached_property
    def _reliance(self) -> Reliance:
        return Reliance()

    @cached_property
    def _indexes(self) -> dict[tuple[int, Path], tuple[Items, Index | None]]:
        return {}

    def attribute(self, owner: Thing, name: str) -> Value:
        """The value of `owner.name`; NotHere where only this technology lacks it."""
        what = owner.what
        at = (id(what), name)
        found = self._known.get(at)
        if found is not None:
            return found
        if name in EARLIER and isinstance(what, Service):
            return self._earlier(what, name)
        found = self._same(at) or _ATTRIBUTE[type(what)](self, what, name)
        if self.calculating[-1:] != [at]:
            self._known[at] = found
        return found

    def _same(self, at: tuple[int, str]) -> Value | None:
        """What is known of the world that this one is like, where the difference takes no part."""
        like, zero = self._like, self._zero
        known = like._known.get(at) if like else None
        if like is None or zero is None or known is None or like._reliance.has(known, zero):
            return None
        return known

    def setting(self, owner: Thing, name: str) -> Value:
        """The value of `owner["name"]`: of the setting, whatever facts there are."""
        return _SETTING[type(owner.what)](self, owner.what, name)

    def indexed(self, items: Items, path: Path) -> Index | None:
        """Where in a list each text at *path* is; found out once."""
        at = (id(items), path)
        if at not in self._indexes:
            self.step(len(items.entries))
            made = indexed(items, lambda each: self._at(each, path))
            self._indexes[at] = (items, made)  # whose id must not be used again
        return self._indexes[at][1]

    def _at(self, thing: Thing, path: Path) -> Value:
        found: Value = thing
        for name in path:
            if type(found) is not Thing:
                return NotHere(name)
            found = self.attribute(found, name)
        return found

    def granted(self) -> StackWorld:
        return StackWorld(self.stack, self.knowledge, is_granted=True, budget=self.budget)

    def with_zero(self, operand: Operand) -> StackWorld:
        """The same stack, in which that setting is 0."""
        other = StackWorld(self.stack, self.knowledge, zero=operand, budget=self.budget)
        other._like = self
        return other

    def without_assumptions(self) -> StackWorld:
        """The same stack, in which what is only assumed is 0."""
        return StackWorld(self.stack, self.knowledge, is_assuming=False, budget=self.budget)

    def _earlier(self, service: Service, name: str) -> Value:
        """Its earlier state; that there is none is remembered, for the rule to be skipped."""
        before = service.before if name == "before" else None
        if before is None:
            self.absent.add(name)
            return NotHere(name)
        return thing(before)
