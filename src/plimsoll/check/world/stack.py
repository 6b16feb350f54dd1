"""Every attribute of a stack's things, calculated once. Implements the language's `World`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from plimsoll.check.language.values import NotHere, Thing, Value
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

    @cached_property
    def _reliance(self) -> Reliance:
        return Reliance()

    def attribute(self, owner: Thing, name: str) -> Value:
        """The value of `owner.name`; NotHere where only this technology lacks it."""
        what = owner.what
        at = (id(what), name)
        found = self._known.get(at)
        if found is not None:
            return found
        if name in EARLIER and isinstance(what, Service):
            return self._earlier(what, name)
        found = _ATTRIBUTE[type(what)](self, what, name)
        if self.calculating[-1:] != [at]:
            self._known[at] = found
        return found

    def setting(self, owner: Thing, name: str) -> Value:
        """The value of `owner["name"]`: of the setting, whatever facts there are."""
        return _SETTING[type(owner.what)](self, owner.what, name)

    def granted(self) -> StackWorld:
        return StackWorld(self.stack, self.knowledge, is_granted=True, budget=self.budget)

    def with_zero(self, operand: Operand) -> StackWorld:
        """The same stack, in which that setting is 0."""
        other = StackWorld(self.stack, self.knowledge, zero=operand, budget=self.budget)
        other._known = self._reliance.without(self._known, operand)
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
