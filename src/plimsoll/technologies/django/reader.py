"""Reads the settings of a Django application: a module of names in capitals, never run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.reader import Reader, Word
from plimsoll.model.setting import (
    Include,
    Item,
    Setting,
    Status,
    Unread,
)
from plimsoll.syntax.python import (
    Assignment,
    Function,
    Star,
    Table,
    carried,
    read_module,
    shown,
)
from plimsoll.syntax.python.settings import from_environment, told, value
from plimsoll.technologies.django.endpoints import endpoints
from plimsoll.technologies.django.functions import FUNCTIONS
from plimsoll.technologies.django.tree import PARTS, Leaf, leaves
from plimsoll.technologies.django.winners import settled


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
    made = Setting(
        name=leaf.name,
        text=shown(leaf.value, leaf.source),
        place=leaf.place,
        scope=leaf.scope,
        value=told(leaf.value, text),
    )
    if not each.is_reached:
        return replace(made, status=Status.SHADOWED, reason=each.reason or "not reached")
    return from_environment(made, leaf.value, leaf.asked)


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
