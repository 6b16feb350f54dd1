"""Rules: a fault that a stack may have, with its documentation, its repair and its tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from plimsoll.model.finding import Kind, Severity
from plimsoll.model.place import Place
from plimsoll.model.quantity import Amount
from plimsoll.model.setting import Status


class TargetKind(StrEnum):
    """What a rule is evaluated once for each of."""

    SERVICE = "service"
    LINK = "link"
    HOST = "host"
    PART = "part"
    SETTING = "setting"


class Expression(Struct, frozen=True, eq=False):
    """A formula of the rules' language. *parse* gives its parsed form: plain tuples.

    Compared by identity: what is compiled from it is kept for it.
    """

    text: str
    place: Place
    parse: Callable[[str], tuple[Any, ...]]

    @property
    def node(self) -> tuple[Any, ...]:
        return self.parse(self.text)


class Target(Struct, frozen=True):
    """The `for:` of a rule. Empty names mean any.

    *technologies*: of the service, part or setting; *sources* and *targets*: of a link's ends.
    *type*: of a part. *name*: a regular expression for the whole name of a setting. *statuses*:
    those that a setting may have; effective only, unless the rule says otherwise.
    """

    kind: TargetKind
    variable: str
    technologies: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    type: str = ""
    name: str = ""
    statuses: tuple[Status, ...] = (Status.EFFECTIVE,)
    place: Place | None = None


class Repair(Struct, frozen=True):
    """One entry of `repair:`: ways to what may be changed (`h.services.memory_likely`).

    *is_ranked*: an inner list, ranked by distance from the default.
    """

    paths: tuple[Expression, ...]
    is_ranked: bool = False


class Level(Struct, frozen=True):
    """One line of a rule: either *load* against *limit*, or conditions that are *required*.

    It has everything that it does not replace from its rule.
    """

    name: str  # empty where a rule has no `levels:`
    severity: Severity
    kind: Kind
    message: tuple[str | Expression, ...]
    when: tuple[Expression, ...] = ()
    load: Expression | None = None
    limit: Expression | None = None
    is_strict: bool = False  # equal breaks too
    required: tuple[Expression, ...] = ()
    repair: tuple[Repair, ...] = ()
    effect: Mapping[str, Expression] = field(default_factory=dict)


class Param(Struct, frozen=True):
    """A threshold that plimsoll.yaml may set. *is_bare*: a number that fits any unit."""

    value: Amount | str | bool
    is_bare: bool = False


class Verdict(StrEnum):
    """What an example says that its rule gives."""

    FLAGGED = "flagged"
    CLEAN = "clean"
    SKIPPED = "skipped"


class Example(Struct, frozen=True):
    """Files, and what the rule makes of them. *expected*: texts by key of `expect:`."""

    verdict: Verdict
    files: Mapping[str, str]
    place: Place
    expected: Mapping[str, str] = field(default_factory=dict)
    effect: Mapping[str, str] = field(default_factory=dict)


class Rule(Struct, frozen=True):
    """A rule file. *lets* are in their order, each may use those before it."""

    id: str
    title: str
    target: Target
    levels: tuple[Level, ...]  # worst severity first
    why: str
    source: tuple[str, ...]
    place: Place
    examples: Sequence[Example] = ()
    lets: tuple[tuple[str, Expression], ...] = ()
    params: Mapping[str, Param] = field(default_factory=dict)
    untouched: Severity | None = None  # while nobody wrote an operand
    assumed: Severity | None = None  # the highest while an operand is an assumption
    unless: tuple[str, ...] = ()
    symptoms: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()

    @property
    def severity(self) -> Severity:
        """The worst that it can find."""
        return max(level.severity for level in self.levels)

    @property
    def kind(self) -> Kind:
        return self.levels[0].kind
