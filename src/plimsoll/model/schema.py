"""What is known of a technology's settings: settings.yaml as values."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct, field

from plimsoll.model.quantity import COUNT, Amount, Number, Unit
from plimsoll.model.setting import Origin, Setting, Unknown, Unset, Value
from plimsoll.model.version import Version


class Type(StrEnum):
    """What a setting's text means."""

    COUNT = "count"  # a whole number
    NUMBER = "number"  # may have a fraction
    SIZE = "size"  # bytes
    TIME = "time"  # seconds
    BOOLEAN = "boolean"
    ENUM = "enum"  # one of `values`
    TEXT = "text"


class Apply(StrEnum):
    """What it takes until a changed value holds."""

    SESSION = "session"
    RELOAD = "reload"
    RESTART = "restart"


class Default(Struct, frozen=True):
    """What holds from version *since* (None: always) when nobody wrote the setting."""

    value: Value
    since: Version | None = None


class Entry(Struct, frozen=True):
    """One setting as settings.yaml describes it.

    *scale*: what one of a bare number is in base units (8192 where it counts 8 kB pages);
    None where a bare number is refused. *infinite*: values that mean never or unlimited.
    *absent*: the neutral value in versions that do not have it. *gives*: the resource that it
    limits or states (memory, cores, nofile_soft, nofile_hard, tasks, shm, somaxconn, grace,
    replicas, surge).
    """

    name: str
    type: Type
    unit: Unit = COUNT
    scale: Number | None = 1
    defaults: tuple[Default, ...] = ()
    infinite: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    minimum: Value | None = None
    maximum: Value | None = None
    absent: Value | None = None
    since: Version | None = None
    until: Version | None = None  # the first version without it
    again: Version | None = None  # the first behind it that has it once more
    apply: Apply = Apply.RESTART
    is_secret: bool = False
    gives: str = ""
    belongs: str = ""  # file and section where it would be written
    source: str = ""

    def exists_in(self, version: Version | None) -> bool:
        """Whether *version* has the setting; one that cannot tell it has."""
        return self.existence(version) is not False

    def existence(self, version: Version | None) -> bool | None:
        """Whether *version* has the setting; None where it is unknown, or "8.0" for one of 8.0.30."""
        if self.since is None and self.until is None:
            return True
        if version is None:
            return None
        if self.again is not None and (is_back := version.reaches(self.again)) is not False:
            return is_back
        since = True if self.since is None else version.reaches(self.since)
        until = False if self.until is None else version.reaches(self.until)
        if since is False or until is True:
            return False
        return None if since is None or until is None else True

    def default(self, version: Version | None) -> Value:
        """What holds in *version* when nobody wrote it; of an unknown version the span.

        The number that stands for it in versions without it belongs to the span; of other values
        an unknown version has those of the versions with it.
        """
        existence = self.existence(version)
        if existence is False:
            return Unset() if self.absent is None else self.absent
        if not self.defaults:
            return Unset()
        may_be_absent = existence is None and isinstance(self.absent, Amount)
        return _span([*self._held(version), *((self.absent,) if may_be_absent else ())])

    def _held(self, version: Version | None) -> list[Value]:
        """The defaults that may hold in *version*."""
        held: list[Value] = []
        for each in self.defaults:  # oldest first
            reached = True if each.since is None else version and version.reaches(each.since)
            if reached:
                held = [each.value] if version else [*held, each.value]
            elif reached is None:
                held.append(each.value)
        return held or [Unset()]


def _span(values: list[Value]) -> Value:
    if all(v == values[0] for v in values):
        return values[0]
    amounts = [v for v in values if isinstance(v, Amount)]
    if len(amounts) == len(values):
        unit = amounts[0].unit
        return Amount(min(a.low for a in amounts), max(a.high for a in amounts), unit)
    return Unknown("the default depends on the version, which is not known")


@lru_cache(maxsize=16_384)
def key(name: str) -> str:
    """The name that a rule uses: `-`, `.` and blanks become `_`."""
    return name.replace("-", "_").replace(".", "_").replace(" ", "_")


class Schema(Struct, frozen=True):
    """Every setting of a technology that we know, by key; `part/key` where a part's differs.

    *defaults*: those that were asked for; each is made once.
    """

    technology: str
    entries: Mapping[str, Entry] = field(default_factory=dict)
    defaults: dict[tuple[str, Version | None, str], Setting | None] = field(default_factory=dict)

    def entry(self, name: str, part: str = "") -> Entry | None:
        """The entry of *name*; within a part of that type its own, if it has one."""
        own = self.entries.get(f"{part}/{key(name)}") if part else None
        return own or self.entries.get(key(name))

    def default(self, name: str, version: Version | None, part: str = "") -> Setting | None:
        """The setting that holds when nobody wrote it; None for a name that we do not know."""
        at = (name, version, part)
        if at not in self.defaults:
            self.defaults[at] = self._default(name, version, part)
        return self.defaults[at]

    def _default(self, name: str, version: Version | None, part: str) -> Setting | None:
        entry = self.entry(name, part)
        if entry is None:
            return None
        value = entry.default(version)
        return Setting(
            name=entry.name,
            text=str(value),
            origin=Origin.DEFAULT,
            value=value,
            technology=self.technology,
            version=str(version) if version else "",
            belongs=entry.belongs,
            is_secret=entry.is_secret,
        )
