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
    return world.of(service, name) if found is None else found


def part_setting(world: Scene, part: Part, name: str) -> Value:
    service = world.service(part.service)
    found = _in_blocks(world, part, service, key(name))
    return service_setting(world, service, name) if found is None else found


def _in_blocks(world: Scene, part: Part, service: Service, name: str) -> Value | None:
    """The setting in the block or in one around it, else the default of such parts.

    All parts of a type that have it of the same block get the same value.
    """
    block: Part | None = part
    while block is not None and name not in block.settings:
        block = block.parent
    if block is None:
        return _default(world, part, service, name)
    own, schema = block.settings[name], part.schema
    return world.once(
        (id(block), part.technology, part.type, name),
        lambda: world.value(service, own, schema.entry(name, part.type)),
    )


def _default(world: Scene, part: Part, service: Service, name: str) -> Value | None:
    """None where the service itself says what holds.

    A default that is calculated speaks of the part itself; inside of it its own name is that of the
    service.
    """
    of_all = (id(service), id(part.version), part.technology, part.type, name)
    if of_all not in world.defaults:
        world.defaults[of_all] = _default_setting(world, part, service, name)
    found = world.defaults[of_all]
    if found is None:
        return None
    schema = part.schema
    if not isinstance(found.value, Formula):
        return world.once(
            of_all, lambda: world.value(service, found, schema.entry(name, part.type))
        )
    at = (id(part), name)
    if at in world.calculating:
        return None
    entry = schema.entry(name, part.type)
    world.calculating.append(at)
    try:
        return world.once((*at, "default"), lambda: world.value(service, found, entry, of=part))
    finally:
        world.calculating.pop()


def _default_setting(world: Scene, part: Part, service: Service, name: str) -> Setting | None:
    means_another_thing = f"{part.type}/{key(name)}" in part.schema.entries
    if (
        not means_another_thing
        and part.technology == service.technology
        and (key(name) in service.held or is_fact(world, service, name))
    ):
        return None
    return part.schema.default(name, part.version, part.type)
