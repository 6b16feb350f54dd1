"""Repairs: the smallest change under which every load line holds, and the edits that write it.

Here on its own: it is imported where somebody asks for a fix.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.check.adjust import adjusted_rules
from plimsoll.check.documents import FileError
from plimsoll.check.facts import Knowledge
from plimsoll.check.fix.edits import Read, edited_texts, with_edits
from plimsoll.check.fix.planner import NoFix, Plan, Planner
from plimsoll.check.fix.program import NoSolverError
from plimsoll.check.library import RulesError, knowledge
from plimsoll.model.finding import Finding, Outcome
from plimsoll.model.rule import Rule

__all__ = ["NoFix", "NoSolverError", "Plan", "Read", "Repairer", "edited_texts"]


class Repairer(Struct, frozen=True, eq=False):
    """Fixes for what one check found. *read*: the stack where files have other texts."""

    outcome: Outcome
    planner: Planner
    read: Read

    @classmethod
    def of(
        cls, outcome: Outcome, rules: Sequence[Rule], read: Read, known: Knowledge | None = None
    ) -> Repairer:
        """Who repairs what *rules* found.

        Raises:
            RulesError: plimsoll.yaml says what no rule has.
        """
        known = known or knowledge()
        try:
            asked = adjusted_rules(rules, outcome.stack, known)
        except FileError as problem:
            raise RulesError([problem]) from problem
        return cls(outcome, Planner(outcome.stack, asked, known), read)

    def plan(self, findings: Iterable[Finding]) -> Plan:
        """Fixes under which all of *findings* are gone together, with their edits.

        Each change has the edit that writes it, where one can; what no edit does is told. Nothing is
        written and nothing outside is touched but by *read*.

        Raises:
            NoSolverError: OR-tools is not installed.
        """
        plan = self.planner.plan(findings)
        fixes = (with_edits(each, self.outcome.stack, self.read) for each in plan.fixes)
        return replace(plan, fixes=tuple(fixes))

    def each_apart(self) -> Outcome:
        """The outcome, each finding with the fixes for it alone."""
        found = [replace(f, fixes=self.plan([f]).fixes) for f in self.outcome.findings]
        return replace(self.outcome, findings=tuple(found))

    def left_over(
        self, after: Outcome, wanted: Collection[Finding]
    ) -> tuple[list[Finding], list[Finding]]:
        """Of *wanted* those that are still there after a fix, and what it has brought.

        What another finding hid was there before.
        """
        repaired = {_at(each) for each in wanted}
        known = {_at(each.finding): each.finding.severity for each in self.planner.targets}
        still = [each for each in after.findings if _at(each) in repaired]
        new = [
            each
            for each in after.findings
            if _at(each) not in repaired
            and (_at(each) not in known or each.severity > known[_at(each)])
        ]
        return still, new


def _at(finding: Finding) -> tuple[str, str]:
    return finding.rule, finding.target
