"""PM101 to PM113: times, their order and their arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from plimsoll.learn.lint.rule import Found, LintRule, Rules, Sheet, words
from plimsoll.learn.moment import minutes_between
from plimsoll.learn.postmortem import Contradiction
from plimsoll.learn.reading.contradictions import said

_HOLE = 30
_DAY = 1440
_FOUND = words(
    r"identif\w+|root cause|found|discover\w*|determin\w*|culprit|cause|due to|because|noticed that|reason|turns out|reveal\w*"
)
_REPAIRED = words(r"incident (?:is )?(?:repaired|mitigated)|^(?:repaired|mitigated)")
_NEEDED = ("detected", "identified", "resolved")


def _no_zone(sheet: Sheet) -> Iterator[Found]:
    pm = sheet.postmortem
    first = next((e for e in pm.timeline if e.at and e.at.has_clock), None)
    if pm.time_zone is None and first is not None and first.at and first.at.offset is None:
        yield Found(first.line, "the clocks have no zone")


def _no_date(sheet: Sheet) -> Iterator[Found]:
    first = next((e for e in sheet.postmortem.timeline if e.at and e.at.has_clock), None)
    if first is None or first.at is None:
        return
    if not first.at.has_date:
        yield Found(first.line, "the clocks have no date")
    elif first.at.year is None:
        yield Found(first.line, "the dates have no year")


def _of(code: str, sheet: Sheet) -> Iterator[Found]:
    for each in sheet.postmortem.contradictions:
        if each.code == code:
            yield Found(_line(each, sheet), each.message, each.lines[1:])


def _line(each: Contradiction, sheet: Sheet) -> int:
    return each.lines[0] if each.lines and each.lines[0] else sheet.first_line


def _missing_milestones(sheet: Sheet) -> Iterator[Found]:
    pm = sheet.postmortem
    timed = [entry for entry in pm.timeline if entry.at]
    if len(timed) < 3:
        return
    reached = dict(pm.milestones.items())
    is_found = any(_FOUND.search(entry.text) for entry in pm.timeline)
    gone = [n for n in _NEEDED if reached[n] is None and not (n == "identified" and is_found)]
    if gone:
        yield Found(timed[0].line, f"no entry tells when it was {' or '.join(gone)}")


def _no_evidence(sheet: Sheet) -> Iterator[Found]:
    timed = [entry for entry in sheet.postmortem.timeline if entry.at]
    if len(timed) < 3:
        return
    lines = [line for entry in timed for line in sheet.lines[entry.line - 1 : entry.line + 3]]
    if not any("](" in line or "http" in line or "][" in line or "`" in line for line in lines):
        yield Found(
            timed[0].line, f"none of {len(timed)} entries has a link, a graph or a log line"
        )


def _holes(sheet: Sheet) -> Iterator[Found]:
    """Only while people are at work on it: from when it was noticed until it was repaired."""
    pm = sheet.postmortem
    over = pm.milestones.mitigated or pm.milestones.resolved
    noticed = pm.milestones.detected or pm.start
    timed = [e for e in pm.timeline if e.at and e.at.has_clock]
    repaired = next((e.at for e in timed if _REPAIRED.search(e.text)), None)
    widest: tuple[int, Found] | None = None
    for before, after in pairwise(timed):
        gap = minutes_between(before.until or before.at, after.at)
        begun, left = minutes_between(noticed, before.at), minutes_between(after.at, over)
        if repaired is not None and (minutes_between(repaired, before.at) or 0) > 0:
            break
        if gap is None or begun is None or left is None or begun < 0 or left < 0 or begun > _DAY:
            continue
        if _HOLE < gap < _DAY and (widest is None or gap > widest[0]):
            message = f"{said(gap)} without an entry while the incident goes on"
            widest = gap, Found(before.line, message, (after.line,))
    if widest is not None:
        yield widest[1]


def _contradiction(code: str, title: str, hint: str) -> LintRule:
    return LintRule(code, title, hint, partial(_of, code))


RULES = Rules(
    (
        LintRule("PM101", "Clocks without a zone", "Say once for all: all times in UTC.", _no_zone),
        LintRule(
            "PM102", "Clocks without a date or year", "Write whole dates: 2027-03-09.", _no_date
        ),
        _contradiction(
            "PM103",
            "An entry stands below a later one",
            "Put the entries in order, or say why one was found later.",
        ),
        LintRule(
            "PM104",
            "A milestone is missing",
            "Say when it was noticed, when the cause was named, when all was well.",
            _missing_milestones,
        ),
        LintRule(
            "PM105",
            "No entry has evidence",
            "Link the graph, the log line, the message: a reader should be able to look.",
            _no_evidence,
            is_warning=False,
        ),
        _contradiction(
            "PM106",
            "The cause is known before the wrong path",
            "One of the two times is wrong, or the path was followed although the cause was known: say which.",
        ),
        _contradiction(
            "PM107",
            "The stated duration is not end minus start",
            "Calculate it from the timeline.",
        ),
        LintRule(
            "PM108",
            "A hole in the timeline",
            "Say what was done in that time, also when it led nowhere.",
            _holes,
        ),
        _contradiction(
            "PM109",
            "The stated end is not when all was well",
            "Take the end of the harm as the end; say apart how long it was watched.",
        ),
        _contradiction("PM110", "A year or month slipped", "Correct the date."),
        _contradiction("PM111", "AM and PM are exchanged", "Use the 24-hour clock."),
        _contradiction(
            "PM112",
            "It was noticed before it began",
            "The start is the first harm, not the first message about it.",
        ),
        _contradiction(
            "PM113",
            "A clock or zone that cannot be",
            "Use the 24-hour clock, and UTC or an offset.",
        ),
    )
)
