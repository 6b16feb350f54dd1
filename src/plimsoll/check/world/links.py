"""What links have: their ends, their facts, the settings of their library."""

from __future__ import annotations

from plimsoll.check.language.values import Const, Missing, NotHere, Text, Thing, Untold, Value
from plimsoll.check.world.base import Scene, thing
from plimsoll.check.world.facts import fact
from plimsoll.model.schema import key
from plimsoll.model.stack import Link


def link_attribute(world: Scene, link: Link, name: str) -> Value:
    """Its ends, its facts, its settings; nothing falls through to the services."""
    if name in ("from", "to"):
        return thing(world.service(link.source if name == "from" else link.target))
    if name == "part":
        return _part_of(link)
    if name == "library":
        return Text(link.library, Const(link.library))
    technology = link.library or world.service(link.source).technology
    found = fact(world, "link", link, technology, name)
    return link_setting(world, link, name) if found is None else found


def link_setting(world: Scene, link: Link, name: str) -> Value:
    found = link.settings.get(key(name)) or link.schema.default(name, link.version)
    if found is None:
        return NotHere(name)
    source = world.service(link.source)  # of whom a formula speaks
    return world.value(link, found, link.schema.entry(name), of=source)


def _part_of(link: Link) -> Value:
    if link.part is None:
        return Untold(Missing(f"the block of {link.source} that connects to {link.target}"))
    return Thing(link.part, link.part.type, Const(link.part.name))
