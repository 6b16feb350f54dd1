"""Values of the rules' language: ranges, three-valued truths, and how each came about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from msgspec import Struct

from plimsoll.model import setting as written
from plimsoll.model.finding import Operand
from plimsoll.model.quantity import COUNT, UNLIMITED, Amount, Number, Unit

# ------------------------------------------------------------------------------- how it came about


class Leaf(Struct, frozen=True):
    """A setting said so."""

    operand: Operand


class Missing(Struct, frozen=True):
    """Nothing said so: *need* is what somebody would have to state ("clients of db")."""

    need: str


class Const(Struct, frozen=True):
    """The rule itself said so: a literal, a unit, a parameter."""

    text: str = ""


class Op(Struct, frozen=True):
    """Calculated from other values, each of which knows how it came about.

    *problem*: why there is no result although every child is known ("1 / 0").
    """

    symbol: str
    children: tuple[Value, ...]
    problem: str = ""


class Named(Struct, frozen=True):
    """*child* under a name: a fact, a default that is calculated, a subtotal of `let`.

    *operand*: the derived setting that it stands for; a subtotal has none.
    """

    name: str
    child: Value
    operand: Operand | None = None
    is_fact: bool = False


How = Leaf | Missing | Const | Op | Named
UNSAID = Const()
ABSENT = Const("absent")  # the neutral value of a setting that the version does not have

# ------------------------------------------------------------------------------------------ values


class _Value(Struct, frozen=True):
    """Equal are those that are worth the same, however they came about (`how`)."""

    def _worth(self) -> tuple[object, ...]:
        return tuple(getattr(self, each) for each in self.__struct_fields__ if each != "how")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._worth() == other._worth()

    def __hash__(self) -> int:
        return hash(self._worth())


class Num(_Value, frozen=True):
    """A range of numbers in base units; known when both ends are equal.

    *unit* is None for a bare number of the rule, which fits any unit.
    """

    low: Number
    high: Number
    unit: Unit | None = COUNT
    how: How = UNSAID

    @property
    def is_known(self) -> bool:
        return self.low == self.high

    @property
    def amount(self) -> Amount:
        return Amount(self.low, self.high, self.unit or COUNT)


class Truth(_Value, frozen=True):
    """True, false, or None: it depends on something unknown."""

    value: bool | None
    how: How = UNSAID

    @property
    def is_known(self) -> bool:
        return self.value is not None


class Text(_Value, frozen=True):
    """A text; None: it has one that cannot be told."""

    value: str | None
    how: How = UNSAID

    @property
    def is_known(self) -> bool:
        return self.value is not None


class Unset(_Value, frozen=True):
    """Known to have no value: `has` is false, and calculating with it is not possible."""

    how: How = UNSAID

    @property
    def is_known(self) -> bool:
        return False


class Untold(_Value, frozen=True):
    """Nothing can be told, not even the kind or whether there is a value."""

    how: How = UNSAID

    @property
    def is_known(self) -> bool:
        return False


class Items(_Value, frozen=True, dict=True):
    """A list. Each entry with True when it is surely in, None when it may be.

    *is_complete* is false when there may be more entries than these.
    """

    entries: tuple[tuple[Value, bool | None], ...]
    how: How = UNSAID
    is_complete: bool = True

    @property
    def is_known(self) -> bool:
        return self.is_complete and all(sure and each.is_known for each, sure in self.entries)

    @cached_property
    def source(self) -> Items:
        """Where it came from, without its entries; unknown when its length is."""
        return Items((), self.how, self.is_complete and all(sure for _, sure in self.entries))


class Thing(_Value, frozen=True):
    """A service, host, link, part or setting: *what* is the model's own, *kind* its word."""

    what: object
    kind: str
    how: How = UNSAID

    @property
    def is_known(self) -> bool:
        return True


class NotHere(_Value, frozen=True):
    """This technology lacks the name: the rule does not apply."""

    name: str
    how: How = UNSAID

    @property
    def is_known(self) -> bool:
        return True


Value = Num | Truth | Text | Unset | Untold | Items | Thing | NotHere


def listed(values: tuple[Value, ...], how: How = UNSAID, *, is_complete: bool = True) -> Items:
    """A list in which each of *values* surely is."""
    return Items(tuple((each, True) for each in values), how, is_complete)


def whole(unit: Unit | None, how: How) -> Num:
    """Any number: what is left when a calculation has no result."""
    return Num(-UNLIMITED, UNLIMITED, unit, how)


# ------------------------------------------------------------------------- from and with a setting


def value_of(operand: Operand) -> Value:
    """What the value of the operand's setting is in this language.

    A formula is Untold here: only the one who can evaluate it knows.
    """
    said = operand.setting.value
    make = _FROM_MODEL.get(type(said), _untold)
    return make(said, Leaf(operand))


def _untold(_: object, how: How) -> Value:
    return Untold(how)


_FROM_MODEL: Mapping[type, Callable[..., Value]] = {
    Amount: lambda said, how: Num(said.low, said.high, said.unit, how),
    str: Text,
    bool: Truth,
    written.Unset: lambda _, how: Unset(how),
}


def with_how(value: Value, how: How) -> Value:
    """The same value that came about in another way."""
    return _REMADE[type(value)](value, how)


def named(
    value: Value, name: str, operand: Operand | None = None, *, is_fact: bool = False
) -> Value:
    """*value* under a name of its own; how it came about stays below it."""
    return with_how(value, Named(name, value, operand, is_fact))


_REMADE: Mapping[type, Callable[..., Value]] = {
    Num: lambda v, how: Num(v.low, v.high, v.unit, how),
    Truth: lambda v, how: Truth(v.value, how),
    Text: lambda v, how: Text(v.value, how),
    Unset: lambda _, how: Unset(how),
    Untold: lambda _, how: Untold(how),
    Items: lambda v, how: Items(v.entries, how, v.is_complete),
    Thing: lambda v, how: Thing(v.what, v.kind, how),
    NotHere: lambda v, how: NotHere(v.name, how),
}
