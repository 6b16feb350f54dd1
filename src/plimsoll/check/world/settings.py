"""What a setting has, where a rule is about the setting itself: its status, its default, ..."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from plimsoll.check.formulas import mentions
from plimsoll.check.language.values import (
    Leaf,
    Missing,
    Named,
    NotHere,
    Op,
    Text,
    Thing,
    Truth,
    Unset,
    Value,
    named,
)
from plimsoll.check.world.base import Scene, thing
from plimsoll.model.finding import Operand
from plimsoll.model.schema import Entry, Schema
from plimsoll.model.setting import Formula, Setting
from plimsoll.model.stack import Host, Service


class Owned(Struct, frozen=True):
    """A setting and the service or host whose it is. *operand*: the two in a finding."""

    owner: Service | Host
    setting: Setting
    operand: Operand


def owned(world: Scene, owner: Service | Host, setting: Setting) -> Thing:
    """A setting as a thing of its own, one for each: what a rule's `x` stands for."""
    at = (id(setting), id(owner))
    found = world.known.get(at)
    if isinstance(found, Thing):
        return found
    operand = world.operand(owner, setting)
    if isinstance(setting.value, Formula):
        how = world.value(owner, setting).how
        operand = how.operand if isinstance(how, Named) and how.operand else operand
    made = Thing(Owned(owner, setting, operand), "setting", Leaf(operand))
    world.known[at] = made
    return made


def setting_attribute(world: Scene, owned: Owned, name: str) -> Value:
    get = _FIXED.get(name)
    return get(world, owned) if get else NotHere(name)


def _value(world: Scene, owned: Owned) -> Value:
    return world.value(owned.owner, owned.setting, _entry(world, owned))


def _schema(world: Scene, owned: Owned) -> Schema:
    main = _main(owned)
    return main.schema if main else world.knowledge.schema(owned.setting.technology)


def _main(owned: Owned) -> Service | None:
    """The service of whose own technology the setting is."""
    owner = owned.owner
    if isinstance(owner, Service) and owned.setting.technology in ("", owner.technology):
        return owner
    return None


def _entry(world: Scene, owned: Owned) -> Entry | None:
    return _schema(world, owned).entry(owned.setting.name)


def _default(world: Scene, owned: Owned) -> Value:
    main = _main(owned)
    version = main.version if main else None
    found = _schema(world, owned).default(owned.setting.name, version)
    if found is None:
        return Unset(_leaf(owned))
    return world.value(owned.owner, found, _entry(world, owned))


def _exists(world: Scene, owned: Owned) -> Value:
    """Whether the service's version has the setting; nothing is known of a name without an entry."""
    entry, main = _entry(world, owned), _main(owned)
    if entry is None:
        return NotHere("exists")
    found = entry.existence(main.version if main else None)
    if found is None:
        return Truth(None, Missing(f"version of {owned.owner.name}"))
    said = Text(owned.setting.text, _leaf(owned))
    return Truth(found, Op("there", (said,)))


def _winner(world: Scene, x: Owned) -> Value:
    winner = x.setting.winner
    return owned(world, x.owner, winner) if winner else Unset(_leaf(x))


def _host(world: Scene, owned: Owned) -> Value:
    """The machine: of a setting of its files that one."""
    owner = thing(owned.owner)
    return owner if isinstance(owned.owner, Host) else world.attribute(owner, "host")


def _block(setting: Setting) -> str:
    """The name of the innermost block that it stands in."""
    return setting.scope[-1].name if setting.scope else ""


def _counts_cores(_: Scene, owned: Owned) -> Value:
    """Whether the value is calculated from the cores that the program counts."""
    said = owned.setting.value
    counts = isinstance(said, Formula) and mentions(said.expression, "cores_seen")
    return Truth(counts, _leaf(owned))


def _granted(world: Scene, owned: Owned) -> Value:
    """What the value is if the program sees the cores that it is granted."""
    found = _value(world.granted(), owned)
    how = found.how
    if isinstance(how, Named) and isinstance(owned.setting.value, Formula):
        return named(how.child, "granted")
    return found


def _leaf(owned: Owned) -> Leaf:
    return Leaf(owned.operand)


# What is told of a setting; it stays the same whatever the setting is worth.
TOLD: Mapping[str, Callable[[Setting], str]] = {
    "name": lambda s: s.name,
    "technology": lambda s: s.technology,
    "text": lambda s: s.text,
    "origin": lambda s: s.origin,
    "status": lambda s: s.status,
    "reason": lambda s: s.reason,
    "file": lambda s: s.place.path if s.place else "",
    "block": _block,
}


def _text(of: Callable[[Setting], str]) -> Callable[[Scene, Owned], Value]:
    return lambda _, owned: Text(of(owned.setting), _leaf(owned))


_FIXED: Mapping[str, Callable[[Scene, Owned], Value]] = {
    **{name: _text(of) for name, of in TOLD.items()},
    "exists": _exists,
    "value": _value,
    "default": _default,
    "of": lambda _, owned: thing(owned.owner),
    "host": _host,
    "winner": _winner,
    "counts_cores": _counts_cores,
    "granted": _granted,
}
