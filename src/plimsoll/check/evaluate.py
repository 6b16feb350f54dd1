"""Rules on a stack: every rule on every target of it, each with an answer or a reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from msgspec import Struct, field

from plimsoll.check.case import Broken, Case, Undecided
from plimsoll.check.documents import FileError
from plimsoll.check.facts import Knowledge
from plimsoll.check.findings import Found, found
from plimsoll.check.foresight import Foresight
from plimsoll.check.language.nodes import RuleSyntaxError
from plimsoll.check.language.types import TooManySteps
from plimsoll.check.targets import Subject, Targets
from plimsoll.check.world.base import MOST_STEPS
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.finding import Finding, LoadLine, Severity, Skipped
from plimsoll.model.place import Place
from plimsoll.model.rule import Rule
from plimsoll.model.stack import Stack

# "memory of host db-1", "workers of app (computed: ...)": what somebody could state.
_NEED = re.compile(r"\S+ of (?!.* is unset$).*", re.DOTALL)
NO_EARLIER = "needs an earlier state to compare with"
_STATES = {
    "before": NO_EARLIER,
    "running": "needs the running server",
}
_TOO_DEAR = f"given up: it goes through more than {MOST_STEPS:,} entries of lists"

_FEW = 16  # targets; finding out what conditions ask for takes longer than asking so many

_At = tuple[str, int]  # a rule's id, and the id of what it is evaluated for


class _Answers(Struct):
    """By rule and target, so that `unless:` can ask whether a rule found the same target."""

    found: dict[_At, Found] = field(default_factory=dict)
    skipped: dict[_At, Skipped] = field(default_factory=dict)
    without_state: list[Skipped] = field(default_factory=list)
    lines: list[LoadLine] = field(default_factory=list)


Tell = Callable[[str, int, int], None]


def nobody(rule: str, done: int, rules: int) -> None:
    """Hears how far it is, and says nothing."""


class Answers(Struct, frozen=True):
    """What the rules find, what they could not decide, and every load line that they drew.

    *is_whole*: all of them were asked.
    """

    found: list[Found]
    skipped: list[Skipped]
    lines: list[LoadLine]
    is_whole: bool


def answers(
    rules: Sequence[Rule], stack: Stack, knowledge: Knowledge, tell: Tell = nobody
) -> Answers:
    """The answers of rules. Who interrupts it gets those that were given so far."""
    given, asked = _Answers(), 0
    try:
        world = StackWorld(stack, knowledge)
        targets = Targets(world)
        for rule in rules:
            tell(rule.id, asked, len(rules))
            world.budget.left = MOST_STEPS
            try:
                foresight = Foresight(rule, world)
                _answer(rule, targets.of(rule.target, foresight.is_silent), world, given, foresight)
            except RuleSyntaxError as problem:  # of ours: those of a user were read before
                raise FileError(rule.place, f"an expression: {problem}") from problem
            except TooManySteps:
                given.without_state.append(Skipped(rule.id, "", _TOO_DEAR))
            asked += 1
    except KeyboardInterrupt:
        given.without_state += [Skipped(each.id, "", "interrupted") for each in rules[asked:]]
    unless = {rule.id: rule.unless for rule in rules if rule.unless}
    blamed = _blamed(given.found, {each for names in unless.values() for each in names})
    shown = [
        each
        for at, each in given.found.items()
        if not _is_hidden(at, unless, given) and not _is_told(each.finding, unless, blamed)
    ]
    shown = list({_said(each.finding): each for each in shown}.values())
    open_ = [each for at, each in given.skipped.items() if not _is_hidden(at, unless, given)]
    return Answers(shown, [*open_, *given.without_state], given.lines, asked == len(rules))


def _answer(
    rule: Rule,
    subjects: Iterable[Subject],
    world: StackWorld,
    given: _Answers,
    foresight: Foresight,
) -> None:
    absent: set[str] = set()
    draws_lines = any(level.load is not None for level in rule.levels)
    for number, subject in enumerate(subjects):
        is_foreseen = number >= _FEW
        like = foresight.likeness(subject.what) if is_foreseen else None
        if like in foresight.silent:
            continue
        world.absent.clear()
        case = Case(rule, subject, world, foresight if is_foreseen else None)
        answer = case.judged()
        at = (rule.id, id(subject.what))
        if draws_lines and (line := case.measured()):
            load, limit = line[0].amount, line[1].amount
            given.lines.append(
                LoadLine(
                    rule.id,
                    rule.title,
                    subject.label,
                    subject.service,
                    load,
                    limit,
                    subject.names,
                )
            )
        if isinstance(answer, Broken):
            given.found[at] = found(case, answer)
        elif world.absent:
            absent |= world.absent
        elif isinstance(answer, Undecided):
            given.skipped[at] = Skipped(rule.id, subject.label, reason(answer), subject.service)
        elif like is not None:
            foresight.silent.add(like)
    if absent:
        said = "; ".join(_STATES[each] for each in sorted(absent))
        given.without_state.append(Skipped(rule.id, "", said))


def _is_hidden(at: _At, unless: Mapping[str, tuple[str, ...]], given: _Answers) -> bool:
    """Whether a rule of its `unless:` found the same target, and thinks it at least as bad."""
    rule, target = at
    others = (given.found.get((other, target)) for other in unless.get(rule, ()))
    own = given.found.get(at)
    return any(
        each is not None and (own is None or each.finding.severity >= own.finding.severity)
        for each in others
    )


_Culprit = tuple[str, str, str, Place | None]
_Blamed = dict[tuple[str, _Culprit], Severity]


def _blamed(found: Mapping[_At, Found], rules: Collection[str]) -> _Blamed:
    """How bad some rules think what they name first, on whatever target."""
    blamed: _Blamed = {}
    for (rule, _), each in found.items():
        if rule in rules and (culprit := _culprit(each.finding)):
            at = (rule, culprit)
            blamed[at] = max(blamed.get(at, each.finding.severity), each.finding.severity)
    return blamed


def _is_told(finding: Finding, unless: Mapping[str, tuple[str, ...]], blamed: _Blamed) -> bool:
    """Whether a rule of its `unless:` names the same setting first, and thinks it at least as bad."""
    culprit = _culprit(finding)
    if culprit is None:
        return False
    told = (blamed.get((other, culprit)) for other in unless.get(finding.rule, ()))
    return any(each is not None and each >= finding.severity for each in told)


def _culprit(finding: Finding) -> _Culprit | None:
    if not finding.operands:
        return None
    first = finding.operands[0]
    return first.owner, first.setting.technology, first.setting.name, first.setting.place


def _said(finding: Finding) -> tuple[object, ...]:
    """What tells it from others: links of several blocks may break by what stands around these."""
    places = tuple(operand.setting.place for operand in finding.operands)
    return finding.fingerprint, finding.target, finding.message, places


def reason(undecided: Undecided) -> str:
    """Why a rule could not be decided: "needs memory of host db-1, connections of app -> db"."""
    wanted = [each for each in undecided.needs if _NEED.fullmatch(each)]
    others = [each for each in undecided.needs if each not in wanted]
    said = [f"needs {', '.join(wanted)}"] if wanted else []
    return "; ".join((*said, *others)) or "needs what the rule cannot tell"
