"""What becomes of the kernel: its settings, whoever sets them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from plimsoll.model.quantity import BYTES, UNLIMITED, Amount
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Schema, key
from plimsoll.model.setting import Formula, Setting, Status, Unknown, Value
from plimsoll.model.stack import NO_SCHEMA
from plimsoll.technologies import technology

# The technology that describes the kernel.
KERNEL = "sysctl"
# Its name is also that of the plug-in of a profile that sets the kernel's settings.
_PROFILES = "tuned"

_VENDORS = re.compile(r"(?:^|/)(?:usr/)?lib/sysctl\.d/")
_OF_MEMORY = re.compile(r"s\.memory \* ([0-9]+) / 100")


class Kernel(Struct):
    """The kernel's settings, by key, while one technology after the other sets them.

    Modules get their options when they are loaded; a profile of tuned comes behind that; tuned
    applies the files of sysctl once more behind its profile, except those of vendors.
    Source: tuned-main.conf, reapply_sysctl (on by default).

    *winners*: what holds instead of a setting, by the setting's id.
    """

    memory: Amount | None
    held: dict[str, Setting] = field(default_factory=dict)
    winners: dict[int, Setting] = field(default_factory=dict)

    def add(self, name: str, settings: Sequence[Setting]) -> None:
        for setting, target in _of_kernel(name, settings):
            before = self.held.get(target)
            if before is not None and _goes_before(before, setting):
                self.winners[id(setting)] = before
                continue
            worth = self._worth(setting, target, before)
            if before is not None:
                self.winners[id(before)] = worth
            self.held[target] = worth

    def _worth(self, setting: Setting, target: str, before: Setting | None) -> Setting:
        """*setting* as the kernel has it: with the memory known, with what it raises or lowers."""
        value = setting.value
        if isinstance(value, Formula):
            found = _OF_MEMORY.fullmatch(value.expression)
            if found is None or self.memory is None or self.memory.low != self.memory.high:
                return replace(setting, value=Unknown(f"{setting.text} of the machine's memory"))
            return replace(setting, value=Amount.of(self.memory.low * int(found[1]) // 100, BYTES))
        if setting.technology == KERNEL or isinstance(value, Unknown):
            return setting
        if isinstance(value, Amount) and value.low != value.high:
            return replace(setting, value=_joined(value, _value_of(target, before)))
        is_text = value == setting.text
        return replace(setting, value=_typed(setting.text, target)) if is_text else setting


def _of_kernel(name: str, settings: Sequence[Setting]) -> Iterator[tuple[Setting, str]]:
    """The settings that hold, with the key of what they are in the kernel."""
    known = technology(name) if settings else None
    schema = known.schema if known else NO_SCHEMA
    for each in settings:
        if each.status not in (Status.EFFECTIVE, Status.REFUSED):
            continue
        entry = schema.entry(each.name, each.scope[-1].kind if each.scope else "")
        plug_in = each.scope[-1].kind if each.scope else KERNEL
        if entry is not None and entry.gives and name != KERNEL:
            yield each, key(entry.gives)
        elif name == KERNEL or (name == _PROFILES and plug_in == KERNEL):
            yield each, key(each.name)


def _goes_before(one: Setting, other: Setting) -> bool:
    """Whether *one* holds although *other* is set behind it: tuned over a vendor's file."""
    path = other.place.path if other.place else ""
    return one.technology == _PROFILES and _VENDORS.search(path) is not None


def _schema() -> Schema:
    known = technology(KERNEL)
    return known.schema if known else NO_SCHEMA


def _value_of(target: str, before: Setting | None) -> Amount | None:
    """What holds where nobody raises it."""
    default = before or _schema().default(target, None)
    return default.value if default and isinstance(default.value, Amount) else None


def _joined(bound: Amount, before: Amount | None) -> Amount:
    """What becomes of *before* where it is at least the low or at most the high end of *bound*."""
    if before is None:
        return bound
    if bound.high == UNLIMITED:
        return Amount(max(before.low, bound.low), max(before.high, bound.low), before.unit)
    return Amount(min(before.low, bound.high), min(before.high, bound.high), before.unit)


def _typed(text: str, target: str) -> Value:
    """What a text of another technology means to the kernel."""
    known, entry = technology(KERNEL), _schema().entry(target)
    if known is None or known.reader is None or entry is None:
        return text
    found = known.reader.value(text, entry)
    return Unknown(found.reason) if isinstance(found, Rejected) else found
