"""What a service has: its host, its links, its limits, its facts, its parts, its settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import ceil

from plimsoll.check.labels import plural
from plimsoll.check.language.values import (
    ABSENT,
    Const,
    Missing,
    NotHere,
    Num,
    Op,
    Text,
    Thing,
    Unset,
    Value,
    listed,
    with_how,
)
from plimsoll.check.names import LIMITS
from plimsoll.check.world.base import Scene, thing
from plimsoll.check.world.facts import fact
from plimsoll.check.world.limits import is_limited, limit
from plimsoll.check.world.settings import owned
from plimsoll.model.quantity import UNLIMITED, Number
from plimsoll.model.schema import Entry
from plimsoll.model.setting import Origin, Setting
from plimsoll.model.stack import Host, Service


def service_attribute(world: Scene, service: Service, name: str) -> Value:
    """A fact goes before a setting of that name, and its own setting before parts of any other."""
    get = _FIXED.get(name)
    if get is not None:
        return get(world, service)
    if name in LIMITS["service"]:
        return limit(world, service, name)
    if name == "cores_seen" and world.is_granted:
        return _cores_granted(world, service)
    found = fact(world, "service", service, service.technology, name)
    if found is None and service.schema.entry(name) is None:
        found = _parts(world, service, name)
    return service_setting(world, service, name) if found is None else found


def service_setting(world: Scene, service: Service, name: str) -> Value:
    found = service.setting(name)
    if found is None:
        return NotHere(name)
    entry = service.schema.entry(name)
    value = world.value(service, found, entry)
    if _is_neutral(found, entry, service):
        return with_how(value, ABSENT)  # nobody can write it in this version: it is no operand
    return value


def _is_neutral(found: Setting, entry: Entry | None, service: Service) -> bool:
    if entry is None or entry.absent is None or found.origin is not Origin.DEFAULT:
        return False
    return not entry.exists_in(service.version)


def is_fact(world: Scene, service: Service, name: str) -> bool:
    """Whether the service has that name without any setting."""
    known = world.knowledge.fact("service", service.technology, name)
    return name in _FIXED or name in LIMITS["service"] or known is not None


def _parts(world: Scene, service: Service, name: str) -> Value | None:
    types = {each for each in {part.type for part in service.parts} if plural(each) == name}
    mine = tuple(
        Thing(part, part.type, Const(part.name)) for part in service.parts if part.type in types
    )
    if mine or world.may_hold_parts(name):
        return listed(mine)
    return None


def _host(world: Scene, service: Service) -> Value:
    host = world.host(service)
    if host is not None:
        return thing(host)
    nowhere = Host(service.host or f"of {service.name}")
    return world.kept(nowhere, "host", Const(nowhere.name))


def _clients(world: Scene, service: Service) -> Value:
    """Who connects; where nobody is known to, somebody may all the same."""
    links = tuple(thing(each) for each in world.stack.clients(service.name))
    how = Const("clients") if links else Missing(f"clients of {service.name}")
    return listed(links, how, is_complete=bool(links))


def _servers(world: Scene, service: Service) -> Value:
    return listed(tuple(thing(each) for each in world.stack.servers(service.name)))


def _settings(world: Scene, service: Service) -> Value:
    return listed(tuple(owned(world, service, each) for each in service.settings))


def _roles(_: Scene, service: Service) -> Value:
    roles = tuple(Text(each, Const(each)) for each in service.roles)
    how = Const("roles") if roles else Missing(f"role of {service.name}")
    return listed(roles, how, is_complete=bool(roles))


def _role(_: Scene, service: Service) -> Value:
    """Its role; of several none is the role."""
    if not service.roles:
        return Unset(Missing(f"role of {service.name}"))
    role = "+".join(service.roles)
    return Text(role, Const(role))


def _version(_: Scene, service: Service) -> Value:
    if service.version is None:
        return Text(None, Missing(f"version of {service.name}"))
    return Text(str(service.version), Const(str(service.version)))


def _text(text: str) -> Value:
    return Text(text, Const(text))


_FIXED: Mapping[str, Callable[[Scene, Service], Value]] = {
    "name": lambda _, s: _text(s.name),
    "technology": lambda _, s: _text(s.technology),
    "version": _version,
    "host": _host,
    "clients": _clients,
    "servers": _servers,
    "settings": _settings,
    "role": _role,
    "roles": _roles,
    "memory_limited": is_limited,
}


def _cores_granted(world: Scene, service: Service) -> Value:
    """Whole cores that it may use, at least one."""
    cores = limit(world, service, "cores")
    low, high = (max(1, _whole(number)) for number in (cores.low, cores.high))
    return Num(low, high, cores.unit, Op("max", (Num(1, 1), Num(low, high, cores.unit, cores.how))))


def _whole(number: Number) -> Number:
    return number if number == UNLIMITED else ceil(number)
