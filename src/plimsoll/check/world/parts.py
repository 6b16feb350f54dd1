"""What parts have: what stands in the block, else around it, else what their service has."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping

from plimsoll.check.formulas import formula_asks
from plimsoll.check.language.asked import Asked, Asks
from plimsoll.check.language.truths import is_there
from plimsoll.check.language.values import Const, Text, Value
from plimsoll.check.world.base import Scene, thing
from plimsoll.check.world.services import is_fact, service_setting
from plimsoll.model.schema import key
from plimsoll.model.setting import Formula, Setting
from plimsoll.model.stack import Part

# Made anew whenever it is asked for; all else that a part has is kept by its world.
_OF_ITSELF = frozenset({"name", "type", "of"})
# What is told of a part; it stays the same whatever its settings are worth.
TOLD: Mapping[str, Callable[[Part], str]] = {"name": lambda p: p.name, "type": lambda p: p.type}


def part_attribute(world: Scene, part: Part, name: str) -> Value:
    """What a part lacks is that of the blocks around it, else of its service."""
    if name in _OF_ITSELF:
        return _of_itself(world, part, name)
    found = _in_blocks(world, part, name)
    return world.of(world.service(part.service), name) if found is None else found


def _of_itself(world: Scene, part: Part, name: str) -> Value:
    if name == "of":
        return thing(world.service(part.service))
    text = TOLD[name](part)
    return Text(text, Const(text))


def part_setting(world: Scene, part: Part, name: str) -> Value:
    found = _in_blocks(world, part, key(name))
    return service_setting(world, world.service(part.service), name) if found is None else found


def _in_blocks(world: Scene, part: Part, name: str) -> Value | None:
    """The setting in the block or in one around it, else the default of such parts.

    All parts of a type that have it of the same block get the same value.
    """
    block: Part | None = part
    while block is not None and name not in block.settings:
        block = block.parent
    if block is None:
        of_all = (part.service, part.technology, part.type, name)
        return world.known.get(of_all) or _default(world, part, name, of_all)
    at = (id(block), part.technology, part.type, name)
    return world.known.get(at) or world.once(at, lambda: _own(world, part, block, name))


def _own(world: Scene, part: Part, block: Part, name: str) -> Value:
    entry = part.schema.entry(name, part.type)
    return world.value(world.service(part.service), block.settings[name], entry)


def _default(
    world: Scene, part: Part, name: str, of_all: tuple[str, str, str, str]
) -> Value | None:
    """None where the service itself says what holds.

    A default that is calculated speaks of the part itself; inside of it its own name is that of the
    service.
    """
    if of_all not in world.defaults:
        world.defaults[of_all] = _default_setting(world, part, name)
    found = world.defaults[of_all]
    if found is None:
        return None
    service, schema = world.service(part.service), part.schema
    if not isinstance(found.value, Formula):
        return world.once(
            of_all, lambda: world.value(service, found, schema.entry(name, part.type))
        )
    own = (id(part), name)
    if own in world.calculating:
        return None
    entry = schema.entry(name, part.type)
    world.calculating.append(own)
    try:
        asked = _asked(world, part, found.value)
        at = (*of_all, *map(id, asked))
        held = world.known.get(at)
        if held is None:
            world.keep(asked)
            held = world.once(at, lambda: world.value(service, found, entry, of=part))
        return held
    finally:
        world.calculating.pop()


def _asked(world: Scene, part: Part, said: Formula) -> tuple[object, ...]:
    """What tells the parts from each other for which a formula gives different values."""
    names = formula_asks(said.expression)
    if names is None or not _OF_ITSELF.isdisjoint(names):
        return (part,)
    return tuple([world.of(part, each) for each in names])


def _default_setting(world: Scene, part: Part, name: str) -> Setting | None:
    service = world.service(part.service)
    means_another_thing = f"{part.type}/{key(name)}" in part.schema.entries
    if (
        not means_another_thing
        and part.technology == service.technology
        and (key(name) in service.held or is_fact(world, service, name))
    ):
        return None
    return part.schema.default(name, part.version, part.type)


# -- which parts are alike


def likeness(world: Scene, part: Part, asks: Asks) -> Hashable | None:
    """What it has in common with the parts that have the same of all that is asked.

    None: no two have, since their name is asked for.
    """
    kind = (asks, part.service, part.technology, part.type)
    known = world.varying.get(kind)
    if known is None:
        differing = [each for each in asks.attributes if _varies(world, part, each.name, ())]
        is_own = any(each.name == "name" for each in differing)
        known = len(world.varying), None if is_own else tuple(differing)
        world.varying[kind] = known
    number, varying = known
    if varying is None or world.calculating:  # inside of a formula a name may mean something else
        return None
    if not varying:
        return number
    return (number, *[_told(world.of(part, each.name), each) for each in varying])


def _told(value: Value, asked: Asked) -> Hashable:
    return id(value) if asked.is_value else is_there(value)


def _varies(world: Scene, part: Part, name: str, inside: tuple[str, ...]) -> bool:
    """Whether parts of that type may have different values of it.

    *inside*: the names whose defaults are calculated from it, which there are those of the service.
    """
    if name in _OF_ITSELF:
        return name == "name"
    if name in inside:
        return False
    if name in _written_in_parts(world, part.service):
        return True
    found = _default_setting(world, part, name)
    if found is None or not isinstance(found.value, Formula):
        return False
    names = formula_asks(found.value.expression)
    return names is None or any(_varies(world, part, each, (*inside, name)) for each in names)


def _written_in_parts(world: Scene, service: str) -> frozenset[str]:
    """The names of all that stands in any block."""
    found = world.written_in_parts.get(service)
    if found is None:
        parts = world.service(service).parts
        found = frozenset(name for part in parts for name in part.settings)
        world.written_in_parts[service] = found
    return found
