"""Reads pm2's files: the applications and what pm2 does with each; none of it is run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.place import Place
from plimsoll.model.quantity import Amount
from plimsoll.model.reader import Reader, Rejected, Word, last_wins
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Formula, Item, Setting, Status, Value
from plimsoll.syntax.environ import carried
from plimsoll.syntax.javascript import value as of_javascript
from plimsoll.syntax.python.deferred import resolved
from plimsoll.technologies.pm2.applications import BLOCK, Application, applications

# Source: pm2 tools/Config.js: a number with a letter, and nothing behind it.
_SIZE = re.compile(r"([0-9]{1,18})([GMK])?")
_TIME = re.compile(r"([0-9]{1,18})([hms])?")
_SIZES = {"G": 2**30, "M": 2**20, "K": 2**10, None: 1}
_TIMES = {"h": 3_600_000, "m": 60_000, "s": 1000, None: 1}
_LESS = re.compile(r"-([0-9]{1,5})")


def read(text: str, path: str) -> Iterator[Item]:
    """The settings of every application, and what else the file says."""
    return (item for _, item in _items(text, path, None))


def _items(
    text: str, path: str, environment: Mapping[str, Word] | None
) -> Iterator[tuple[Place | None, Item]]:
    for each in applications(text, path, environment):
        found = each.settings if isinstance(each, Application) else (each,)
        yield from ((item.place, item) for item in found)


def value(text: str, entry: Entry) -> Value | Rejected:
    """What a value means: sizes as 300M, times in milliseconds, instances as cores of the host."""
    plain = text.strip()
    if entry.name == "instances":
        return _instances(plain)
    if entry.type in (Type.SIZE, Type.TIME):
        return _amount(plain, entry)
    return of_javascript(text, entry)


def _instances(text: str) -> Value | Rejected:
    """0 and max are the cores of the host, -1 is one less. Source: code of pm2 HEAD."""
    less = _LESS.fullmatch(text)
    if text in ("max", "0"):
        return Formula("s.cores_seen")
    if less:
        return Formula(f"max(1, s.cores_seen - {int(less[1])})")
    if text.isdecimal() and len(text) < 9:
        return Amount.of(int(text))
    return Rejected(Status.REFUSED, f"{text!r} is neither a number of instances nor max")


def _amount(text: str, entry: Entry) -> Value | Rejected:
    is_size = entry.type is Type.SIZE
    found = (_SIZE if is_size else _TIME).fullmatch(text)
    if found is None:
        units = "K, M or G" if is_size else "s, m or h"
        return Rejected(Status.REFUSED, f"{text!r} is no number, with or without {units}")
    number = int(found[1]) * (_SIZES if is_size else _TIMES)[found[2]]
    if is_size:
        return Amount.of(number, entry.unit)
    return of_javascript(str(number), entry)


def arguments(_: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """The environment that its file may ask for."""
    if environment:
        yield carried(environment)


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """Who wins: the last of an application."""
    return last_wins(resolved(settings, _items))


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    arguments=arguments,
    parts={BLOCK: BLOCK},
    root=BLOCK,
)
