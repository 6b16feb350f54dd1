"""The names that rules may use, and their types: what a rule is checked against when it loads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import field

from plimsoll.check.facts import Knowledge
from plimsoll.check.labels import plural
from plimsoll.check.language.types import (
    ANY,
    TEXT,
    TRUTH,
    ListType,
    NumType,
    TextType,
    ThingType,
    TruthType,
    Type,
    UnknownName,
)
from plimsoll.model import schema
from plimsoll.model.quantity import BYTES, COUNT, SECONDS, Unit
from plimsoll.model.schema import Entry

SERVICE, HOST, LINK, SETTING = map(ThingType, ("service", "host", "link", "setting"))
PART = ThingType("part")  # of whatever type


class LinkType(ThingType, frozen=True):
    """A link between services of known technologies: `from` and `to` with those that each may be."""

    kind: str = "link"
    ends: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        """Its ends do not count: where it is known whose link it is, they are the same."""
        return type(other) is LinkType and self.technologies == other.technologies

    def __hash__(self) -> int:
        return hash(self.technologies)


# How much of it there is, for a service and for a host.
LIMITS: Mapping[str, Mapping[str, Unit]] = {
    "service": {
        "memory": BYTES, "cores": COUNT, "nofile_soft": COUNT, "nofile_hard": COUNT,
        "tasks": COUNT, "somaxconn": COUNT, "shm": BYTES, "grace": SECONDS, "disk": BYTES,
    },
    "host": {
        "memory": BYTES, "swap": BYTES, "disk": BYTES, "cores": COUNT, "nofile_soft": COUNT,
        "nofile_hard": COUNT, "tasks": COUNT, "somaxconn": COUNT, "threads_max": COUNT,
        "pid_max": COUNT,
    },
}  # fmt: skip

# What things have whatever their technology. An earlier state has what its service has.
FIXED: Mapping[str, Mapping[str, Type]] = {
    "service": {
        "name": TEXT, "technology": TEXT, "version": TEXT, "host": HOST,
        "clients": ListType(LINK), "servers": ListType(LINK), "settings": ListType(SETTING),
        "role": TEXT, "roles": ListType(TEXT), "memory_limited": TRUTH,
        "before": SERVICE, "running": SERVICE,
    },
    "host": {"name": TEXT, "services": ListType(SERVICE), "before": HOST},
    "link": {"from": SERVICE, "to": SERVICE, "part": PART, "library": TEXT, "before": LINK},
    "part": {"name": TEXT, "type": TEXT, "of": SERVICE, "before": PART},
    "setting": {
        "name": TEXT, "technology": TEXT, "value": ANY, "text": TEXT, "default": ANY,
        "origin": TEXT, "status": TEXT, "reason": TEXT, "of": SERVICE, "winner": SETTING,
        "file": TEXT, "block": TEXT, "host": HOST, "exists": TRUTH, "counts_cores": TRUTH,
        "granted": ANY, "before": SETTING,
    },
}  # fmt: skip

EARLIER = ("before", "running")
# The technology whose settings a host has.
KERNEL = "sysctl"

_PRIMITIVE: Mapping[schema.Type, Type] = {
    schema.Type.COUNT: NumType(COUNT),
    schema.Type.NUMBER: NumType(COUNT),
    schema.Type.SIZE: NumType(BYTES),
    schema.Type.TIME: NumType(SECONDS),
    schema.Type.BOOLEAN: TruthType(),
    schema.Type.ENUM: TextType(),
    schema.Type.TEXT: TextType(),
}


def type_of_entry(entry: Entry | None) -> Type:
    """The type that a setting's value has in the rules' language."""
    return ANY if entry is None else _PRIMITIVE[entry.type]


class Dictionary:
    """Every name that there is, by what may have it. Implements the language's `Names`."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._known = knowledge
        self._inner: dict[str, dict[str, list[str]]] = {}
        self._by_kind: Mapping[str, Callable[[ThingType, str], Iterator[Type]]] = {
            "service": self._of_service,
            "host": self._of_host,
            "link": self._of_link,
            "setting": self._of_setting,
        }

    def attribute_type(self, owner: ThingType, name: str) -> Type:
        """The type of `owner.name`; where technologies differ, any."""
        if name in EARLIER and (name == "before" or owner.kind == "service"):
            return owner
        of_kind = self._by_kind.get(owner.kind, self._of_part)
        return self._one(of_kind(owner, name), owner)

    def setting_type(self, owner: ThingType, name: str) -> Type:
        """The type of `owner["name"]`."""
        return self._one(self._setting(owner, name), owner)

    def kinds(self) -> tuple[str, ...]:
        """The types of parts that there are."""
        return tuple(sorted({t for each in self._known.facts for t in self._types_in(each)}))

    def _one(self, found: Iterator[Type], owner: ThingType) -> Type:
        types = list(dict.fromkeys(found))
        if not types:
            raise UnknownName(tuple(sorted(set(self._candidates(owner)))))
        return types[0] if len(types) == 1 else ANY

    def _technologies(self, owner: ThingType) -> Iterable[str]:
        return sorted(owner.technologies or self._known.facts)

    def _types_in(self, technology: str) -> tuple[str, ...]:
        return self._known.part_types.get(technology, ())

    # -- by kind of thing: every type that the name may have

    def _of_service(self, owner: ThingType, name: str) -> Iterator[Type]:
        fixed = _fixed("service", name)
        if fixed is not None:
            yield fixed
            return
        parts = [t for t in self.kinds() if plural(t) == name]
        for technology in self._technologies(owner):
            fact = self._known.fact("service", technology, name)
            if fact is not None:
                yield fact.type
            elif parts and self._known.schema(technology).entry(name) is None:
                yield from (ListType(self.part_type(t)) for t in parts)
            else:
                yield from self._entry_types(technology, name)
        general = self._known.general.get("service", {}).get(name)
        if general is not None:
            yield general.type

    def part_type(self, type_: str, technologies: Iterable[str] = ()) -> ThingType:
        """The type of a part: of all technologies that have such parts, or of those given."""
        having = {t for t in self._known.facts if type_ in self._types_in(t)}
        return ThingType(type_, frozenset(technologies) or frozenset(having))

    def _of_host(self, _: ThingType, name: str) -> Iterator[Type]:
        fixed = _fixed("host", name)
        fact = self._known.general.get("host", {}).get(name)
        if fixed is not None:
            yield fixed
        elif fact is not None:
            yield fact.type
        else:
            yield from self._entry_types(KERNEL, name)

    def _of_link(self, owner: ThingType, name: str) -> Iterator[Type]:
        fixed = _fixed("link", name)
        if fixed is not None:
            yield self._end(owner, name) or fixed
            return
        general = self._known.general.get("link", {}).get(name)
        if general is not None:
            yield general.type
            return
        for technology in self._connecting(owner):
            fact = self._known.fact("link", technology, name)
            if fact is not None:
                yield fact.type
            else:
                yield from self._entry_types(technology, name)

    def _end(self, owner: ThingType, name: str) -> Type | None:
        """What stands at an end of a link, where its technology is told.

        The block that opens a link is one of a proxy's own; that of a library may be of any
        technology that uses it.
        """
        if name == "part":
            having = frozenset(t for t in owner.technologies or () if self._types_in(t))
            return ThingType(PART.kind, having) if having else None
        told = owner.ends.get(name) if isinstance(owner, LinkType) else None
        return ThingType(SERVICE.kind, told) if told else None

    def _connecting(self, owner: ThingType) -> list[str]:
        """The technologies that open links: client libraries and proxies."""
        return [
            t
            for t in self._technologies(owner)
            if owner.technologies or self._known.facts[t].get("link")
        ]

    def _of_setting(self, _: ThingType, name: str) -> Iterator[Type]:
        fixed = _fixed("setting", name)
        if fixed is not None:
            yield fixed

    def _of_part(self, owner: ThingType, name: str) -> Iterator[Type]:
        fixed = _fixed("part", name)
        if fixed is not None:
            yield fixed
            return
        own = list(self._part_entries(owner, name))
        yield from own or self._of_service(SERVICE, name)

    def _part_entries(self, owner: ThingType, name: str) -> Iterator[Type]:
        for technology in self._technologies(owner):
            known = self._known.schema(technology)
            own = known.entry(name, owner.kind)
            if own is not None:
                yield type_of_entry(own)
            elif owner.kind == PART.kind:
                inner = self._in_parts(technology).get(name, ())
                yield from (type_of_entry(known.entries[each]) for each in inner)

    def _in_parts(self, technology: str) -> Mapping[str, list[str]]:
        """By the name alone the keys `part/name` of a technology's settings."""
        if technology not in self._inner:
            found: dict[str, list[str]] = {}
            for each in self._known.schema(technology).entries:
                part, _, name = each.rpartition("/")
                if part:
                    found.setdefault(name, []).append(each)
            self._inner[technology] = found
        return self._inner[technology]

    # -- settings

    def _setting(self, owner: ThingType, name: str) -> Iterator[Type]:
        key = schema.key(name)
        if owner.kind == "host":
            yield from self._entry_types(KERNEL, key)
        elif owner.kind in ("service", "link"):
            for technology in self._technologies(owner):
                yield from self._entry_types(technology, key)
        elif owner.kind != "setting":
            own = list(self._part_entries(owner, key))
            yield from own or self._setting(SERVICE, key)

    def _entry_types(self, technology: str, name: str) -> Iterator[Type]:
        entry = self._known.schema(technology).entry(name)
        if entry is not None:
            yield type_of_entry(entry)

    # -- what could have been meant

    def _candidates(self, owner: ThingType) -> Iterator[str]:
        kind = owner.kind if owner.kind in FIXED else "part"
        yield from FIXED[kind]
        yield from LIMITS.get(kind, ())
        yield from self._known.general.get(kind, ())
        if kind == "host":
            yield from self._keys(KERNEL)
        if kind in ("service", "part"):
            yield from map(plural, self.kinds())
        for technology in self._connecting(owner) if kind == "link" else self._technologies(owner):
            yield from self._known.facts.get(technology, {}).get(kind, ())
            if kind in ("service", "link", "part"):
                yield from self._keys(technology)

    def _keys(self, technology: str) -> Iterator[str]:
        for name in self._known.schema(technology).entries:
            yield name.rpartition("/")[2]


def _fixed(kind: str, name: str) -> Type | None:
    unit = LIMITS.get(kind, {}).get(name)
    return NumType(unit) if unit is not None else FIXED[kind].get(name)
