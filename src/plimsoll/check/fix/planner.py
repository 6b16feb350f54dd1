"""From findings to fixes: which settings are tried in which order, and what each alternative is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.check.case import Broken, Case
from plimsoll.check.culprit import movers
from plimsoll.check.facts import Knowledge
from plimsoll.check.findings import found
from plimsoll.check.fix.demands import At, asked, asked_again, case_name, is_hidden, is_worse
from plimsoll.check.fix.evident import evident, switched
from plimsoll.check.fix.movables import Finder, Movable
from plimsoll.check.fix.pooling import pooling
from plimsoll.check.fix.solving import Answer, Question, answer
from plimsoll.check.language.provenance import operands
from plimsoll.check.world.reliance import Reliance
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.finding import Change, Direction, Finding, Fix, Operand, Severity
from plimsoll.model.quantity import UNLIMITED, Amount, Number, Unit
from plimsoll.model.rule import Rule
from plimsoll.model.setting import Setting
from plimsoll.model.stack import Service, Stack

LOWER, RAISE, BOTH = "lower the load", "raise the limit", "meet in between"
POOLER = "add a pooler"
SWITCH = "set it otherwise"
_UNPROVED = "which may not be the smallest change: there was no time to prove it"
_MOST_OTHERS = 3  # alternatives that are shown besides the smallest change
_NO_ARITHMETIC = "it is no matter of amounts, and no single switch mends it"


class NoFix(Struct, frozen=True):
    """Why a finding cannot be repaired: what cannot hold together, or what is in the way."""

    finding: Finding
    reason: str


class Plan(Struct, frozen=True):
    """Alternatives, the cheapest first, and what cannot be repaired by any of them."""

    fixes: tuple[Fix, ...] = ()
    impossible: tuple[NoFix, ...] = ()


Instead = Mapping[Operand, Setting]


class _Target(Struct, frozen=True, eq=False):
    """A finding that is to go, and how it was found."""

    at: At
    finding: Finding
    case: Case
    broken: Broken


class Planner:
    """Fixes for one stack; its rules are evaluated once for all of them."""

    def __init__(self, stack: Stack, rules: Sequence[Rule], known: Knowledge) -> None:
        self.rules = rules
        self.world = StackWorld(stack, known)
        self.before = asked(rules, self.world)
        self.reliance = Reliance()
        self.targets = [
            _Target(at, found(each.case, each.found).finding, each.case, each.found)
            for at, each in self.before.items()
            if each.found is not None
        ]
        self.finder = Finder(self.world, _reach(each.finding for each in self.targets))

    def plan(self, findings: Iterable[Finding]) -> Plan:
        """Fixes under which all of *findings* are gone, and nothing is broken that was not."""
        wanted = {(each.fingerprint, each.target) for each in findings}
        targets = [
            each
            for each in self.targets
            if (each.finding.fingerprint, each.finding.target) in wanted
        ]
        switches, lines = self._switches(targets)
        impossible: list[NoFix] = []
        while lines:
            instead = {each.operand: switched(each) for each in switches}
            best = self._smallest(lines, instead)
            twice = [
                each for each in switches if any(m.operand == each.operand for m in best.steps)
            ]
            if twice:  # one value has to do for all
                lines += [target for each in twice for target in switches.pop(each)]
            elif best.steps:
                found = self._alternatives(lines, best, instead)
                first = islice(found, 1 + _MOST_OTHERS)
                return Plan(tuple(_with([*switches], f) for f in first), tuple(impossible))
            else:
                without = self._impossible(lines, best, instead)
                impossible += without.values()
                lines = [each for each in lines if each not in without]
        fixes = [_with([*switches], Fix(SWITCH))] if switches else []
        return Plan(tuple(fixes), tuple(impossible))

    def _switches(
        self, targets: Sequence[_Target]
    ) -> tuple[dict[Change, list[_Target]], list[_Target]]:
        """Changes for conditions that have an evident one, each with these, and everything else."""
        found: dict[Change, list[_Target]] = {}
        others = [each for each in targets if each.finding.load is not None]
        for target in targets:
            if target.finding.load is not None:
                continue
            world = self.world.with_settings({each.operand: switched(each) for each in found})
            case = Case(target.case.rule, target.case.subject, world)
            if not isinstance(case.judged(), Broken):  # a change before has mended it
                for each, mended in found.items():
                    if each.operand in target.finding.operands:
                        mended.append(target)
                continue
            change = evident(case, target.finding, self.finder, self._is_sound)
            if change is None or any(change.operand == each.operand for each in found):
                others.append(target)
            else:
                found[change] = [target]
        return found, others

    def _is_sound(self, operand: Operand, setting: Setting) -> bool:
        """Whether nothing breaks with another value that did not before."""
        after = asked_again(self.before, self.world.with_settings({operand: setting}))
        return not any(
            is_worse(each, self.before.get(at)) and not is_hidden(at, after)
            for at, each in after.items()
        )

    def _impossible(
        self, targets: Sequence[_Target], best: Answer, instead: Instead
    ) -> dict[_Target, NoFix]:
        """The findings that cannot be repaired even alone; else the least of those in the way."""
        if len(targets) == 1:
            return {targets[0]: NoFix(targets[0].finding, _reason(targets[0], best))}
        named = [each for each in targets if case_name(each.case) in best.against]
        found: dict[_Target, NoFix] = {}
        for each in dict.fromkeys([*named, *(t for t in targets if t.finding.load is None)]):
            alone = self._smallest([each], instead)
            if not alone.steps:
                found[each] = NoFix(each.finding, _reason(each, alone))
        worst = min(named or targets, key=lambda each: each.finding.severity)
        return found or {worst: NoFix(worst.finding, _reason(worst, best))}

    # -- which settings

    def _smallest(self, targets: Sequence[_Target], instead: Instead) -> Answer:
        """The cheapest answer with the culprits; else with all that the rules nominate, or more.

        A fix tries settings in the order in which a finding names them.
        """
        question = self._question(targets, instead)
        repairs = [target.finding.repair for target in targets]
        last = answer(question, [m for each in repairs for m in self._first(each)])
        taking_part = [operand for each in repairs for operand in each]
        for buys in (None, False, True):
            if last.steps:
                return last
            if buys is False:
                taking_part += [e for each in targets for e in movers(each.case, each.broken)]
            taking_part += self._standing_against(last)
            tried = answer(question, self.finder.movables(taking_part, buys=bool(buys)))
            last = tried if tried.steps or tried.against or not last.against else last
        return last

    def _standing_against(self, last: Answer) -> Iterator[Operand]:
        """The settings of the load lines that are in the way, those that would be there too."""
        named = {*last.against}
        for each in self.before.values():
            if case_name(each.case) in named:
                for level in each.case.rule.levels:
                    for side in (level.load, level.limit):
                        yield from operands(each.case.value(side)) if side else ()

    def _first(self, operands: Iterable[Operand]) -> list[Movable]:
        """The culprit, as far as somebody can change it."""
        every = (self.finder.movables([each], buys=False) for each in operands)
        return next((each for each in every if each), [])

    def _alternatives(
        self, targets: Sequence[_Target], best: Answer, instead: Instead
    ) -> Iterator[Fix]:
        """The smallest change first, then the other ways, what has to be bought last."""
        question = self._question(targets, instead)
        moving = [e for target in targets for e in movers(target.case, target.broken)]
        moving += [e for target in targets for e in target.finding.repair]
        found = [best]
        for way in Direction:
            own = [each for each in moving if each.direction is way]
            movables = self.finder.movables(own, buys=way is Direction.RAISE)
            found.append(answer(question, movables))
        distinct = {_named(each): each for each in reversed(found) if each.steps}
        for each in sorted(distinct.values(), key=lambda one: one is not best):
            yield self._fix(_title(each), targets, each)
        for target in targets:
            if isinstance(target.case.subject.what, Service):
                yield from self._pooled(target, target.case.subject.what, targets, instead)

    def _pooled(
        self, target: _Target, server: Service, targets: Sequence[_Target], instead: Instead
    ) -> Iterator[Fix]:
        """A pooler before the server that has too many clients, and what mends the rest."""
        found = pooling(self.world, server, target.finding)
        if found is None:
            return
        world = StackWorld(found.stack, self.world.knowledge)
        rest = [each for each in targets if _is_broken(each, world.with_settings(instead))]
        best = self._smallest(rest, instead) if rest else Answer()
        if target in rest or (rest and not best.steps):
            return
        kept = {each.operand: each.replaced(steps) for each, steps in best.steps.items()}
        after = asked(self.rules, world.with_settings({**instead, **kept}))
        former = {id(new): old for old, new in found.moved.items()}
        for (rule, at), each in after.items():
            before = self.before.get((rule, former.get(at, at)))
            if is_worse(each, before) and not is_hidden((rule, at), after):
                return
        fix = self._fix(POOLER, targets, best)
        yield replace(fix, cost=fix.cost + found.cost, told=(found.told,))

    def _question(self, targets: Sequence[_Target], instead: Instead) -> Question:
        wanted = {each.at: Severity.LOW for each in targets}
        for at in list(wanted):
            wanted |= dict.fromkeys(self._behind(at), Severity.LOW)
        world = self.world.with_settings(instead)
        return Question(world, self.before, wanted, self.reliance)

    def _behind(self, at: At) -> Iterator[At]:
        """What is broken too and only hidden by that one."""
        for other, each in self.before.items():
            if other[1] == at[1] and at[0] in each.case.rule.unless and each.found is not None:
                yield other

    # -- what they are called

    def _fix(self, title: str, targets: Sequence[_Target], best: Answer) -> Fix:
        changes = tuple(
            self._change(movable, steps, targets)
            for movable, steps in sorted(best.steps.items(), key=lambda pair: pair[0].name)
        )
        return Fix(title if best.is_proved else f"{title}, {_UNPROVED}", changes, best.cost)

    def _change(self, movable: Movable, steps: int, targets: Sequence[_Target]) -> Change:
        value = movable.value(steps)
        return Change(
            operand=movable.operand,
            value=Amount.of(value, movable.unit),
            text=movable.style.text(value),
            needs=movable.needs,
            cost=movable.cost(steps),
            rule=_for(movable.operand, targets),
        )


def _is_broken(target: _Target, world: StackWorld) -> bool:
    return isinstance(Case(target.case.rule, target.case.subject, world).judged(), Broken)


def _with(switches: Sequence[Change], fix: Fix) -> Fix:
    cost = fix.cost + sum(each.cost for each in switches)
    return replace(fix, changes=(*switches, *fix.changes), cost=cost)


def _reach(findings: Iterable[Finding]) -> dict[Unit, Number]:
    """By unit the largest amount that is compared: how far a setting may have to go."""
    sides = [side for each in findings for side in (each.load, each.limit) if side]
    ends = [(side.unit, end) for side in sides for end in (side.low, side.high)]
    found: dict[Unit, Number] = {}
    for unit, end in ends:
        if end != UNLIMITED:
            found[unit] = max(found.get(unit, 0), end)
    return found


def _for(operand: Operand, targets: Sequence[_Target]) -> str:
    """The rule for whose finding a setting is changed."""
    own = (each for each in targets if operand in each.finding.operands)
    return next(own, targets[0]).finding.rule


def _title(best: Answer) -> str:
    """Which way its settings move."""
    ways = {
        each.operand.direction or (Direction.LOWER if steps < each.at_first else Direction.RAISE)
        for each, steps in best.steps.items()
    }
    return {Direction.LOWER: LOWER, Direction.RAISE: RAISE}[ways.pop()] if len(ways) == 1 else BOTH


def _named(best: Answer) -> tuple[tuple[tuple[str, str], int], ...]:
    return tuple(sorted((each.name, steps) for each, steps in best.steps.items()))


def _reason(target: _Target, best: Answer) -> str:
    if target.finding.load is None:
        return _NO_ARITHMETIC
    if best.reason:
        return best.reason
    return f"within these limits there is none: {'; '.join(best.against)} cannot hold together"
