"""Reads the settings of a Django application: a module of names in capitals, never run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from plimsoll.model.place import Place
from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Reader, Rejected, Word
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import (
    Include,
    Item,
    Origin,
    Setting,
    Status,
    Unread,
    Unset,
    Value,
)
from plimsoll.syntax.python import (
    Assignment,
    Computed,
    Deferred,
    Function,
    Star,
    Table,
    carried,
    meaning,
    read_module,
    shown,
)
from plimsoll.technologies.django.endpoints import endpoints
from plimsoll.technologies.django.functions import FUNCTIONS
from plimsoll.technologies.django.tree import PARTS, Leaf, leaves
from plimsoll.technologies.django.winners import settled

_NUMBERS = (Type.COUNT, Type.TIME, Type.SIZE, Type.NUMBER)


def read(text: str, path: str) -> Iterator[Item]:
    """Every setting of a module; entries of dictionaries are settings with dotted names."""
    return (item for _, item in _items(text, path, None))


def _items(
    text: str, path: str, environment: Mapping[str, Word] | None
) -> Iterator[tuple[Place | None, Item]]:
    """Every item, with the place of what makes it."""
    for each in read_module(text, path, environment, FUNCTIONS).statements:
        if isinstance(each, Unread):
            yield each.place, each
        elif isinstance(each, Star):
            yield each.place, _included(each, path)
        elif each.name.isupper() and not isinstance(each.value, Function):
            for leaf in leaves(each):
                yield leaf.place, _setting(each, leaf, text)
            yield from _incomplete(each)


def _incomplete(each: Assignment) -> Iterator[tuple[Place | None, Item]]:
    if isinstance(each.value, Table) and not each.value.is_complete and not each.keys:
        reason = f"{each.name} has entries that only running it would tell"
        yield each.place, Unread(each.place.path, reason, each.place)


def _setting(each: Assignment, leaf: Leaf, text: str) -> Setting:
    value = leaf.value
    asks = isinstance(value, Computed) and value.asks_environment
    made = Setting(
        name=leaf.name,
        text=shown(value, leaf.source),
        place=leaf.place,
        scope=leaf.scope,
        value=Deferred(value.reason, text)
        if asks and isinstance(value, Computed)
        else meaning(value),
    )
    if not each.is_reached:
        return replace(made, status=Status.SHADOWED, reason=each.reason or "not reached")
    return _from_environment(made, leaf)


def _from_environment(made: Setting, leaf: Leaf) -> Setting:
    """*made*, at the place of the variable where its value is that of one."""
    unset = [name for name, word in leaf.asked.items() if word is None]
    given = [(n, w) for n, w in leaf.asked.items() if w is not None]
    if len(given) == 1 and not unset:
        name, word = given[0]
        if word.place is not None and made.text == word.text:
            reason = f"{made.place} asks for {name}"
            return replace(made, place=word.place, origin=Origin.ENVIRONMENT, reason=reason)
    if unset and not isinstance(leaf.value, Computed):
        return replace(made, reason=f"unless the environment sets {' or '.join(unset)}")
    return made


def _included(star: Star, path: str) -> Item:
    """The file of `from .base import *`, relative to the folder of *path*."""
    level = len(star.module) - len(star.module.lstrip("."))
    names = [name for name in star.module.split(".") if name]
    folders = path.split("/")[:-1]
    if level:
        pattern = "/".join([".."] * (level - 1) + names)
    else:
        shared = max(
            (n for n in range(len(names)) if names[:n] == folders[len(folders) - n :]), default=0
        )
        pattern = "/".join(names[shared:])
    return Include(f"{pattern}.py", star.place, is_optional=star.is_optional)


def value(text: str, entry: Entry) -> Value | Rejected:
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


def arguments(_: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """The environment that the application is started with; it has no command line of its own."""
    if environment:
        yield carried(environment)


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """Who wins: the last. A dictionary that is assigned anew replaces all of its entries."""
    return settled(settings, _items)


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    arguments=arguments,
    endpoints=endpoints,
    parts={kind: kind for kind in PARTS.values()},
    root="application",
)
