"""What hosts have: their services, their limits, the settings of their kernel."""

from __future__ import annotations

from plimsoll.check import labels
from plimsoll.check.language.values import Const, Missing, Text, Untold, Value, listed
from plimsoll.check.names import KERNEL, LIMITS
from plimsoll.check.world.base import Scene, thing
from plimsoll.check.world.facts import fact
from plimsoll.check.world.limits import limit
from plimsoll.model.schema import key
from plimsoll.model.stack import Host


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
