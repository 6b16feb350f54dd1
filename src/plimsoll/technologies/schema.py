"""settings.yaml to values: what is known of a technology's settings.

A settings.yaml is read in two steps, since a run asks for a few of its hundreds of entries: to
plain data, which can be kept for the next run, and each entry to an `Entry` when it is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from plimsoll.model.quantity import UNLIMITED, Amount, Number, Unit
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Apply, Default, Entry, Schema, Type, key
from plimsoll.model.setting import Formula, Unset, Value
from plimsoll.model.version import Version
from plimsoll.syntax.amounts import OWN, unit_of

_KEYS = {
    "type", "bare", "default", "infinite", "values", "min", "max", "absent", "since", "until",
    "again", "apply", "secret", "gives", "belongs", "source",
}  # fmt: skip


class SchemaError(Exception):
    """A settings.yaml of ours says something that it cannot."""


# What a settings.yaml says, by key: the vendor's name, and what stands behind it.
Said = dict[str, tuple[str, dict[str, Any]]]


def read_schema(technology: str, text: str) -> Schema:
    """The entries of a settings.yaml, by key.

    Raises:
        SchemaError: with the technology and the setting.
    """
    return checked(technology, said_in(text))


def said_in(text: str) -> Said:
    """What a settings.yaml says, as plain data."""
    import yaml  # with a warm cache nobody needs it

    raw = yaml.load(text, Loader=yaml.CSafeLoader) or {}
    return {_key(str(name)): (str(name), said or {}) for name, said in raw.items()}


def checked(technology: str, said: Said) -> Schema:
    """The schema of what a settings.yaml says, once all of it has been understood.

    Raises:
        SchemaError: with the technology and the setting.
    """
    schema = late(technology, said)
    for each in said:
        schema.entries[each]
    return schema


def late(technology: str, said: Said) -> Schema:
    """The schema of what the tests check: an entry is made when it is asked for."""
    return Schema(technology, _Entries(technology, said))


class _Entries(Mapping[str, Entry]):
    __slots__ = ("_made", "_said", "_technology")

    def __init__(self, technology: str, said: Said) -> None:
        self._technology = technology
        self._said = said
        self._made: dict[str, Entry] = {}

    def __getitem__(self, key: str) -> Entry:
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._make(*self._said[key])
        return made

    def _make(self, name: str, said: dict[str, Any]) -> Entry:
        try:
            return _entry(name, said)
        except (ValueError, TypeError, KeyError) as problem:
            at = f"{self._technology}/settings.yaml: {name}"
            raise SchemaError(f"{at}: {problem}") from problem

    def get(self, key: str, default: Any = None) -> Any:
        return self[key] if key in self._said else default

    def __contains__(self, key: object) -> bool:
        return key in self._said

    def __iter__(self) -> Iterator[str]:
        return iter(self._said)

    def __len__(self) -> int:
        return len(self._said)


def _key(name: str) -> str:
    part, slash, own = name.rpartition("/")
    return f"{part}{slash}{key(own)}"


def _entry(name: str, said: Mapping[str, Any]) -> Entry:
    unknown = set(said) - _KEYS
    if unknown:
        raise ValueError(f"unknown key {sorted(unknown)[0]!r}")
    type_ = Type(said["type"])
    unit = unit_of(type_)
    return Entry(
        name=name.rpartition("/")[2],
        type=type_,
        unit=unit,
        scale=_scale(said["bare"], type_, unit) if "bare" in said else 1,
        defaults=_defaults(said.get("default", "unset"), type_, unit),
        infinite=tuple(_plain(v) for v in said.get("infinite", ())),
        values=tuple(_plain(v) for v in said.get("values", ())),
        minimum=_value(said["min"], type_, unit) if "min" in said else None,
        maximum=_value(said["max"], type_, unit) if "max" in said else None,
        absent=_value(said["absent"], type_, unit) if "absent" in said else None,
        since=Version(str(said["since"])) if "since" in said else None,
        until=Version(str(said["until"])) if "until" in said else None,
        again=Version(str(said["again"])) if "again" in said else None,
        apply=Apply(said.get("apply", "restart")),
        is_secret=bool(said.get("secret", False)),
        gives=str(said.get("gives", "")),
        belongs=str(said.get("belongs", "")),
        source=str(said.get("source", "")),
    )


def _plain(value: object) -> str:
    """A YAML scalar as a server's file would have it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)


def _scale(bare: object, type_: Type, unit: Unit) -> Number | None:
    if bare == "refused":
        return None
    amount = _value(bare, type_, unit)
    if not isinstance(amount, Amount):
        raise TypeError(f"bare: {bare!r} is no amount")
    return amount.low


def _defaults(said: object, type_: Type, unit: Unit) -> tuple[Default, ...]:
    if not isinstance(said, dict):
        return (Default(_value(said, type_, unit)),)
    found = [
        Default(_value(value, type_, unit), Version(str(since)) if since else None)
        for since, value in said.items()
    ]
    return tuple(sorted(found, key=lambda d: (d.since is not None, d.since or Version("0"))))


def _value(said: object, type_: Type, unit: Unit) -> Value:
    """The value that is written; `[low, high]` is a span: it depends on the machine."""
    if isinstance(said, list):
        low, high = (_value(each, type_, unit) for each in said)
        if not isinstance(low, Amount) or not isinstance(high, Amount):
            raise TypeError(f"{said!r} is no span of amounts")
        return Amount(low.low, high.high, unit)
    if said is None or said == "unset":
        return Unset()
    if said in ("never", "unlimited") and type_ not in (Type.TEXT, Type.ENUM):
        return Amount.of(UNLIMITED, unit)
    text = _plain(said) if not isinstance(said, float) else str(said)
    if text.startswith("= "):
        return Formula(text[2:])
    if type_ in (Type.TEXT, Type.ENUM):
        return text
    if isinstance(said, float) or type_ is Type.NUMBER:
        return Amount.of(_exact(Fraction(text)), unit)
    found = OWN.value(text, Entry("", type_, unit))
    if isinstance(found, Rejected):
        raise ValueError(found.reason)  # noqa: TRY004 - of the text, not of a type
    return found


def _exact(number: Fraction) -> int | Fraction:
    return number.numerator if number.denominator == 1 else number
