"""What a check gives back: findings, and what it could not decide."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from msgspec import Struct

from plimsoll.model.drift import Audit
from plimsoll.model.place import Span
from plimsoll.model.quantity import UNLIMITED, Amount, Number
from plimsoll.model.setting import Setting, Unread, Value
from plimsoll.model.stack import Stack, Suppression

# Settings that a report lists of one finding; who has more to look at looks at none.
MOST_LISTED = 12


class Severity(IntEnum):
    LOW = 0  # hygiene
    MEDIUM = 1  # hidden cap, waste, latency
    HIGH = 2  # degrades or loses data under plausible load or a deploy
    CRITICAL = 3  # takes production down

    def __str__(self) -> str:
        return self.name.lower()

    @classmethod
    def named(cls, name: str) -> Severity:
        return cls[name.upper()]


class Kind(StrEnum):
    EXACT = "exact"  # the server itself refuses or alters the value
    BOUND = "bound"  # worst-case arithmetic
    JUDGEMENT = "judgement"  # a threshold that can be configured


class Direction(StrEnum):
    """Which way a change of a setting helps."""

    LOWER = "lower"
    RAISE = "raise"


class Operand(Struct, frozen=True):
    """A setting that took part in a finding, and the service, host or link that it belongs to.

    *direction*: of what may be changed, where that is known. *is_earlier*: it is what the setting
    was before a change, with its place in that state.
    """

    owner: str
    setting: Setting
    direction: Direction | None = None
    is_earlier: bool = False

    def __eq__(self, other: object) -> bool:
        """The same setting is the same operand, whichever way it could be changed."""
        return (
            type(other) is Operand
            and self.owner == other.owner
            and self.is_earlier == other.is_earlier
            and self.setting == other.setting
        )

    def __hash__(self) -> int:
        return hash((self.owner, self.setting))


class Earlier(Struct, frozen=True):
    """What a finding was before a change. *severity*: None where it was none.

    *reason*: why nobody could tell what it was.
    """

    severity: Severity | None = None
    utilization: Number | None = None
    reason: str = ""


class Needs(StrEnum):
    """What it takes until a changed setting holds; the later, the dearer."""

    RELOAD = "reload"
    RESTART = "restart"
    PURCHASE = "purchase"  # memory or machines that are not there yet


# What one permille of a change weighs in the cost of a fix.
WEIGHTS = {Needs.RELOAD: 1, Needs.RESTART: 2, Needs.PURCHASE: 4}


class Edit(Struct, frozen=True):
    """In a file *text* takes the place of what stands at *span*; an empty span is an insertion."""

    path: str
    span: Span
    text: str


class Change(Struct, frozen=True):
    """A setting that gets another value. *text*: how that is written. *rule*: whose finding it is for.

    *edit*: what writes it; None where no edit can.
    """

    operand: Operand
    value: Value
    text: str
    needs: Needs
    cost: int
    rule: str
    edit: Edit | None = None


class Fix(Struct, frozen=True):
    """Changes that belong together. *told*: what no edit can do, a sentence each."""

    title: str
    changes: tuple[Change, ...] = ()
    cost: int = 0
    told: tuple[str, ...] = ()

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Every place once: a setting may belong to several that share a file."""
        return tuple(dict.fromkeys(each.edit for each in self.changes if each.edit is not None))


class Finding(Struct, frozen=True):
    """A rule that one target breaks. *operands*: the culprit first.

    *at_least*: an unknown operand could only make it worse. *accepted*: the entry of `ignore:` that
    is about it; one whose last day is over where the finding is back. *before*: of a difference.
    *fixes*: alternatives, where they were asked for.
    """

    rule: str
    title: str
    severity: Severity
    kind: Kind
    target: str  # "db", "app -> db", "host shop-1", "web, location /api"
    service: str  # the service (or host) that it is about, for grouping
    message: str
    why: str
    operands: tuple[Operand, ...]
    repair: tuple[Operand, ...] = ()  # what may be changed, in the order in which a fix tries
    load: Amount | None = None
    limit: Amount | None = None
    at_least: bool = False
    arithmetic: str = ""
    level: str = ""
    source: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    symptoms: tuple[str, ...] = ()
    fingerprint: str = ""
    accepted: Suppression | None = None
    before: Earlier | None = None
    fixes: tuple[Fix, ...] = ()

    @property
    def listed(self) -> tuple[Operand, ...]:
        """The operands that reports show: the first, since the culprit and what helps lead."""
        return self.operands[:MOST_LISTED]

    @property
    def unlisted(self) -> int:
        """How many operands reports only count."""
        return len(self.operands) - len(self.listed)

    @property
    def utilization(self) -> Number | None:
        """Load / limit; None where there is no load line or the limit is 0."""
        if self.load is None or self.limit is None:
            return None
        return utilization(self.load, self.limit)


def utilization(load: Amount, limit: Amount) -> Number | None:
    """The least share of *limit* that *load* surely is; None of a limit of 0."""
    if limit.high == 0:
        return None
    if limit.high == UNLIMITED:
        return 0
    return load.low / limit.high if load.low != UNLIMITED else UNLIMITED


class LoadLine(Struct, frozen=True):
    """What a rule compared for one target, whether it broke or not.

    *names*: of every service or host that the target is about.
    """

    rule: str
    title: str
    target: str
    service: str
    load: Amount
    limit: Amount
    names: frozenset[str] = frozenset()

    @property
    def utilization(self) -> Number | None:
        """Load / limit; None of a limit of 0."""
        return utilization(self.load, self.limit)


class Skipped(Struct, frozen=True):
    """A rule that could not be decided for one target, and what it still needs."""

    rule: str
    target: str
    reason: str
    service: str = ""


class Repaired(Struct, frozen=True):
    """A finding that is gone, and how much of its limit is used now; None: nobody can tell."""

    finding: Finding
    utilization: Number | None = None


class Difference(Struct, frozen=True):
    """Two states that were compared, and what is not told as a finding of the later one.

    *unchanged*: how many findings are as they were. *added*, *removed*: names of services.
    """

    before: str
    after: str
    repaired: tuple[Repaired, ...] = ()
    unchanged: int = 0
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class Outcome(Struct, frozen=True):
    """What one check gave: every question has an answer here, or a reason why not.

    *is_whole*: it was not interrupted. *difference*: where it has only what a change brings.
    *audit*: where running servers were asked.
    """

    stack: Stack
    findings: tuple[Finding, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    unread: tuple[Unread, ...] = ()
    suppressed: tuple[Finding, ...] = ()
    lines: tuple[LoadLine, ...] = ()
    rules: int = 0
    is_whole: bool = True
    difference: Difference | None = None
    audit: Audit | None = None

    def at_least(self, severity: Severity) -> bool:
        return any(f.severity >= severity for f in self.findings)
