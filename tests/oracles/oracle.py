"""What a server and we can say of a configuration, in one notation for both."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from hypothesis import strategies as st

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Setting, Status, Value
from plimsoll.technologies import technology


class Fate(StrEnum):
    """What becomes of what somebody wrote, the worst first."""

    REFUSED = "refused"  # the server does not start
    ALTERED = "altered"  # it runs with another value
    IGNORED = "ignored"  # it runs with what it would have without the line
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Line:
    """One statement: the setting's *name* as we call it, its *text*, and both as they are *written*.

    In a block that is a part of its service the part's type stands before the name: "listener/backlog".
    """

    name: str
    text: str
    written: str


@dataclass(frozen=True, slots=True)
class Case:
    """A configuration, and the limit of descriptors under which the server gets it."""

    lines: tuple[Line, ...] = ()
    nofile: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(line.name for line in self.lines))


@dataclass(frozen=True, slots=True)
class Span:
    """A number of which only the ends can be told."""

    low: Fraction | float
    high: Fraction | float


ANYTHING = Span(-UNLIMITED, UNLIMITED)  # what follows another setting, whatever that is

# A number in base units, a truth or a text.
Held = Fraction | float | str | bool | Span


@dataclass(frozen=True, slots=True)
class Answer:
    """*refusal*: why it does not start. *held*: values by name; *said*: fates that words tell."""

    refusal: str = ""
    held: Mapping[str, Held] = field(default_factory=dict)
    said: Mapping[str, Fate] = field(default_factory=dict)


@dataclass(frozen=True)
class Oracle:
    """A server that is asked.

    *cases*: configurations, of which a good part is not just accepted. *spelled*: the spellings that
    were measured by hand; each is tried. *ask*: one answer a case, in their order. *files*,
    *command* and *environment*: a case as the server gets it. *version*: the words to which the program tells its
    version. *refuses*: statuses with which it does not start; *spared*: what we say of text that we
    cannot read and with which it starts all the same; *refusing*: rules that say of several settings
    together that it does not start. *altering*: rules whose effect says what the server makes of a
    value; *saying*: rules that say what becomes of a setting, of that name or else of their culprit.
    *stated*: what plimsoll.yaml says besides.
    """

    technology: str
    program: str
    package: str
    cases: st.SearchStrategy[Case]
    spelled: Sequence[Case]
    ask: Callable[[Sequence[Case]], Iterator[Answer]]
    files: Callable[[Case], Mapping[str, str]] = lambda _: {}
    command: Callable[[Case], Sequence[str]] = lambda _: ()
    environment: Callable[[Case], Mapping[str, str]] = lambda _: {}
    version: Sequence[str] | Callable[[], str] = ("--version",)
    refuses: frozenset[Status] = frozenset({Status.REFUSED, Status.UNKNOWN_NAME})
    spared: str = ""
    refusing: Sequence[str] = ()
    altering: Sequence[str] = ()
    saying: Mapping[str, tuple[str, Fate]] = field(default_factory=dict)
    stated: Mapping[str, object] = field(default_factory=dict)

    def entry(self, name: str) -> Entry | None:
        """What settings.yaml says of the name of a line."""
        known = technology(self.technology)
        assert known is not None
        part, _, own = name.rpartition("/")
        return known.schema.entry(own, part)


_UNITS = {
    Type.SIZE: {u: 1024**n for n, us in enumerate(("b", "k kb kib", "m mb mib", "g gb gib", "t tb tib")) for u in us.split()},
    Type.TIME: {"us": Fraction(1, 10**6), "ms": Fraction(1, 1000), "s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800},
}  # fmt: skip
_QUANTITY = re.compile(r"([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)\s*([A-Za-z]*)")
_QUANTITIES = re.compile(
    rf"(?:{_QUANTITY.pattern}\s*)(?:{_QUANTITY.pattern.replace('[-+]?', '')}\s*)*"
)
_HEXADECIMAL = re.compile(r"0[xX][0-9A-Fa-f]+")
_TRUTHS = dict.fromkeys(("on", "yes", "true", "1"), True) | dict.fromkeys(
    ("off", "no", "false", "0", "none"), False
)


def plain(text: str, entry: Entry) -> Held:
    """What a person takes *text* for, whatever the server makes of it: the measure of all fates."""
    bare = text.strip().strip("\"'").strip()
    if bare in entry.infinite:
        return UNLIMITED
    if entry.type is Type.BOOLEAN:
        return _TRUTHS.get(bare.lower(), bare)
    if entry.type is Type.ENUM:
        return bare.lower()
    if entry.type is Type.TEXT:
        return bare
    if _HEXADECIMAL.fullmatch(bare):
        bare = str(int(bare, 16))
    if bare.endswith("%") and entry.type is Type.NUMBER and _QUANTITY.fullmatch(bare[:-1]):
        return Fraction(bare[:-1]) / 100
    return _sum(bare, entry)


def _sum(bare: str, entry: Entry) -> Held:
    """The number of `64MB` and of `1h 30m`; the text itself where that is none."""
    units = _UNITS.get(entry.type, {})
    found = _QUANTITY.findall(bare) if _QUANTITIES.fullmatch(bare) else []
    if not found or any(unit and unit.lower() not in units for _, unit in found):
        return bare
    own = Fraction(1 if entry.scale is None else entry.scale)
    return sum(
        (
            Fraction(number) * Fraction(units[unit.lower()] if unit else own)
            for number, unit in found
        ),
        Fraction(0),
    )


def told(text: str, entry: Entry) -> Held:
    """A value as the server shows it: a number counts the setting's own unit."""
    if text in entry.infinite:
        return UNLIMITED
    if entry.type is Type.BOOLEAN:
        return _TRUTHS.get(text.lower(), text)
    if entry.type in (Type.TEXT, Type.ENUM):
        return text.lower() if entry.type is Type.ENUM else text
    try:
        return Fraction(text) * Fraction(1 if entry.scale is None else entry.scale)
    except ValueError:
        return text


def ours(value: Value | None) -> Held | None:
    """A value of ours; None where we cannot tell it, or where there is none: what nobody says holds."""
    if isinstance(value, Amount):
        low, high = (n if isinstance(n, float) else Fraction(n) for n in (value.low, value.high))
        return low if value.is_known else Span(low, high)
    if isinstance(value, bool):
        return value
    return value if isinstance(value, str) else None


def least(entry: Entry) -> int:
    """The smallest number that the setting takes, in its own unit."""
    return _in_own_unit(entry, entry.minimum, 0)


def within(entry: Entry) -> st.SearchStrategy[str]:
    """Bare numbers that the setting takes: of a wide range the lower part too."""
    most = 99_999 if entry.type is Type.NUMBER else 2**31 - 1  # servers show six digits of a real
    low, high = least(entry), min(most, _in_own_unit(entry, entry.maximum, most))
    return (st.integers(low, min(high, low + 9999)) | st.integers(low, high)).map(str)


def _in_own_unit(entry: Entry, end: Value | None, otherwise: int) -> int:
    if not isinstance(end, Amount) or end.low in (UNLIMITED, -UNLIMITED):
        return otherwise
    return min(int(end.low / Fraction(entry.scale or 1)), 2**31 - 1)


def effective(setting: Setting | None) -> Held | None:
    """The value of a setting that holds."""
    is_one = setting is not None and setting.status is Status.EFFECTIVE
    return ours(setting.value) if setting and is_one else None
