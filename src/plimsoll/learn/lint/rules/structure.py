"""PM001 to PM003: the sections, who answers for the document, and when it came."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from plimsoll.learn.lint.rule import Found, LintRule, Rules, Sheet
from plimsoll.learn.reading.clock import stamps
from plimsoll.learn.reading.headings import Topic

_CORE = ("impact", "timeline", "detection", "root cause", "resolution", "actions")
_WHO = re.compile(
    r"^\W*(?:authors?|owners?|reviewers?|reviewed by|written by|created by|prepared by|approved by|status|facilitator|incident commander|作成者|レビュアー|ステータス)\b",
    re.IGNORECASE,
)
_WRITTEN = re.compile(
    r"\b(?:published|report date|date of (?:report|postmortem|review)|last (?:modified|updated)|written on)\b",
    re.IGNORECASE,
)
_ASSIGNED = re.compile(r"\w+\s*[:=]\s*\S")  # a line of front matter
_MOST_FRONT = 20
_MOST_DAYS = 5


def _missing_sections(sheet: Sheet) -> Iterator[Found]:
    core = [name for name in _CORE if name in sheet.postmortem.missing]
    if core:
        yield Found(sheet.first_line, f"nothing is said on {_listed(core)}")


def _missing_reflection(sheet: Sheet) -> Iterator[Found]:
    named = {"what went well": Topic.WELL, "where we got lucky": Topic.LUCKY}
    gone = [name for name, topic in named.items() if not sheet.has(topic)]
    if gone:
        yield Found(sheet.first_line, f"no section on {_listed(gone)}")


def _nobody_answers(sheet: Sheet) -> Iterator[Found]:
    said = [part.label or part.item.text for part in sheet.outline.parts]
    titles = [each.title for each in sheet.outline.sections]
    cells = [cell for part in sheet.outline.parts for cell in part.item.cells[:1]]
    front = [line for line in sheet.lines[:_MOST_FRONT] if _ASSIGNED.match(line)]
    if not any(_WHO.search(text) for text in (*said, *titles, *cells, *front)):
        yield Found(sheet.first_line, "no author, owner, reviewer or status is named")


def _late(sheet: Sheet) -> Iterator[Found]:
    end = sheet.postmortem.end
    if end is None or end.year is None or end.month is None or end.day is None:
        return
    for number, line in enumerate(sheet.lines[:40], 1):
        if not _WRITTEN.search(line):
            continue
        for stamp in stamps(line):
            moment = stamp.moment
            if moment.year is None or moment.month is None or moment.day is None:
                continue
            days = _working_days(
                date(end.year, end.month, end.day), date(moment.year, moment.month, moment.day)
            )
            if days > _MOST_DAYS:
                yield Found(number, f"written {days} working days after the incident")
            return


def _working_days(first: date, last: date) -> int:
    days = (last - first).days
    return sum(
        1 for n in range(1, min(days, 3650) + 1) if (first + timedelta(days=n)).weekday() < 5
    )


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


RULES = Rules(
    (
        LintRule(
            "PM001",
            "A part of the story is missing",
            "Say it, or say that it is not known: who was hit, when, how it was noticed, why, what ended it, what is done now.",
            _missing_sections,
        ),
        LintRule(
            "PM002",
            "Nobody answers for the document",
            "Name an author or owner, a reviewer, and the status: draft, in review, reviewed.",
            _nobody_answers,
            is_warning=False,
        ),
        LintRule(
            "PM003",
            "It came late",
            "Write it within five working days: after that people tell what they read, not what they saw.",
            _late,
            is_warning=False,
        ),
        LintRule(
            "PM004",
            "No look back",
            "Say what went well and where luck helped: both are worth keeping, and only one of them will be there again.",
            _missing_reflection,
            is_warning=False,
        ),
    )
)
