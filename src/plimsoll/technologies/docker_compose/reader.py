"""Compose files to settings, and what their values mean.

A file by itself: overrides, `.env` and what is extended are the manifest's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from plimsoll.model.quantity import GIB, KIB, MIB, TIB, Amount
from plimsoll.model.reader import Reader, Rejected
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Block, Setting, Status, Unread, Value
from plimsoll.syntax.amounts import Dialect
from plimsoll.technologies.docker_compose.flatten import other_settings, settings_of
from plimsoll.technologies.docker_compose.merge import normal
from plimsoll.technologies.docker_compose.tree import Table, read_file

_SIZES = {"": 1, "b": 1}
for _letter, _factor in (("k", KIB), ("m", MIB), ("g", GIB), ("t", TIB), ("p", TIB * KIB)):
    _SIZES |= {_letter: _factor, f"{_letter}b": _factor, f"{_letter}ib": _factor}

_TIMES: dict[str, int | Fraction] = {
    "ns": Fraction(1, 10**9),
    "us": Fraction(1, 10**6),
    "µs": Fraction(1, 10**6),
    "ms": Fraction(1, 1000),
    "s": 1,
    "m": 60,
    "h": 3600,
    "d": 86_400,
    "w": 604_800,
}
# `1 g` is a size, `1m30s` a time; `1g 500m` and `1 m` are neither.
_SIZE_DIALECT = Dialect(sizes=_SIZES, takes_fractions=True, takes_spaces=True)
_DIALECT = Dialect(
    times=_TIMES, true=("true",), false=("false",), takes_fractions=True, combines=True
)
_CPUS = re.compile(r"[0-9]{1,5}(?:-[0-9]{1,5})?(?:,[0-9]{1,5}(?:-[0-9]{1,5})?)*")
_LONGEST = 300


def read(text: str, path: str) -> Iterator[Setting | Unread]:
    """Every service's settings, and those of the other sections under their dotted names."""
    file = read_file(path, text, _nothing)
    yield from file.unread
    for name, section in (file.root.entries if file.root else {}).items():
        block = Block("section", name, section.place)
        if name == "services" and isinstance(section, Table):
            yield from _services(section, block)
        else:
            yield from other_settings(section, name, (block,))


def _services(section: Table, block: Block) -> Iterator[Setting]:
    unknown: set[str] = set()
    for name, service in section.entries.items():
        scope = (block, Block("service", name, service.place))
        if isinstance(service, Table):
            yield from settings_of(normal(service), scope, unknown)
        else:
            yield from other_settings(service, name, scope)


def _nothing(_name: str) -> None:
    return None


def value(text: str, entry: Entry) -> Value | Rejected:
    """What *text* means by an entry of settings.yaml; Compose refuses the file for the rest."""
    if entry.type in (Type.TEXT, Type.ENUM):
        return _DIALECT.value(text, entry)
    if len(text) > _LONGEST:
        return Rejected(Status.REFUSED, "is too long for an amount")
    if entry.name == "cpuset":
        return _cpus(text)
    is_size = entry.type is Type.SIZE
    if entry.type is Type.TIME and len(text.split()) > 1:
        return Rejected(Status.REFUSED, f"{text!r} is no time; times are like 1m30s")
    found = _SIZE_DIALECT.value(text.lower(), entry) if is_size else _DIALECT.value(text, entry)
    least = entry.minimum.low if isinstance(entry.minimum, Amount) else 0
    if isinstance(found, Amount) and found.low < least:
        return Rejected(Status.REFUSED, f"{text!r} is below {least}, the least that is taken")
    return found


def _cpus(text: str) -> Value | Rejected:
    """How many processors `0-3,6` names."""
    if not _CPUS.fullmatch(text):
        return Rejected(Status.REFUSED, f"{text!r} is no list of processors like 0-3,6")
    found: set[int] = set()
    for piece in text.split(","):
        first, _, last = piece.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return Amount.of(len(found))


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """All of them: which value an override replaces is known where the files are merged."""
    return list(settings)


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    root="container",
)
