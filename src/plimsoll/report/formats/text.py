"""The report for a person: what does not fit, where, why, what to do; and what was not checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TextIO

from plimsoll.model.drift import Audit
from plimsoll.model.finding import Difference, Finding, Fix, Operand, Outcome, Severity, Skipped
from plimsoll.model.setting import Unread
from plimsoll.model.stack import Suppression
from plimsoll.report.colors import Paint
from plimsoll.report.compared import between, changes, repaired, was
from plimsoll.report.drift import drifted, unasked
from plimsoll.report.format import Format, Look
from plimsoll.report.moves import moves, needs
from plimsoll.report.needs import Gap, gaps, how_to_give
from plimsoll.report.operands import (
    named,
    position,
    repairs,
    share,
    unread_reason,
    value,
    where,
)
from plimsoll.report.quotes import Quotes
from plimsoll.report.secrets import Mask
from plimsoll.report.stack_text import heading
from plimsoll.report.width import columns, visible, wrapped
from plimsoll.report.words import counted

_INDENT = "  "
_LABEL = 6  # columns of "why", "with", ... and the space behind them
_MOST_RULES = 6  # that are named behind a gap
_MOST_MEASURED = 3  # that show how a measurement is given


def write(outcome: Outcome, out: TextIO, look: Look) -> None:
    """Findings by service, the worst first; then what is not known; then a summary."""
    report = _Report(outcome, out, look)
    if look.is_brief:
        report.brief()
    else:
        report.whole()


FORMAT = Format("for people", write)


def by_service(findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    """Findings of each service, the worst service and the worst finding first."""
    groups: dict[str, list[Finding]] = {}
    for each in sorted(findings, key=lambda f: -f.severity):
        groups.setdefault(each.service, []).append(each)
    return list(groups.items())


class _Report:
    """One report on its way out. Every line goes through `_line`, masked and visible."""

    def __init__(self, outcome: Outcome, out: TextIO, look: Look) -> None:
        self.outcome = outcome
        self.out = out
        self.width = max(40, look.width)
        self.paint = Paint(look.is_colored)
        self.mask = Mask.of(outcome.stack)
        self.quotes = Quotes(outcome.stack.texts, self.mask)

    # ------------------------------------------------------------------ one line each

    def brief(self) -> None:
        for _, findings in by_service(self.outcome.findings):
            for each in findings:
                self._line(self._brief(each))

    def _brief(self, finding: Finding) -> str:
        first = finding.operands[0].setting if finding.operands else None
        at = (position(first) if first else "") or visible(finding.target or finding.service)
        severity = self.paint.severity(finding.severity, str(finding.severity))
        return f"{at}: {severity}: {self.mask.sentence(finding.message)} [{visible(finding.rule)}]"

    # -------------------------------------------------------------------------- whole

    def whole(self) -> None:
        for service, findings in by_service(self.outcome.findings):
            self._line(self.paint.strong(self._heading(service)))
            self._line()
            for each in findings:
                self._finding(each)
        self._repaired(self.outcome.difference)
        self._drift(self.outcome.audit)
        self._not_asked(self.outcome.audit)
        self._not_checked(self.outcome.skipped)
        self._not_read(self.outcome.unread)
        self._accepted(self.outcome.suppressed)
        for line in wrapped(summary(self.outcome), self.width):
            self._line(line)

    def _heading(self, name: str) -> str:
        service = self.outcome.stack.services.get(name)
        if service is None:
            return visible(f"host {name}" if name in self.outcome.stack.hosts else name or "stack")
        return heading(service)

    def _finding(self, finding: Finding) -> None:
        word = str(finding.severity).upper()
        title = wrapped(finding.title, self.width - len(word) - 4) or [finding.rule]
        self._line(f"{_INDENT}{self.paint.severity(finding.severity, word)}  {title[0]}")
        for line in title[1:]:
            self._line(" " * (len(word) + 4) + line)
        is_told = finding.target in ("", finding.service, f"host {finding.service}")
        target = "" if is_told else f", {finding.target}"
        self._line(self.paint.faint(f"{_INDENT * 2}{visible(finding.rule + target)}"))
        if finding.operands:
            self._culprit(finding.operands[0])
        self._paragraph(self.mask.sentence(finding.message))
        if finding.arithmetic:
            self._paragraph(self.mask.sentence(finding.arithmetic) + share(finding))
        self._labelled("was", [each for each in [was(finding, self.mask)] if each])
        self._others(finding)
        self._labelled("why", [finding.why])
        self._labelled("do", repairs(finding.repair, self.mask))
        self._labelled("fix", [self._fix(each) for each in finding.fixes])
        self._labelled("seen", [", ".join(finding.seen)])
        if finding.accepted is not None:
            self._labelled("note", [f"was accepted{self._terms(finding.accepted)}"])
        self._line()

    def _fix(self, fix: Fix) -> str:
        told = "; ".join((*moves(fix, self.mask), *map(self.mask.sentence, fix.told)))
        return f"{needs(fix)}: {told}"

    def _culprit(self, operand: Operand) -> None:
        setting = operand.setting
        quote = None if operand.is_earlier else self.quotes.of(setting, self.width - 10)
        if quote is None or setting.place is None:
            told = f"{named(operand)} = {value(setting, self.mask)}: {where(setting)}"
            self._paragraph(told.rstrip(": "))
            return
        number = str((setting.place.value or setting.place.span).line)
        self._line(_INDENT * 2 + self.paint.strong(position(setting)))
        self._line(f"{_INDENT * 3}{number} | {quote.text}")
        self._line(f"{_INDENT * 3}{' ' * len(number)} | {self.paint.strong(quote.carets)}")

    def _others(self, finding: Finding) -> None:
        rows = [
            (f"{named(each)} = {value(each.setting, self.mask)}", where(each.setting))
            for each in finding.listed[1:]
        ]
        widest = min(48, max((columns(told) for told, _ in rows), default=0))
        listed = [f"{_padded(told, widest)}  {place}".rstrip() for told, place in rows]
        if finding.unlisted:
            listed.append(f"and {finding.unlisted} more")
        self._labelled("with", listed, is_table=True)

    def _repaired(self, difference: Difference | None) -> None:
        if difference is None or not difference.repaired:
            return
        self._line(self.paint.strong("Repaired"))
        for each in difference.repaired:
            self._wrapped(repaired(each, self.mask), _INDENT)
        self._line()

    def _drift(self, audit: Audit | None) -> None:
        if audit is None or not audit.drifts:
            return
        self._line(self.paint.strong("Drift"))
        for each in audit.drifts:
            self._wrapped(drifted(each, self.mask), _INDENT)
        self._line()

    def _not_asked(self, audit: Audit | None) -> None:
        if audit is None or not (told := list(unasked(audit))):
            return
        self._line(self.paint.strong("Not asked"))
        for each in told:
            self._wrapped(self.mask.reason(each), _INDENT)
        self._line()

    def _not_checked(self, skipped: Sequence[Skipped]) -> None:
        if not skipped:
            return
        self._line(self.paint.strong("Not checked"))
        found = gaps(skipped)
        for gap in found:
            if gap.is_measured:
                continue
            count = len(gap.rules)
            names = ", ".join(gap.rules[:_MOST_RULES]) + (", ..." if count > _MOST_RULES else "")
            need = ("needs " if count == 1 else "need ") if gap.is_named else "not asked: "
            missing = self.mask.reason(", ".join(gap.missing))
            self._wrapped(f"{counted(count, 'rule')} {need}{missing} ({names})", _INDENT)
            for hint in gap.hints:
                self._wrapped(f"give it: {visible(hint)}", _INDENT * 2)
        self._not_measured([gap for gap in found if gap.is_measured])
        self._line()

    def _not_measured(self, found: Sequence[Gap]) -> None:
        """In one paragraph: who measures nothing has these in every run."""
        if not found:
            return
        rules = {rule for gap in found for rule in gap.rules}
        told = "; ".join(
            f"{self.mask.reason(', '.join(gap.missing))} ({', '.join(gap.rules)})" for gap in found
        )
        wait = "waits" if len(rules) == 1 else "wait"
        self._wrapped(
            f"{counted(len(rules), 'rule')} {wait} for what a measurement tells: {told}", _INDENT
        )
        names = tuple(name for gap in found for name in gap.missing)
        for hint in how_to_give(names[:_MOST_MEASURED]):
            self._wrapped(f"give it: {visible(hint)}", _INDENT * 2)

    def _not_read(self, unread: Sequence[Unread]) -> None:
        if not unread:
            return
        self._line(self.paint.strong("Not read"))
        for each in unread:
            at = visible(str(each.place or each.path))
            self._wrapped(f"{at}: {self.mask.reason(unread_reason(each))}", _INDENT)
        self._line()

    def _accepted(self, findings: Sequence[Finding]) -> None:
        if not findings:
            return
        self._line(self.paint.strong("Accepted"))
        for each in findings:
            about = visible(f"{each.rule} of {each.target or each.service}")
            terms = self._terms(each.accepted) if each.accepted else ""
            self._wrapped(about + terms, _INDENT)
        self._line()

    def _terms(self, entry: Suppression) -> str:
        """Until when, by whom and why: " until 2027-01-31 by dba: a pooler comes"."""
        until = f" until {entry.until}" if entry.until else ""
        owner = f" by {entry.owner}" if entry.owner else ""
        return self.mask.sentence(f"{until}{owner}: {entry.reason}")

    # -------------------------------------------------------------------------- lines

    def _line(self, text: str = "") -> None:
        self.out.write(text.rstrip() + "\n")

    def _wrapped(self, text: str, indent: str) -> None:
        for number, line in enumerate(wrapped(text, self.width - len(indent) - 2)):
            self._line(indent + ("  " if number else "") + line)

    def _paragraph(self, text: str) -> None:
        for line in wrapped(text, self.width - 2 * len(_INDENT)):
            self._line(_INDENT * 2 + line)

    def _labelled(self, label: str, texts: Sequence[str], *, is_table: bool = False) -> None:
        room = self.width - 2 * len(_INDENT) - _LABEL
        lines = [line for text in texts for line in ([text] if is_table else wrapped(text, room))]
        for number, line in enumerate(lines):
            shown = self.paint.faint(label.ljust(_LABEL)) if number == 0 else " " * _LABEL
            self._line(_INDENT * 2 + shown + line)


def summary(outcome: Outcome) -> str:
    """How much was found, in how much, and how much is not known."""
    counts = Counter(each.severity for each in outcome.findings)
    found = ", ".join(f"{counts[each]} {each}" for each in reversed(Severity) if counts[each])
    stack = outcome.stack
    settings = sum(len(service.settings) for service in stack.services.values())
    where = (
        f"in {counted(len(stack.services), 'service')}"
        f" ({counted(settings, 'setting')}, {counted(outcome.rules, 'rule')})"
    )
    compared = outcome.difference
    if compared is None:
        said = [f"{found or 'nothing found'} {where}"]
    else:
        new = f"{found} new or worse" if found else "nothing new"
        said = [f"{new} {between(compared)} {where}", *changes(compared)]
    said += not_known(outcome)
    if outcome.suppressed:
        said.append(f"{len(outcome.suppressed)} accepted")
    return "; ".join(said)


def not_known(outcome: Outcome) -> list[str]:
    """How much could not be checked, and how much not read."""
    said = []
    if outcome.skipped:
        said.append(f"{counted(len(outcome.skipped), 'check')} not made")
    if outcome.unread:
        said.append(f"{len(outcome.unread)} not read")
    return said


def _padded(text: str, width: int) -> str:
    return text + " " * (width - columns(text))
