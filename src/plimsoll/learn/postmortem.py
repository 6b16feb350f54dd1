"""What one postmortem says: the nouns that reading gives and everything else of `learn` takes."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from plimsoll.learn.moment import Moment


class EntryKind(StrEnum):
    """What an entry of a timeline tells."""

    CHANGE = "change"
    SYMPTOM = "symptom"
    ALERT = "alert"
    HYPOTHESIS = "hypothesis"
    CAUSE = "cause"
    ACTION = "action"
    RECOVERY = "recovery"
    NOTE = "note"


class ActionKind(StrEnum):
    """What an action item is for."""

    PREVENT = "prevent"
    DETECT = "detect"
    MITIGATE = "mitigate"
    RESPOND = "respond"
    LEARN = "learn"


class Category(StrEnum):
    """What would have to be changed for it not to happen again."""

    CONFIGURATION = "configuration"
    CODE = "deployment/code"
    CAPACITY = "capacity"
    DEPENDENCY = "dependency"
    DATABASE = "database"
    NETWORK = "network"
    HARDWARE = "hardware"
    SECURITY = "security"
    HUMAN = "human process"
    OTHER = "other"


# What a reader looks for in every postmortem; those not found are `missing`.
SECTIONS = (
    "impact",
    "timeline",
    "detection",
    "root cause",
    "resolution",
    "actions",
    "owners",
    "due dates",
)


class Source(Struct, frozen=True):
    """Where a value was read and how sure that is, 0 to 1."""

    line: int
    confidence: float


class Entry(Struct, frozen=True):
    """One entry of the timeline. *at*: None where it has no time of its own."""

    at: Moment | None
    text: str
    line: int
    kind: EntryKind = EntryKind.NOTE
    until: Moment | None = None
    is_approximate: bool = False


class Milestones(Struct, frozen=True):
    """One definition each; None where the text does not say."""

    started: Moment | None = None  # impact begins
    detected: Moment | None = None  # a machine or a person notices
    acknowledged: Moment | None = None  # somebody begins to investigate
    engaged: Moment | None = None  # those who can repair it take part
    identified: Moment | None = None  # the cause is named
    mitigated: Moment | None = None  # the repair that ends the main impact is in effect
    resolved: Moment | None = None  # all is as it should be

    def items(self) -> tuple[tuple[str, Moment | None], ...]:
        return tuple((name, getattr(self, name)) for name in self.__struct_fields__)


class Impact(Struct, frozen=True):
    """*percent*: of users, requests or traffic. *functions*: what could not be done."""

    percent: float | None = None
    users: int | None = None
    functions: tuple[str, ...] = ()


class Hypothesis(Struct, frozen=True):
    """A wrong path that somebody followed. *minutes*: until it was left; None where not known."""

    text: str
    minutes: int | None
    line: int
    start: Moment | None = None
    end: Moment | None = None


class RootCause(Struct, frozen=True):
    """*text*: None where no sentence tells it. *setting*: its name or its kind, as the text has it."""

    text: str | None
    category: Category
    line: int
    confidence: float
    technology: str | None = None
    setting: str | None = None
    value: str | None = None


class Factor(Struct, frozen=True):
    text: str
    line: int


class Action(Struct, frozen=True):
    """*done*: None where nothing is said of it. *same_as*: lines that say the same again."""

    text: str
    line: int
    kind: ActionKind
    owner: str | None = None
    due: str | None = None
    done: bool | None = None
    same_as: tuple[int, ...] = ()


class Contradiction(Struct, frozen=True):
    """Two places that cannot both be right. *code*: of the lint rule."""

    code: str
    message: str
    lines: tuple[int, ...]


class NotUnderstood(Struct, frozen=True):
    """A line that looked as if it said something that is read, and why it was not."""

    line: int
    text: str


class Postmortem(Struct, frozen=True):
    """One incident as its text tells it. Nothing is guessed: what is not stated is None."""

    path: str
    title: str | None = None
    start: Moment | None = None
    end: Moment | None = None
    duration_minutes: int | None = None
    time_zone: str | None = None
    severity: str | None = None
    impact: Impact = Impact()
    timeline: tuple[Entry, ...] = ()
    milestones: Milestones = Milestones()
    hypotheses: tuple[Hypothesis, ...] = ()
    root_cause: RootCause | None = None
    factors: tuple[Factor, ...] = ()
    resolution: str | None = None
    actions: tuple[Action, ...] = ()
    missing: tuple[str, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    not_understood: tuple[NotUnderstood, ...] = ()
    others: tuple[Postmortem, ...] = ()
    is_incident: bool = True
