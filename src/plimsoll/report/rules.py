"""Rules for a person: the list of them, and one of them in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TextIO

from plimsoll.check.examples import Result
from plimsoll.model.finding import Severity
from plimsoll.model.rule import Level, Rule, Target
from plimsoll.report.colors import Paint
from plimsoll.report.format import Look
from plimsoll.report.width import columns, visible, wrapped
from plimsoll.report.words import counted

_LABEL = 10


def write_list(rules: Sequence[Rule], out: TextIO, look: Look) -> None:
    """One line for each rule: its id, the worst that it finds, its title."""
    paint = Paint(look.is_colored)
    widest = max((columns(rule.id) for rule in rules), default=0)
    for rule in rules:
        severity = paint.severity(rule.severity, f"{rule.severity!s:8}")
        out.write(f"{rule.id:{widest}}  {severity}  {visible(rule.title)}\n")


def write_rule(rule: Rule, out: TextIO, look: Look) -> None:
    """What a rule says of itself: its documentation."""
    paint = Paint(look.is_colored)
    out.write(f"{paint.strong(visible(rule.id))}  {visible(rule.title)}\n")
    for label, text in _told(rule):
        for number, line in enumerate(wrapped(text, look.width - _LABEL - 2)):
            name = "" if number else label
            out.write(f"  {paint.faint(name.ljust(_LABEL))}{line}\n")


def write_results(results: Sequence[Result], out: TextIO, look: Look) -> None:
    """A line for each example that is not as its rule says, then how many there are."""
    paint = Paint(look.is_colored)
    failed = [each for each in results if not each.is_passed]
    for each in failed:
        out.write(paint.severity(Severity.HIGH, visible(str(each))) + "\n")
    rules = counted(len({each.rule for each in results}), "rule")
    said = f"{counted(len(results), 'example')} of {rules}: "
    out.write(said + (f"{len(failed)} not as they say" if failed else "all as they say") + "\n")


def _told(rule: Rule) -> Iterator[tuple[str, str]]:
    yield "severity", ", ".join(dict.fromkeys(str(level.severity) for level in rule.levels))
    yield "kind", str(rule.kind)
    yield "for", for_whom(rule.target)
    for name, expression in rule.lets:
        yield "let", f"{name} = {expression.text}"
    for level in rule.levels:
        yield from _level(level)
    for name, param in rule.params.items():
        yield "parameter", f"{name}: {param.value}"
    yield "why", rule.why
    for symptom in rule.symptoms:
        yield "symptom", symptom
    if rule.seen:
        yield "seen", ", ".join(rule.seen)
    for source in rule.source:
        yield "source", source
    yield "file", rule.place.path
    yield "switch", f"in plimsoll.yaml: rules: {{{rule.id}: off}}, or {{severity: low}}"


def for_whom(target: Target) -> str:
    """What the rule is asked once for each of."""
    said = [f"each {target.type or target.kind}"]
    if target.technologies:
        said.append(f"of {', '.join(target.technologies)}")
    if target.sources:
        said.append(f"from {', '.join(target.sources)}")
    if target.targets:
        said.append(f"to {', '.join(target.targets)}")
    if target.name:
        said.append(f"named {target.name}")
    return f"{' '.join(said)}, as {target.variable}"


def _level(level: Level) -> Iterator[tuple[str, str]]:
    label = str(level.severity) if level.name else "limit"
    if level.load is not None and level.limit is not None:
        sign = "<" if level.is_strict else "<="
        yield label, f"{level.load.text} {sign} {level.limit.text}"
    for each in level.required:
        yield label if level.name else "require", each.text
    for each in level.when:
        yield "when", each.text
