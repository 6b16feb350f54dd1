"""A small world for expressions: one service `s`, its settings given as plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import pytest

from plimsoll.check.language import (
    ANY,
    Items,
    NotHere,
    Thing,
    ThingType,
    Type,
    UnknownName,
    Value,
    compiled,
    listed,
    parse,
    value_of,
)
from plimsoll.check.language.asked import Asks
from plimsoll.check.language.lookup import positions, text_of
from plimsoll.check.language.nodes import Node
from plimsoll.check.language.types import Index, Path
from plimsoll.model.finding import Operand
from plimsoll.model.quantity import Amount
from plimsoll.model.setting import Origin, Setting
from plimsoll.model.setting import Value as Said

Given = Value | Said | int | float | Fraction | list["Given"]


@dataclass(eq=False)
class Service:
    name: str
    has: Mapping[str, Value] = field(default_factory=dict)


class SmallWorld:
    """Things that have what they were given; everything else is not here."""

    def step(self, entries: int) -> None:
        """Nobody counts."""

    def attribute(self, owner: Thing, name: str) -> Value:
        assert isinstance(owner.what, Service)
        return owner.what.has.get(name, NotHere(name))

    def setting(self, owner: Thing, name: str) -> Value:
        return self.attribute(owner, f"{name} (setting)")

    def _at(self, found: Value, path: Path) -> Value:
        for name in path:
            found = self.attribute(found, name) if isinstance(found, Thing) else NotHere(name)
        return found

    def of_each(self, _items: Items, _name: str, ask: Callable[[], Value]) -> Value:
        return ask()

    def screen(self, _condition: Node, _variable: str, /) -> None:
        return None

    def alike(self, _entry: Value, _asks: Asks, /) -> None:
        return None

    def indexed(self, items: Items, path: Path) -> Index:
        return positions(text_of(self._at(each, path)) for each, _ in items.entries)


class SmallNames:
    """Types by kind of thing and name."""

    def __init__(self, known: Mapping[tuple[str, str], Type]) -> None:
        self.known = known

    def attribute_type(self, owner: ThingType, name: str) -> Type:
        found = self.known.get((owner.kind, name))
        if found is None:
            raise UnknownName(tuple(n for kind, n in self.known if kind == owner.kind))
        return found

    def setting_type(self, owner: ThingType, name: str) -> Type:
        return ANY if name == "timeout" else self.attribute_type(owner, name)


def setting(name: str, said: Said, origin: Origin = Origin.FILE, owner: str = "db") -> Operand:
    return Operand(owner, Setting(name, str(said), origin=origin, value=said))


def given(name: str, said: Given, origin: Origin = Origin.FILE, owner: str = "db") -> Value:
    """A value as the engine hands it over: plain numbers become settings with a place in the tree."""
    if isinstance(said, list):
        return listed(
            tuple(given(f"{name}{n}", each, origin, owner) for n, each in enumerate(said))
        )
    if isinstance(said, Value):
        return said
    if isinstance(said, (int, float, Fraction)) and not isinstance(said, bool):
        said = Amount.of(said)
    return value_of(setting(name, said, origin, owner))


def service(name: str, **settings: Given) -> Thing:
    has = {key: given(key, said, owner=name) for key, said in settings.items()}
    return Thing(Service(name, has), "service")


@pytest.fixture(scope="session")
def ask() -> Callable[..., Value]:
    """The value of an expression over the settings of `s`, or over variables of their own name."""

    def value(text: str, **settings: Given) -> Value:
        bound = {name: given(name, said) for name, said in settings.items()}
        variables = {"s": Thing(Service("db", bound), "service"), **bound}
        return compiled(parse(text))(SmallWorld(), variables)

    return value


@pytest.fixture(scope="session")
def names() -> type[SmallNames]:
    return SmallNames


@pytest.fixture(scope="session")
def thing() -> Callable[..., Thing]:
    return service


@pytest.fixture(scope="session")
def said() -> Callable[..., Value]:
    return given
