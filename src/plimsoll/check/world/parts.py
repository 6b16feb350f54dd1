"""What parts have: what stands in the block, else around it, else what their service has."""

from __future__ import annotations

from plimsoll.check.language.values import Const, Text, Value
from plimsoll.check.world.base import Scene, thing
from plimsoll.check.world.services import is_fact, service_setting
from plimsoll.model.schema import key
from plimsoll.model.setting import Formula, Setting
from plimsoll.model.stack import Part, Service


def part_attribute(world: Scene, part: Part, name: str) -> Value:
    """What a part lacks is that of the blocks around it, else of its service."""
    if name in ("name", "type"):
        text = part.name if name == "name" else part.type
        return Text(text, Const(text))
    service = world.service(part.service)
    if name == "of":
        return thing(service)
    found = _in_blocks(world, part, service, name)
    return world.attribute(thing(service), name) if found is None else found


def part_setting(world: Scene, part: Part, name: str) -> Value:
    service = world.service(part.service)
    found = _in_blocks(world, part, service, name)
    return service_setting(world, service, name) if found is None else found


def _in_blocks(world: Scene, part: Part, service: Service, name: str) -> Value | None:
    """The setting in the block or in one around it, else the default of such parts.

    A default that is calculated speaks of the part itself; inside of it its own name is that of the
    service.
    """
    own = part.own(name)
    if own is not None:
        return world.value(service, own, part.schema.entry(name, part.type))
    if (id(part), name) in world.calculating:
        return None
    at = (id(part.parent or service), part.technology, part.version, part.type, name)
    found = world.once(at, lambda: _around(world, part, service, name))
    if not isinstance(found, Setting):
        return found
    world.calculating.append((id(part), name))
    try:
        return world.value(service, found, part.schema.entry(name, part.type), of=part)
    finally:
        world.calculating.pop()


def _around(world: Scene, part: Part, service: Service, name: str) -> Value | Setting | None:
    """What parts of that type have where nothing stands in them: one value for all in a block.

    A default that is calculated is the setting: each of them has another value.
    """
    entry = part.schema.entry(name, part.type)
    around = part.parent
    while around is not None:
        own = around.own(name)
        if own is not None:
            return world.value(service, own, entry)
        around = around.parent
    means_another_thing = f"{part.type}/{key(name)}" in part.schema.entries
    if (
        not means_another_thing
        and part.technology == service.technology
        and (key(name) in service.held or is_fact(world, service, name))
    ):
        return None
    found = part.schema.default(name, part.version, part.type) if entry else None
    if found is None or isinstance(found.value, Formula):
        return found
    return world.value(service, found, entry)
