"""What every kind of thing needs of the world: values of settings, limits, facts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.check import labels
from plimsoll.check.facts import Knowledge
from plimsoll.check.formulas import formula
from plimsoll.check.language.asked import Asked, Asks
from plimsoll.check.language.nodes import Node
from plimsoll.check.language.types import Index, Path, TooManySteps, unknown
from plimsoll.check.language.values import (
    Const,
    How,
    Items,
    Leaf,
    Named,
    NotHere,
    Num,
    Text,
    Thing,
    Value,
    named,
    value_of,
)
from plimsoll.check.names import type_of_entry
from plimsoll.check.printing import model_value, printed
from plimsoll.model.finding import Operand
from plimsoll.model.quantity import Amount
from plimsoll.model.schema import Entry
from plimsoll.model.setting import Formula, Origin, Setting, Unknown
from plimsoll.model.stack import Host, Link, Part, Service, Stack

Owner = Service | Host | Link

# Entries of lists that one rule may go through, on all its targets. The dearest of ours takes a
# hundredth of it on a stack of 300 services; a rule may come with a stranger's pull request.
MOST_STEPS = 1_000_000


class Budget(Struct):
    """How many steps a rule has left, in its world and in those that are compared with it."""

    left: int = MOST_STEPS


def label(owner: Owner) -> str:
    """What an owner is called in a sentence: "db", "app -> db", "host shop-1"."""
    if isinstance(owner, Service):
        return owner.name
    return labels.host(owner) if isinstance(owner, Host) else labels.link(owner)


def name_of(owner: Owner) -> str:
    """Whose a setting is, in findings."""
    return labels.link(owner) if isinstance(owner, Link) else owner.name


def thing(owner: Owner | Part) -> Thing:
    if isinstance(owner, Service):
        return Thing(owner, "service", Const(owner.name))
    if isinstance(owner, Part):
        return Thing(owner, owner.type, Const(owner.name))
    if isinstance(owner, Host):
        return Thing(owner, "host", Const(owner.name))
    return Thing(owner, "link", Const(labels.link(owner)))


class Scene(ABC):
    """A stack, and what is known of technologies.

    *instead*: by setting, what is to hold in its place. *is_assuming*: whether assumed facts count.
    *is_granted*: programs see the cores that they are granted, not those that they count; *is_earlier*: it
    is the state before a change. *absent*: earlier states that were asked for in vain.
    """

    def __init__(
        self,
        stack: Stack,
        knowledge: Knowledge,
        *,
        instead: Mapping[Operand, Setting] | None = None,
        is_granted: bool = False,
        is_assuming: bool = True,
        is_earlier: bool = False,
        budget: Budget | None = None,
    ) -> None:
        self.stack = stack
        self.knowledge = knowledge
        self.is_granted = is_granted
        self.is_assuming = is_assuming
        self.is_earlier = is_earlier
        self.absent: set[str] = set()
        self.budget = budget or Budget()
        self.calculating: list[tuple[int, str]] = []
        self._instead = instead or {}
        self._owners = {each.owner for each in self._instead}
        # Of parts: their defaults, what may differ of what is asked (numbered), what stands in any of a service.
        self.defaults: dict[tuple[object, ...], Setting | None] = {}
        self.varying: dict[tuple[object, ...], tuple[int, tuple[Asked, ...] | None]] = {}
        self.written_in_parts: dict[str, frozenset[str]] = {}
        self.known: dict[tuple[object, ...], Value | None] = {}
        self._kept: list[object] = []  # things made here: their id must not be used again

    @abstractmethod
    def attribute(self, owner: Thing, name: str) -> Value: ...

    @abstractmethod
    def of(self, what: Any, name: str) -> Value:
        """As `attribute`, of the model's own object."""

    @abstractmethod
    def once(self, at: tuple[object, ...], make: Callable[[], Value | None]) -> Value | None: ...

    @abstractmethod
    def setting(self, owner: Thing, name: str) -> Value: ...

    @abstractmethod
    def of_each(self, items: Items, name: str, ask: Callable[[], Value]) -> Value: ...

    @abstractmethod
    def indexed(self, items: Items, path: Path) -> Index: ...

    @abstractmethod
    def screen(self, condition: Node, variable: str) -> Callable[[Value], bool | None] | None: ...

    @abstractmethod
    def alike(self, entry: Value, asks: Asks) -> Hashable | None: ...

    @abstractmethod
    def granted(self) -> Scene:
        """The same stack, in which programs see the cores that they are granted."""

    def step(self, entries: int) -> None:
        self.budget.left -= entries
        if self.budget.left < 0:
            raise TooManySteps

    def may_hold_parts(self, name: str) -> bool:
        """Whether an attribute of that name holds parts, whatever the technology."""
        return name in _part_names(self.knowledge)

    def kept(self, what: object, kind: str, how: How) -> Thing:
        """A thing that only this world has."""
        self.keep(what)
        return Thing(what, kind, how)

    def keep(self, what: object) -> None:
        """What was made here and is told from others by its id."""
        self._kept.append(what)

    def operand(self, owner: Owner, setting: Setting) -> Operand:
        """A setting and whose it is, in findings."""
        return Operand(name_of(owner), setting, is_earlier=self.is_earlier)

    def service(self, name: str) -> Service:
        found = self.stack.services.get(name)
        if found is None:
            found = Service(name)
            self._kept.append(found)
        return found

    def host(self, of: Service) -> Host | None:
        return self.stack.hosts.get(of.host or "")

    def value(
        self,
        owner: Owner,
        setting: Setting,
        entry: Entry | None = None,
        *,
        of: Owner | Part | None = None,
    ) -> Value:
        """What a setting is worth. *of*: whose names its formula has, where not the owner's."""
        said = setting.value
        operand = self.operand(owner, setting)
        if isinstance(said, Formula):
            found = self._calculated(of or owner, said, operand, entry)
        elif said is None:
            found = Text(setting.text, Leaf(operand))
        elif isinstance(said, Unknown):
            found = unknown(type_of_entry(entry), Leaf(operand))
        else:
            found = value_of(operand)
        return self._replaced(found) if operand.owner in self._owners else found

    def _calculated(
        self, of: Owner | Part, said: Formula, operand: Operand, entry: Entry | None
    ) -> Value:
        """What a formula gives; as an operand the setting is worth that."""
        evaluate = formula(said.expression) if isinstance(of, (Service, Part)) else None
        found = evaluate(self, {"s": thing(of)}) if evaluate else NotHere("s")
        if isinstance(found, NotHere):
            return named(
                unknown(type_of_entry(entry), Leaf(operand)), operand.setting.name, operand
            )
        worth = replace(operand.setting, value=model_value(found))
        if worth.origin is Origin.DEFAULT:  # nobody wrote the formula
            worth = replace(worth, text=printed(found))
        return named(found, worth.name, replace(operand, setting=worth))

    def _replaced(self, found: Value) -> Value:
        """*found*, or what holds in the place of the setting that says it."""
        operand = found.how.operand if isinstance(found.how, (Leaf, Named)) else None
        other = self._instead.get(operand) if operand else None
        if operand is None or other is None:
            return found
        held = replace(operand, setting=other)
        if not isinstance(other.value, Amount):
            return value_of(held)
        if not isinstance(found, Num):
            return found
        return Num(other.value.low, other.value.high, found.unit, Leaf(held))


@lru_cache(maxsize=8)
def _part_names(knowledge: Knowledge) -> frozenset[str]:
    types = (each for of_one in knowledge.part_types.values() for each in of_one)
    return frozenset(map(labels.plural, types))
