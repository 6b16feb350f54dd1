"""Two outcomes to what came between them: what is new or worse, and what is repaired."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence, Set

from msgspec.structs import replace

from plimsoll.check.evaluate import NO_EARLIER
from plimsoll.model.finding import (
    Difference,
    Earlier,
    Finding,
    LoadLine,
    Outcome,
    Repaired,
    Skipped,
)
from plimsoll.model.quantity import UNLIMITED, Number
from plimsoll.model.setting import Unread
from plimsoll.model.stack import Adjustment, Service, Stack

_At = tuple[str, str]  # a rule's id, and the target
_Way = Callable[[Finding], Hashable]  # what two findings have in common that are the same one
INTERRUPTED = "interrupted"
_BETWEEN = re.compile(r" -> |, ")  # names of services in what a target is called


def difference(
    before: Outcome, after: Outcome, named: tuple[str, str], changed: Set[str]
) -> Outcome:
    """*after*, with only what was not so before. *named*: what the two states are called; *changed*:
    the files that are not the same in both.

    A finding is the same one while rule, target and culprit are, wherever its line moves to. It is
    worse when its severity or its utilization rose.
    """
    pairs = _Pairs(before, after)
    was, said = _skips(before), {_key(each) for each in before.skipped}
    unsure = {rule for (rule, _), reason in was.items() if reason == INTERRUPTED}
    asked = [each for each in after.findings if each.rule not in unsure]
    found = [now for each in asked if (now := pairs.now(each, was))]
    gone = _Gone(before, after)
    skipped = [each for each in after.skipped if _key(each) not in said]
    skipped = [*_of_what_changed(skipped, before, after), *gone.untold(pairs)]
    skipped += [Skipped(rule, "", INTERRUPTED) for rule in sorted(unsure)]
    unread = _new_unread(before.unread, after.unread, changed)
    accepted = [each for each in after.suppressed if id(each) not in pairs.by_later]
    return replace(
        after,
        findings=tuple(found),
        skipped=tuple(dict.fromkeys(skipped)),
        unread=unread,
        suppressed=tuple(accepted),
        is_whole=before.is_whole and after.is_whole,
        stack=replace(after.stack, named_unread=after.stack.named_unread and bool(unread)),
        difference=Difference(
            *named,
            repaired=tuple(gone.repaired(pairs)),
            unchanged=len(asked) - len(found),
            added=_services_only_in(after.stack, before.stack),
            removed=_services_only_in(before.stack, after.stack),
        ),
    )


class _Pairs:
    """Which findings of the two states are the same one."""

    def __init__(self, before: Outcome, after: Outcome) -> None:
        self._lines = _utilizations(before.lines)
        self.by_later: dict[int, Finding] = {}  # by the id of the later one
        gone, accepted = list(before.findings), list(before.suppressed)
        for way in (_same, _same_line):
            gone = self._unpaired(gone, after.findings, way)
        for way in (_same, _same_line):
            accepted = self._unpaired(accepted, after.suppressed, way)
            gone = self._unpaired(gone, after.suppressed, way)
        self.gone = gone  # what is not there any more

    def _unpaired(
        self, earlier: Sequence[Finding], later: Iterable[Finding], way: _Way
    ) -> list[Finding]:
        """Those of *earlier* that are no finding of *later*; of those that are it is noted which."""
        open_: dict[Hashable, list[Finding]] = {}
        for each in sorted(earlier, key=_severest):
            open_.setdefault(way(each), []).append(each)
        for each in sorted(later, key=_severest):
            at = way(each)
            if id(each) not in self.by_later and at is not None and open_.get(at):
                self.by_later[id(each)] = open_[at].pop(0)
        return [each for left in open_.values() for each in left]

    def now(self, each: Finding, was: Mapping[_At, str]) -> Finding | None:
        """A finding with what it was before; None where it is as it was."""
        old = self.by_later.get(id(each))
        if old is None:
            reason = was.get((each.rule, each.target), "")
            used = self._lines.get((each.rule, each.target))
            return replace(each, before=Earlier(None, used, reason))
        if each.severity > old.severity or _rose(old.utilization, each.utilization):
            return replace(each, before=Earlier(old.severity, old.utilization))
        return None


class _Gone:
    """What became of findings that are not there any more."""

    def __init__(self, before: Outcome, after: Outcome) -> None:
        self._lines = _utilizations(after.lines)
        self._skipped = _skips(after)
        known = {each.gap for each in before.stack.services.values()}
        services = after.stack.services.items()
        self._gaps = {name: each.gap for name, each in services if each.gap not in known}
        self._adjusted = [
            {rule: _terms(each) for rule, each in stack.adjustments.items()}
            for stack in (before.stack, after.stack)
        ]

    def repaired(self, pairs: _Pairs) -> Iterable[Repaired]:
        for each in pairs.gone:
            if not self._doubt(each):
                yield Repaired(each, self._lines.get((each.rule, each.target)))

    def untold(self, pairs: _Pairs) -> Iterable[Skipped]:
        """Those of which nobody can tell whether they are repaired."""
        for each in pairs.gone:
            doubt = self._doubt(each)
            if doubt:
                yield Skipped(each.rule, each.target, doubt, each.service)

    def _doubt(self, each: Finding) -> str:
        for at in ((each.rule, each.target), (each.rule, "")):
            if at in self._skipped:
                return self._skipped[at]
        before, after = self._adjusted
        if before.get(each.rule) != after.get(each.rule):
            return "was found before; `rules:` of plimsoll.yaml asks it otherwise now"
        if (each.rule, each.target) in self._lines:
            return ""
        owners = {name for o in each.operands for name in _BETWEEN.split(o.owner)}
        gaps = (self._gaps.get(name) for name in sorted({each.service, *owners}))
        return next((f"was found before; {gap}" for gap in gaps if gap), "")


def _terms(adjustment: Adjustment) -> object:
    params = sorted((name, each.text) for name, each in adjustment.params.items())
    return adjustment.is_off, adjustment.severity, params


def _same(each: Finding) -> Hashable:
    culprit = each.operands[0] if each.operands else None
    return each.rule, each.target, culprit and (culprit.owner, culprit.setting.name)


def _same_line(each: Finding) -> Hashable:
    """Another setting may lead once the numbers are others; the load line is the same."""
    return None if each.utilization is None else (each.rule, each.target)


def _severest(each: Finding) -> tuple[float, float]:
    return -each.severity, -float(each.utilization or 0)


def _rose(before: Number | None, after: Number | None) -> bool:
    return before is not None and after is not None and after > before


def _of_what_changed(
    skipped: Iterable[Skipped], before: Outcome, after: Outcome
) -> Iterable[Skipped]:
    """Those that are not about the change of what did not change: then there was nothing to ask."""
    comparing = {each.rule for each in before.skipped if each.reason == NO_EARLIER}
    was, now = before.stack.services, after.stack.services
    same = {name for name, each in now.items() if name in was and _said(was[name]) == _said(each)}
    for each in skipped:
        names = {each.service, *_BETWEEN.split(each.target)}.intersection(now)
        if each.rule not in comparing or not names or not names <= same:
            yield each


def _said(of: Service) -> object:
    """What is said of a service, wherever it stands."""
    settings = sorted(
        (each.technology, each.name, [str(block) for block in each.scope], each.text, each.status)
        for each in of.settings
    )
    stated = sorted((name, each.text) for name, each in of.stated.items())
    limits = sorted((name, [e.text for e in each.layers]) for name, each in of.limits.items())
    return of.technology, of.version, settings, stated, limits


def _key(each: Skipped) -> tuple[str, str, str]:
    return each.rule, each.target, each.service


def _skips(outcome: Outcome) -> dict[_At, str]:
    return {(each.rule, each.target): each.reason for each in outcome.skipped}


def _utilizations(lines: Iterable[LoadLine]) -> dict[_At, Number]:
    """By rule and target how much of a limit is used; of several the most."""
    found: dict[_At, Number] = {}
    for each in lines:
        used = each.utilization
        if used is not None:
            at = (each.rule, each.target)
            found[at] = max(used, found.get(at, -UNLIMITED))
    return found


def _new_unread(
    before: Iterable[Unread], after: Iterable[Unread], changed: Set[str]
) -> tuple[Unread, ...]:
    """What could be read before or was not there, and whole files that changed unseen.

    A line may have moved.
    """
    known = {(e.path, e.reason) for e in before if e.place or e.path not in changed}
    return tuple(each for each in after if (each.path, each.reason) not in known)


def _services_only_in(one: Stack, other: Stack) -> tuple[str, ...]:
    """A service of another technology is another service."""
    known = {name: each.technology for name, each in other.services.items()}
    return tuple(name for name, each in one.services.items() if known.get(name) != each.technology)
