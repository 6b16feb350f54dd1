"""PM501 to PM509: whether what is to be done will be done."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from plimsoll.learn.lint.rule import Found, LintRule, Rules, Sheet
from plimsoll.learn.postmortem import Action, ActionKind, Category
from plimsoll.learn.reading.clock import stamps

_VAGUE = re.compile(
    r"^(?:\w+ly )?(?:improve|enhance|review|ensure|be (?:more )?careful|strengthen|better|consider|think about|look into|explore|optimi[sz]e|refine|raise awareness|pay (?:more )?attention|train|educate|encourage|make sure|reflect|revisit|try to)\b",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"\d|`|https?://|\b(?:daily|weekly|monthly|quarterly|yearly|annually|every|each|before (?:each|every|a)|per)\b|[a-z]_[a-z]|\b(?:so that|until|at least|at most|no longer|instead of)\b",
    re.IGNORECASE,
)
_VERIFIED = re.compile(
    r"\b(?:verif\w*|prove[sn]?|proof|test(?:ed|s)? (?:that|by|with)|checked by|alert fires|drill\w*|fire drill|game.?day|measured by|dashboard shows|acceptance|confirm\w*|metric|done when|until (?:it|a|the|each|every))\b",
    re.IGNORECASE,
)


def _open(sheet: Sheet) -> list[Action]:
    return [action for action in sheet.postmortem.actions if action.done is not True]


def _lacking(sheet: Sheet, has: Callable[[Action], object], what: str) -> Iterator[Found]:
    """One finding where all lack it, else one for each that does."""
    todo = _open(sheet)
    bare = [action for action in todo if not has(action)]
    if bare and len(bare) == len(todo) > 1:
        yield Found(bare[0].line, f"none of {len(bare)} actions has {what}")
    else:
        for action in bare:
            yield Found(
                action.line, f"the action has no {what.removeprefix('an ').removeprefix('a ')}"
            )


def _no_owner(sheet: Sheet) -> Iterator[Found]:
    return _lacking(sheet, lambda action: action.owner, "an owner")


def _no_due(sheet: Sheet) -> Iterator[Found]:
    return _lacking(sheet, lambda action: action.due, "a date")


def _no_proof(sheet: Sheet) -> Iterator[Found]:
    todo = _open(sheet)
    if todo and not any(_VERIFIED.search(action.text) for action in todo):
        yield Found(todo[0].line, "no action says by what one will see that it works")


def _vague(sheet: Sheet) -> Iterator[Found]:
    for action in _open(sheet):
        text = re.sub(r"^[^:]{3,40}:\s+", "", action.text)
        found = _VAGUE.match(text)
        if found and not _MEASURED.search(text):
            yield Found(action.line, f'no end that one could see: "{found[0]} ..."')


def _twice(sheet: Sheet) -> Iterator[Found]:
    for action in sheet.postmortem.actions:
        if action.same_as and action.same_as[0] != action.line:
            yield Found(action.line, "says the same as another action", action.same_as)


_SOONER = re.compile(
    r"\b(?:alert|alarm|notif|e-?mail|page[rs]?\b|paged|monitor|dashboard|detect|observab|"
    r"roll(?:ed)?[ -]?back|revert|fail[ -]?over|runbook|playbook|escalat)",
    re.IGNORECASE,
)


def _only_prevention(sheet: Sheet) -> Iterator[Found]:
    actions = sheet.postmortem.actions
    if len(actions) > 1 and not any(
        each.kind not in (ActionKind.PREVENT, ActionKind.LEARN) or _SOONER.search(each.text)
        for each in actions
    ):
        yield Found(actions[0].line, "nothing that would notice it sooner or end it faster")


def _only_training(sheet: Sheet) -> Iterator[Found]:
    pm = sheet.postmortem
    is_checkable = pm.root_cause is not None and pm.root_cause.category is Category.CONFIGURATION
    if is_checkable and pm.actions and all(each.kind is ActionKind.LEARN for each in pm.actions):
        yield Found(
            pm.actions[0].line, "training and documents only, and a machine could check this cause"
        )


def _overdue(sheet: Sheet) -> Iterator[Found]:
    for action in _open(sheet):
        if action.due is None:
            continue
        for stamp in stamps(action.due):
            due = stamp.moment
            if due.year is None or due.month is None or due.day is None:
                continue
            if date(due.year, due.month, due.day) < sheet.today:
                yield Found(action.line, f"was due on {due.year:04}-{due.month:02}-{due.day:02}")
            break


RULES = Rules(
    (
        LintRule(
            "PM501",
            "An action without an owner",
            "One name for each action: owner: Ada.",
            _no_owner,
        ),
        LintRule(
            "PM502",
            "An action without a date",
            "One date for each action: due 2027-04-01.",
            _no_due,
        ),
        LintRule(
            "PM503",
            "An action without an end",
            "Say what is there when it is done: a check, an alert, a limit.",
            _vague,
        ),
        LintRule(
            "PM504",
            "No action says how it is proven",
            "Say by what one sees that it works: a rule of `plimsoll check`, a drill, a metric.",
            _no_proof,
            is_warning=False,
        ),
        LintRule(
            "PM505", "An action stands twice", "Keep one of the two.", _twice, is_warning=False
        ),
        LintRule(
            "PM506",
            "Only prevention",
            "Add what would notice it sooner and what would end it faster: the next one will be another.",
            _only_prevention,
            is_warning=False,
        ),
        LintRule(
            "PM507",
            "Training for what a machine can check",
            "Add a check: `plimsoll learn` proposes the rule.",
            _only_training,
        ),
        LintRule(
            "PM509",
            "An action is overdue",
            "Do it, give it a new date, or decline it with a reason.",
            _overdue,
        ),
    )
)
