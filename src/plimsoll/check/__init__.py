"""Rules to findings: what does not fit, with the arithmetic, and what could not be decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from plimsoll.check.adjust import (
    adjusted_own,
    adjusted_rules,
    expired,
    is_accepted,
    with_acceptance,
)
from plimsoll.check.comments import in_comments
from plimsoll.check.documents import FileError
from plimsoll.check.evaluate import Tell, answers, nobody
from plimsoll.check.facts import Knowledge
from plimsoll.check.library import RulesError, knowledge, load_rules, prove_builtin
from plimsoll.check.own import OWN
from plimsoll.check.parsed import keep as keep_parsed
from plimsoll.model.finding import Finding, Outcome
from plimsoll.model.rule import Rule
from plimsoll.model.stack import Stack

if TYPE_CHECKING:  # few ask servers
    from plimsoll.check.servers import Answered

__all__ = [
    "FileError",
    "Knowledge",
    "RulesError",
    "check",
    "keep_parsed",
    "knowledge",
    "load_rules",
    "prove_builtin",
]


def check(
    stack: Stack,
    rules: Sequence[Rule],
    today: date,
    *,
    only: Collection[str] = (),
    known: Knowledge | None = None,
    tell: Tell = nobody,
    answered: Answered | None = None,
) -> Outcome:
    """What the rules find in a stack, worst first, and what they could not decide.

    *only*: ids of the rules that are asked; none means all. *today* decides which entries of
    `ignore:` and comments still hold. *known*: of technologies, where not what the package knows.
    *tell*: hears which rule is asked. *answered*: what servers said of their files.

    Raises:
        RulesError: plimsoll.yaml names no rule or parameter of ours, or gives one a wrong value.
    """
    known = known or knowledge()
    try:
        asked = adjusted_rules(rules, stack, known)
        asked = tuple(rule for rule in asked if not only or rule.id in only)
        given = answers(asked, stack, known, tell)
    except FileError as problem:
        raise RulesError([problem]) from problem
    comments = in_comments(stack.texts, {*OWN, *(rule.id for rule in rules)})
    suppressions = (*stack.suppressions, *comments.suppressions)
    own = list(expired(suppressions, today))
    skipped = list(given.skipped)
    if answered is not None:
        from plimsoll.check.servers import unsaid

        own += unsaid(answered, (each.finding for each in given.found))
        skipped += answered.skipped
    wanted = [each for each in own if not only or each.finding.rule in only]
    every = [*given.found, *adjusted_own(wanted, stack)]
    findings = [with_acceptance(each, suppressions) for each in every]
    return Outcome(
        stack=stack,
        findings=_sorted(each for each in findings if not is_accepted(each, today)),
        skipped=tuple(sorted(skipped, key=lambda s: (s.service, s.rule, s.target))),
        unread=(*stack.unread, *comments.unread),
        suppressed=_sorted(each for each in findings if is_accepted(each, today)),
        lines=tuple(given.lines),
        is_whole=given.is_whole,
        rules=len(asked),
    )


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda f: (-f.severity, f.service, f.rule, f.target)))
