"""What links, hosts and parts have."""

from __future__ import annotations

from plimsoll.check import labels
from plimsoll.check.language.values import (
    Const,
    Missing,
    NotHere,
    Text,
    Thing,
    Untold,
    Value,
    listed,
)
from plimsoll.check.names import KERNEL, LIMITS
from plimsoll.check.world.base import Scene, thing
from plimsoll.check.world.facts import fact
from plimsoll.check.world.limits import limit
from plimsoll.check.world.services import is_fact, service_attribute, service_setting
from plimsoll.model.schema import key
from plimsoll.model.stack import Host, Link, Part, Service

# --------------------------------------------------------------------------------------- links


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
    return world.value(link, found, link.schema.entry(name))


def _part_of(link: Link) -> Value:
    if link.part is None:
        return Untold(Missing(f"the block of {link.source} that connects to {link.target}"))
    return Thing(link.part, link.part.type, Const(link.part.name))


# --------------------------------------------------------------------------------------- hosts


def host_attribute(world: Scene, host: Host, name: str) -> Value:
    if name == "name":
        return Text(host.name, Const(host.name))
    if name == "services":
        return listed(tuple(thing(each) for each in world.stack.on_host(host.name)))
    if name in LIMITS["host"]:
        return limit(world, host, name)
    found = fact(world, "host", host, "", name)
    return host_setting(world, host, name) if found is None else found


def host_setting(world: Scene, host: Host, name: str) -> Value:
    """A setting of its kernel; what nobody stated or read is unknown, never absent."""
    schema = world.knowledge.schema(KERNEL)
    found = host.settings.get(key(name)) or schema.default(name, None)
    if found is None:
        return Untold(Missing(f"{name} of {labels.host(host)}"))
    return world.value(host, found, schema.entry(name))


# --------------------------------------------------------------------------------------- parts


def part_attribute(world: Scene, part: Part, name: str) -> Value:
    """What a part lacks is that of the blocks around it, else of its service."""
    if name in ("name", "type"):
        text = part.name if name == "name" else part.type
        return Text(text, Const(text))
    service = world.service(part.service)
    if name == "of":
        return thing(service)
    found = _in_blocks(world, part, service, name)
    return service_attribute(world, service, name) if found is None else found


def part_setting(world: Scene, part: Part, name: str) -> Value:
    service = world.service(part.service)
    found = _in_blocks(world, part, service, name)
    return service_setting(world, service, name) if found is None else found


def _in_blocks(world: Scene, part: Part, service: Service, name: str) -> Value | None:
    """The setting in the block or in one around it, else the default of such parts."""
    entry = part.schema.entry(name, part.type)
    around: Part | None = part
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
    return world.value(service, found, entry) if found else None
