"""Types of the rules' language, as a rule is checked against when it is loaded."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from plimsoll.check.language.asked import Asks
from plimsoll.check.language.nodes import Node
from plimsoll.check.language.values import (
    How,
    Items,
    Num,
    Text,
    Thing,
    Truth,
    Untold,
    Value,
)
from plimsoll.model.quantity import UNLIMITED, Unit


class NumType(Struct, frozen=True):
    """A number; *unit* is None for a bare one, which fits any unit."""

    unit: Unit | None

    def __str__(self) -> str:
        return "a bare number" if self.unit is None else str(self.unit)


class TruthType(Struct, frozen=True):
    def __str__(self) -> str:
        return "a condition"


class TextType(Struct, frozen=True):
    def __str__(self) -> str:
        return "text"


class ListType(Struct, frozen=True):
    of: Type

    def __str__(self) -> str:
        return f"a list of {self.of}"


class ThingType(Struct, frozen=True):
    """A service, host, link, part (its kind is the type of part) or setting.

    *technologies*: that it may be of; None: of any.
    """

    kind: str
    technologies: frozenset[str] | None = None

    def __str__(self) -> str:
        return f"a {self.kind}"


class AnyType(Struct, frozen=True):
    """Only the value itself will tell: `x.value` of a setting."""

    def __str__(self) -> str:
        return "any value"


Type = NumType | TruthType | TextType | ListType | ThingType | AnyType

BARE, TRUTH, TEXT, ANY = NumType(None), TruthType(), TextType(), AnyType()


class UnknownName(Exception):  # noqa: N818 - the caller makes an error of it, with a column
    """There is no such attribute; *candidates* are the names that there are."""

    def __init__(self, candidates: tuple[str, ...]) -> None:
        super().__init__(f"none of {', '.join(candidates)}")
        self.candidates = candidates


class Names(Protocol):
    """What things have, for the check of a rule when it is loaded."""

    def attribute_type(self, owner: ThingType, name: str) -> Type:
        """The type of `owner.name`; a setting and a fact of one name: the fact's.

        Raises:
            UnknownName: no technology that *owner* may be of has it.
        """
        ...

    def setting_type(self, owner: ThingType, name: str) -> Type:
        """The type of `owner["name"]`: of the setting, even where a fact has that name.

        Raises:
            UnknownName: no technology that *owner* may be of has it.
        """
        ...


class TooManySteps(Exception):  # noqa: N818 - a rule of a stranger's, not a fault of ours
    """A rule goes through more entries of lists than any needs."""


Path = tuple[str, ...]  # names of attributes, each of what the one before gives


class Index(Struct, frozen=True):
    """Where the texts of a list are: the positions of its entries.

    *others*: of those that have no text, or one that is not known.
    """

    texts: Mapping[str, Sequence[int]]
    others: Sequence[int] = ()

    def of(self, texts: Iterable[str]) -> Sequence[int]:
        """Where one of *texts* may be."""
        found = [self.texts[text] for text in texts if text in self.texts]
        if self.others:
            found.append(self.others)
        return found[0] if len(found) == 1 else sorted({each for some in found for each in some})


class World(Protocol):
    """What things have, for one evaluation."""

    def step(self, entries: int) -> None:
        """Counts entries of a list that are gone through.

        Raises:
            TooManySteps: a rule has gone through as many as it may.
        """
        ...

    def attribute(self, owner: Thing, name: str) -> Value:
        """The value of `owner.name`; NotHere where only this technology lacks it."""
        ...

    def setting(self, owner: Thing, name: str) -> Value:
        """The value of `owner["name"]`."""
        ...

    def of_each(self, items: Items, name: str, ask: Callable[[], Value], /) -> Value:
        """What *ask* gives for the attribute *name* of a list; it need be asked once."""
        ...

    def screen(self, condition: Node, variable: str, /) -> Callable[[Value], bool | None] | None:
        """What texts say of a condition on an entry; None where they decide nothing."""
        ...

    def alike(self, entry: Value, asks: Asks, /) -> Hashable | None:
        """What an entry has in common with those that have the same of what is asked.

        None: nothing is known of that.
        """
        ...

    def indexed(self, items: Items, path: Path) -> Index:
        """Where in a list each text at *path* is."""
        ...


def unknown(type_: Type, how: How) -> Value:
    """A value of *type_* of which nothing is known: 0 to unlimited, neither true nor false, ..."""
    if isinstance(type_, NumType):
        return Num(0, UNLIMITED, type_.unit, how)
    if isinstance(type_, ListType):
        return Items((), how, is_complete=False)
    made = {TruthType: Truth, TextType: Text}.get(type(type_))
    return made(None, how) if made else Untold(how)


def type_of(value: Value) -> Type:
    """The type of a value that the rule or plimsoll.yaml states: a parameter."""
    if isinstance(value, Num):
        return NumType(value.unit)
    if isinstance(value, Truth):
        return TRUTH
    return TEXT if isinstance(value, Text) else ANY
