"""What Python code says, as settings: values that are told, and why the others are not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Rejected, Word
from plimsoll.model.schema import Entry as Known
from plimsoll.model.schema import Type
from plimsoll.model.setting import Block, Origin, Setting, Status, Unset, Value
from plimsoll.syntax.python.deferred import Deferred
from plimsoll.syntax.python.values import Computed, Entry, Function, Result, Table, meaning, shown

_NUMBERS = (Type.COUNT, Type.TIME, Type.SIZE, Type.NUMBER)
_DEEPEST = 12
_DRESS = re.compile(r"[\s\"'`\\]+")  # what a value is written with


def setting(
    name: str, entry: Entry, text: str, place: Place, scope: tuple[Block, ...] = ()
) -> Setting:
    """The setting that an entry is. *text*: of its file, to be read again with the environment."""
    value_ = entry.value
    if isinstance(value_, Function):
        value_ = Computed(f"computed: {entry.source}")
    said = shown(value_, entry.source)
    made = Setting(
        name=name,
        text=said,
        place=written(entry.place or place, said, entry.source),
        scope=scope,
        value=told(value_, text),
    )
    return from_environment(made, value_, entry.asked)


def written(place: Place, text: str, source: str) -> Place:
    """*place*; without that of a value where another text than that stands there: a name for it."""
    if _DRESS.sub("", text) in _DRESS.sub("", source):
        return place
    return replace(place, value=None)


def told(value: Result, text: str) -> Value | None:
    """What only this reading can say: a formula, or why the value is not told."""
    if isinstance(value, Computed) and value.asks_environment:
        return Deferred(value.reason, text)
    return meaning(value)


def from_environment(made: Setting, value: Result, asked: Mapping[str, Word | None]) -> Setting:
    """*made*, at the place of the variable where its value is that of one."""
    unset = [name for name, word in asked.items() if word is None]
    given = [(n, w) for n, w in asked.items() if w is not None]
    if len(given) == 1 and not unset:
        name, word = given[0]
        if word.place is not None and made.text == word.text:
            reason = f"{made.place} asks for {name}"
            return replace(made, place=word.place, origin=Origin.ENVIRONMENT, reason=reason)
    if unset and not isinstance(value, Computed):
        return replace(made, reason=f"unless the environment sets {' or '.join(unset)}")
    return made


def leaves(name: str, entry: Entry, depth: int = 0) -> Iterator[tuple[str, Entry]]:
    """The values inside of a dictionary, with dotted names; what is none is one itself."""
    value = entry.value
    if not isinstance(value, Table) or not value.entries or depth > _DEEPEST:
        yield name, entry
        return
    for each in value.entries:
        placed = each if each.place else replace(each, place=entry.place)
        yield from leaves(f"{name}.{each.key}", placed, depth + 1)


def value(text: str, entry: Known) -> Value | Rejected:
    """What a Python value means: numbers in seconds and bytes, None for what is never reached."""
    if text == "None":
        return Amount.of(UNLIMITED, entry.unit) if "None" in entry.infinite else Unset()
    if entry.type is Type.BOOLEAN:
        return _truth(text)
    if entry.type not in _NUMBERS:
        return text
    try:
        number = Fraction(text.strip().replace("_", "")[:40])
    except (ValueError, ZeroDivisionError):
        return Rejected(Status.IGNORED, f"{text!r} is no number")
    exact = number.numerator if number.denominator == 1 else number
    return Amount.of(UNLIMITED if str(exact) in entry.infinite else exact, entry.unit)


def _truth(text: str) -> bool:
    """What Python takes the value for; every text that is not empty is true."""
    return text not in ("False", "0", "0.0", "", "[]", "{}", "()")
