"""Postmortems against the rules: findings of the same kind as those of configuration."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from msgspec import Struct

from plimsoll import plugins
from plimsoll.check.adjust import is_accepted, with_acceptance
from plimsoll.check.comments import in_comments
from plimsoll.check.findings import Found as Broken
from plimsoll.check.findings import fingerprint
from plimsoll.learn.lint.rule import Found, LintRule, Rules, Sheet
from plimsoll.learn.postmortem import Postmortem
from plimsoll.learn.reading.read import outlined
from plimsoll.learn.reading.texts import Text
from plimsoll.model.finding import Finding, Kind, Operand, Outcome, Severity
from plimsoll.model.place import Place, Span
from plimsoll.model.setting import Setting
from plimsoll.model.stack import Stack

_PACKAGE = "plimsoll.learn.lint.rules"
# Marks the settings of these findings: what stands for a setting is a line of a document.
TECHNOLOGY = "postmortem"


def lint_rules() -> tuple[LintRule, ...]:
    """Every rule, in the order of their numbers."""
    found: list[LintRule] = []
    for name in plugins.names(_PACKAGE):
        offered = plugins.offered("plimsoll.learn.lint", "rules", name, Rules)
        found += offered.all if offered else ()
    return tuple(sorted(found, key=lambda rule: rule.id))


class Document(Struct, frozen=True):
    """A text with the path under which it is reported."""

    path: str
    text: Text


def lint(documents: Sequence[Document], today: date, switched_on: Collection[str] = ()) -> Outcome:
    """The findings of all *documents*. *switched_on*: rules that are off unless asked for."""
    rules = lint_rules()
    texts = {each.path: "\n".join(each.text.lines) for each in documents}
    comments = in_comments(texts, {rule.id for rule in rules})
    asked = [rule for rule in rules if rule.is_on or rule.id in switched_on]
    every = [
        with_acceptance(Broken(finding, {}, frozenset({each.path})), comments.suppressions)
        for each in documents
        for finding in _findings(each, asked, today)
    ]
    return Outcome(
        stack=Stack(texts=texts, suppressions=tuple(comments.suppressions)),
        findings=tuple(f for f in every if not is_accepted(f, today)),
        suppressed=tuple(f for f in every if is_accepted(f, today)),
        unread=tuple(comments.unread),
        rules=len(asked),
    )


def _findings(document: Document, rules: Sequence[LintRule], today: date) -> Iterator[Finding]:
    for outline, postmortem in outlined(document.text, document.path):
        sheet = Sheet(postmortem, outline, document.text.lines, today)
        if not _tells_incident(postmortem):
            continue
        for rule in rules:
            for found in rule.find(sheet):
                yield _finding(rule, found, document)


def _tells_incident(pm: Postmortem) -> bool:
    """Whether there is a story to look at: times, or a start with a cause; not a page about others."""
    is_caused = pm.root_cause is not None and pm.root_cause.confidence >= _SURE
    return (
        any(entry.at for entry in pm.timeline)
        or (pm.start is not None and is_caused)
        or (is_caused and pm.resolution is not None)
    )


_SURE = 0.6


def _finding(rule: LintRule, found: Found, document: Document) -> Finding:
    """A finding without load and limit: a warning is medium, the rest is low."""
    numbers = dict.fromkeys((found.line, *found.others))
    operands = tuple(_line(document, number) for number in numbers)
    return Finding(
        rule=rule.id,
        title=rule.title,
        severity=Severity.MEDIUM if rule.is_warning else Severity.LOW,
        kind=Kind.JUDGEMENT,
        target=document.path,
        service=document.path,
        message=found.message,
        why=rule.hint,
        operands=operands,
        fingerprint=fingerprint(f"{rule.id}\n{found.message}", document.path, operands),
    )


def _line(document: Document, number: int) -> Operand:
    """A line of the document, as what a finding points at."""
    lines = document.text.lines
    text = lines[number - 1] if 0 < number <= len(lines) else ""
    begin = len(text) - len(text.lstrip()) + 1
    span = Span(max(1, number), begin, max(1, number), len(text.rstrip()) + 1)
    setting = Setting(
        f"line {number}", text.strip(), Place(document.path, span, span), technology=TECHNOLOGY
    )
    return Operand(document.path, setting)
