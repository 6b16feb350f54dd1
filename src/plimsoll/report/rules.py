"""Rules for a person: the list of them, and what became of their examples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from plimsoll.check.examples import Result
from plimsoll.model.finding import Severity
from plimsoll.model.rule import Rule
from plimsoll.report.colors import Paint
from plimsoll.report.format import Look
from plimsoll.report.width import columns, visible
from plimsoll.report.words import counted


def having(rules: Sequence[Rule], words: Sequence[str]) -> list[Rule]:
    """The rules in whose id, texts, sources or formulas all of *words* stand."""
    wanted = [word.casefold() for word in words]
    return [rule for rule in rules if all(word in searched(rule) for word in wanted)]


def searched(rule: Rule) -> str:
    """What a rule is found by: everything that it says, in lower case."""
    formulas = [each.text for _, each in rule.lets]
    for level in rule.levels:
        sides = (level.load, level.limit, *level.required, *level.when)
        formulas += [each.text for each in sides if each is not None]
    technologies = (*rule.target.technologies, *rule.target.sources, *rule.target.targets)
    said = (rule.id, rule.title, rule.why, *rule.symptoms, *rule.source, *rule.seen)
    return "\n".join((*said, *technologies, *formulas)).casefold()


def write_list(rules: Sequence[Rule], out: TextIO, look: Look) -> None:
    """One line for each rule: its id, the worst that it finds, its title."""
    paint = Paint(look.is_colored)
    widest = max((columns(rule.id) for rule in rules), default=0)
    for rule in rules:
        severity = paint.severity(rule.severity, f"{rule.severity!s:8}")
        out.write(f"{rule.id:{widest}}  {severity}  {visible(rule.title)}\n")


def write_results(results: Sequence[Result], out: TextIO, look: Look) -> None:
    """A line for each example that is not as its rule says, then how many there are."""
    paint = Paint(look.is_colored)
    failed = [each for each in results if not each.is_passed]
    for each in failed:
        out.write(paint.severity(Severity.HIGH, visible(str(each))) + "\n")
    rules = counted(len({each.rule for each in results}), "rule")
    said = f"{counted(len(results), 'example')} of {rules}: "
    out.write(said + (f"{len(failed)} not as they say" if failed else "all as they say") + "\n")
