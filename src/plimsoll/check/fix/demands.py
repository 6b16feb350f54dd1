"""What has to hold after a fix: the load lines of a stack, as they were evaluated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from math import ceil

from msgspec import Struct

from plimsoll.check.case import Broken, Case
from plimsoll.check.facts import VARIABLES
from plimsoll.check.formulas import evaluation
from plimsoll.check.language.truths import broken, joined
from plimsoll.check.language.types import TooManySteps
from plimsoll.check.language.values import Num, Truth
from plimsoll.check.targets import Targets
from plimsoll.check.world.base import MOST_STEPS, thing
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.finding import Severity
from plimsoll.model.quantity import COUNT, UNLIMITED, shown
from plimsoll.model.rule import Level, Rule, TargetKind
from plimsoll.model.stack import Service

At = tuple[str, int]  # a rule's id, and the id of what it is evaluated for


class Asked(Struct, frozen=True, eq=False):
    """A rule on one target, and the level that breaks."""

    case: Case
    found: Broken | None

    @property
    def severity(self) -> Severity | None:
        return self.found.level.severity if self.found else None


class Demand(Struct, frozen=True, eq=False):
    """*condition* may not surely be *bad*, as long as all of *guards* are what they are.

    *what*: how a contradiction names it.
    """

    condition: Truth
    bad: bool
    guards: tuple[Truth, ...]
    what: str


def asked(rules: Sequence[Rule], world: StackWorld) -> dict[At, Asked]:
    """Every rule on every target; rules that are too dear to ask are left out."""
    found: dict[At, Asked] = {}
    targets = Targets(world)
    for rule in rules:
        world.budget.left = MOST_STEPS
        try:
            for subject in targets.of(rule.target):
                found[rule.id, id(subject.what)] = _asked(Case(rule, subject, world))
        except TooManySteps:
            continue
    return found


def _asked(case: Case) -> Asked:
    judged = case.judged()
    return Asked(case, judged if isinstance(judged, Broken) else None)


def asked_again(before: Mapping[At, Asked], world: StackWorld) -> dict[At, Asked]:
    """As `asked`, of a world with other settings: what none of these moves is as it was.

    A rule about settings is asked about the settings of that world.
    """
    differing = {each.case.world: each.case.world.difference(world) for each in before.values()}
    found = dict(before)
    rules: dict[str, Rule] = {}
    for at, each in before.items():
        rule, subject = each.case.rule, each.case.subject
        if not each.case.rests_on(differing[each.case.world]):
            continue
        if rule.target.kind is TargetKind.SETTING:
            rules[rule.id] = rule
            continue
        world.budget.left = MOST_STEPS
        with suppress(TooManySteps):
            found[at] = _asked(Case(rule, subject, world))
    return {**found, **asked([*rules.values()], world)}


def is_hidden(at: At, answers: Mapping[At, Asked]) -> bool:
    """Whether a rule of its `unless:` found the same target, and thinks it at least as bad."""
    own = answers[at]
    others = (answers.get((other, at[1])) for other in own.case.rule.unless)
    return any(
        each is not None
        and each.severity is not None
        and (own.severity is None or each.severity >= own.severity)
        for each in others
    )


def of_case(each: Asked, *, least: Severity | None = None) -> Iterator[Demand]:
    """The load lines of a case that apply; of what is broken and may stay so, those that are worse.

    *least*: of a case that is to be repaired, the lowest severity that may not break.
    """
    for level in each.case.rule.levels:
        if least is not None:
            is_wanted = level.severity >= least or level is (each.found and each.found.level)
        else:
            is_wanted = each.severity is None or level.severity > each.severity
        if is_wanted and (level.load or (each.found and level is each.found.level)):
            yield from of_level(each.case, level)


def of_level(case: Case, level: Level) -> Iterator[Demand]:
    """What one level demands; nothing where it surely does not apply."""
    guards = [case.value(each) for each in level.when]
    applies = case.applies(level)
    if not isinstance(applies, Truth) or applies.value is False:
        return
    if level.load and level.limit:
        load, limit = case.value(level.load), case.value(level.limit)
        condition, bad = broken(load, limit, strict=level.is_strict), True
    else:
        condition, bad = joined("&&", [case.value(each) for each in level.required]), False
    if isinstance(condition, Truth):
        conditions = tuple(each for each in guards if isinstance(each, Truth))
        yield Demand(condition, bad, conditions, case_name(case))


def case_name(case: Case) -> str:
    """How a contradiction names a rule on a target."""
    return f"{case.rule.id} of {case.subject.label}"


def floors(world: StackWorld) -> Iterator[Demand]:
    """No service may serve fewer at once than it does, than its cores carry, than was measured."""
    for service in world.stack.services.values():
        carried = _concurrency(world, service)
        if carried is None or not carried.is_known:
            continue
        floor = _floor(world, service, carried)
        if floor > 0:
            what = f"{service.name} serves at least {shown(floor, COUNT)} at once"
            condition = broken(Num(floor, floor, carried.unit), carried, strict=False)
            if isinstance(condition, Truth):
                yield Demand(condition, bad=True, guards=(), what=what)


def _concurrency(world: StackWorld, service: Service) -> Num | None:
    """How many requests it serves at once by its settings, whatever was measured."""
    known = world.knowledge.fact("service", service.technology, "concurrency")
    if known is None or known.formula is None:
        return None
    found = evaluation(known.formula)(world, {VARIABLES["service"]: thing(service)})
    return found if isinstance(found, Num) else None


def _floor(world: StackWorld, service: Service, carried: Num) -> int:
    cores = world.attribute(thing(service), "cores")
    low = cores.low if isinstance(cores, Num) else 0
    by_cores = UNLIMITED if low == UNLIMITED else 2 * max(1, ceil(low)) + 1
    floor = min(carried.low, by_cores)
    measured = service.measured.get("concurrency")
    if measured is not None:
        wanted = world.value(service, measured)
        if isinstance(wanted, Num) and wanted.low != UNLIMITED:
            floor = max(floor, min(wanted.low, carried.low))
    return 0 if floor == UNLIMITED else int(floor)


def is_worse(after: Asked, before: Asked | None) -> bool:
    """Whether something is broken that was not, or more badly."""
    if after.severity is None:
        return False
    return before is None or before.severity is None or after.severity > before.severity
