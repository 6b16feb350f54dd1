"""PM401 to PM408: blame, and stories of what did not happen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plimsoll.learn.lint.rule import Found, LintRule, Rules, Sheet
from plimsoll.learn.reading.headings import Topic

_ROLE = r"(?:(?:on.?call|duty|senior|junior|devops|database|network|support|site reliability) )?(?:engineers?|developers?|operators?|administrators?|admins?|employees?|colleagues?|interns?|technicians?|dbas?|sysadmins?|teams?|team members?|managers?)"
_PERSONAL = rf"(?:@[\w-]+|(?:the|an?|our|one|another|this|that) {_ROLE}|we|he|she|they|somebody|someone|nobody|no one)"
_FAULT = r"(?:broke|botched|screwed up|messed up|caused (?:the|this) (?:outage|incident|problem|issue)|is to blame|was to blame|made (?:a|an|the) (?:\w+ )?(?:mistake|error)|misconfigured|blamed)"
_PERSON_FAULT = re.compile(
    rf"\b(?:@[\w-]+|(?:the|an?|our|one|another) {_ROLE}|he|she)\b (?:had |has |have )?(?:accidentally |mistakenly |wrongly )?{_FAULT}|\b(?:accidentally|mistakenly) (?:deleted|pushed|ran|deployed|removed|dropped|committed) by (?:an? |the |our )?{_ROLE}",
    re.IGNORECASE,
)
_HUMAN_ERROR = re.compile(
    r"(?<!likelihood of )(?<!risk of )(?<!chance of )(?<!room for )(?<!prone to )"
    r"\b(?:human|operator|user|pilot) (?:error|mistake|failure)s?\b|\bfat.?finger\w*|\bhuman factor was the cause\b",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(
    r"\b(?:careless\w*|negligen\w*|sloppy|sloppiness|incompeten\w*|reckless\w*|stupid\w*|lazy|laziness|irresponsibl\w*)\b",
    re.IGNORECASE,
)
_OMISSION = re.compile(
    rf"\b{_PERSONAL}\b (?:had |has |have |also |simply |just |all )?(?:forgot(?:ten)?|failed to|should have known|neglected|overlooked|did(?: not|n['\u2019]t) bother|omitted)\b",
    re.IGNORECASE,
)
_COUNTERFACTUAL = re.compile(
    r"\b(?:should|would|could|might)(?: not|n['\u2019]t)? have (?!caus|been caus|result|led|contribut|been due|been a|been an|been the)(?:been |easily |also |never |made |had )?\w+|\b(?:had|if) (?:it|we|they|there|this|that|the \w+(?: \w+)?) (?:had )?(?:been|not been|known|had)\b[^.]{0,80}\bwould\b",
    re.IGNORECASE,
)
_ABSENCE = re.compile(
    r"\b(?:lack of|absence of|insufficient|inadequate|not enough|poor|no)\s+(?:\w+ ){0,2}?(?:testing|tests|monitoring|alerts?|alerting|reviews?|documentation|communication|training|validation|oversight|planning|process|processes|procedures?|knowledge|understanding|coordination|coverage|safeguards?|visibility|observability|checks)\b",
    re.IGNORECASE,
)
# Who writes that nothing was obvious says just what this asks for.
_HINDSIGHT = re.compile(
    r"(?<!not )(?<!nothing )(?<!anything )(?<!n't )\b(?:obviously|of course|clearly|simply|merely|evidently|needless to say)\b",
    re.IGNORECASE,
)
_WHY_YOU = re.compile(
    r"\bwhy (?:did|didn['\u2019]t|do|don['\u2019]t|was|wasn['\u2019]t|were|weren['\u2019]t) (?:you|he|she|they|the (?:engineer|developer|operator|team)|nobody|anyone|someone)\b",
    re.IGNORECASE,
)
_WITHOUT = frozenset(
    {
        Topic.CAUSE,
        Topic.CAUSE_AND_RESOLUTION,
        Topic.FACTORS,
        Topic.SUMMARY,
        Topic.TRIGGER,
        Topic.DETECTION,
    }
)
_QUOTED = re.compile(r"[\"\u201c\u201d\u300c]")


def _each(
    pattern: re.Pattern[str], sheet: Sheet, what: str, topics: frozenset[Topic] | None = None
) -> Iterator[Found]:
    """One finding for each sentence in which the words stand, not for quoted ones."""
    for part, sentence in sheet.narrative():
        if topics is not None and part.topic not in topics:
            continue
        found = pattern.search(sentence)
        if found and not _QUOTED.search(sentence[: found.start()][-40:]):
            yield Found(sheet.line_of(part, found[0]), f'{what}: "{found[0].strip()}"')


def _person_fault(sheet: Sheet) -> Iterator[Found]:
    return _each(_PERSON_FAULT, sheet, "a person beside a fault")


def _human_error(sheet: Sheet) -> Iterator[Found]:
    return _each(_HUMAN_ERROR, sheet, "ends where the question begins")


def _adjective(sheet: Sheet) -> Iterator[Found]:
    return _each(_ADJECTIVE, sheet, "judges people")


def _omission(sheet: Sheet) -> Iterator[Found]:
    return _each(_OMISSION, sheet, "what somebody did not do")


def _counterfactual(sheet: Sheet) -> Iterator[Found]:
    return _each(_COUNTERFACTUAL, sheet, "tells what did not happen")


def _absence(sheet: Sheet) -> Iterator[Found]:
    return _each(_ABSENCE, sheet, "something absent as the cause", _WITHOUT)


def _hindsight(sheet: Sheet) -> Iterator[Found]:
    return _each(_HINDSIGHT, sheet, "easy to say afterwards")


def _why_you(sheet: Sheet) -> Iterator[Found]:
    return _each(_WHY_YOU, sheet, "asks a person to justify")


RULES = Rules(
    (
        LintRule(
            "PM401",
            "A person beside a fault",
            "Tell what the system allowed, and by which signals it looked right.",
            _person_fault,
        ),
        LintRule(
            "PM402",
            "Human error",
            "Ask what made the act likely: the tool, the screen, the hour, the missing check.",
            _human_error,
        ),
        LintRule("PM403", "Words that judge people", "Leave the adjective out.", _adjective),
        LintRule(
            "PM404",
            "What somebody did not do",
            "Say what they saw and did; nobody does what is not at hand.",
            _omission,
        ),
        LintRule(
            "PM405",
            "A story that did not happen",
            "Tell what happened; put what should be into the actions.",
            _counterfactual,
        ),
        LintRule(
            "PM406",
            "Something absent as the cause",
            "Absent things cause nothing: say what was there and what it did.",
            _absence,
        ),
        LintRule(
            "PM407",
            "Hindsight",
            "Leave the word out: it was not clear then.",
            _hindsight,
            is_warning=False,
        ),
        LintRule(
            "PM408", "Why did you", "Ask how and what: how did it look, what was known.", _why_you
        ),
    )
)
