"""What a Python expression comes to when nobody runs it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TypeGuard

from msgspec import Struct, field

from plimsoll.model.place import Place
from plimsoll.model.reader import Word
from plimsoll.model.setting import Formula, Unknown

# How tightly an expression of the rules' language binds.
TERNARY, COMPARED, SUM, PRODUCT, SIGNED, ATOM = range(6)

LARGEST_NUMBER = 10**18


class Symbol(Struct, frozen=True):
    """A number or condition that depends on the machine, in the rules' language over `s`.

    *is_float*: Python would give a float. *is_positive*: above 0 on every machine.
    """

    expression: str
    level: int = ATOM
    is_float: bool = False
    is_positive: bool = False
    is_condition: bool = False


class Computed(Struct, frozen=True):
    """What only running the code would tell, with the reason.

    *asks_environment*: a known environment might tell. *raises*: the code fails here.
    """

    reason: str
    asks_environment: bool = False
    raises: bool = False


class Entry(Struct, frozen=True):
    """One entry of a dictionary or list; the place's value is that of the entry.

    *place*: None where it stands in no text of its own (`dict(a=1)`, a URL taken apart).
    *source*: the text of its value. *asked*: the environment variables that it depends on, with
    what was found.
    """

    key: str
    value: Result
    place: Place | None = None
    source: str = ""
    asked: Mapping[str, Word | None] = field(default_factory=dict)


class Table(Struct, frozen=True):
    """A dictionary, as written. Not complete: it has more entries than we could read."""

    entries: tuple[Entry, ...] = ()
    is_complete: bool = True

    def get(self, key: str) -> Entry | None:
        """The entry that holds: the last of that key."""
        return next((e for e in reversed(self.entries) if e.key == key), None)


class Listed(Struct, frozen=True):
    """A list, tuple or set of which every element is known to be there."""

    entries: tuple[Entry, ...] = ()

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)


class Function(Struct, frozen=True):
    """A function or class that the file defines."""

    name: str
    is_class: bool = False


class Reference(Struct, frozen=True):
    """Something of another module, or a name that the file does not bind: `os.environ`."""

    dotted: str


# A Fraction is what Python calls a float; an int is an int.
Scalar = int | Fraction | str | bool | None
Result = Scalar | Symbol | Computed | Table | Listed | Function | Reference


def is_number(value: Result) -> bool:
    """Whether *value* can be calculated with in a Symbol."""
    if isinstance(value, Symbol):
        return not value.is_condition
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def is_plain(value: Result) -> TypeGuard[Scalar]:
    """Whether *value* is one that Python has without running anything."""
    return value is None or isinstance(value, bool | int | str | Fraction)


def shown(value: Result, source: str = "") -> str:
    """The text of *value* as whoever runs the code sees it; *source* where that is not told."""
    if isinstance(value, Fraction):
        return repr(float(value))
    if isinstance(value, Function):
        return value.name if value.is_class else "function"
    if isinstance(value, Reference):
        return value.dotted
    if isinstance(value, Symbol | Computed | Table | Listed):
        return source
    return str(value)


def meaning(value: Result) -> Formula | Unknown | None:
    """What a Setting's value is where only this reading can say it."""
    if isinstance(value, Symbol):
        return Formula(value.expression)
    return Unknown(value.reason) if isinstance(value, Computed) else None
