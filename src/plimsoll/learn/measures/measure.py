"""One incident in minutes, and the faults of its handling."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from plimsoll.learn.moment import Moment, minutes_between
from plimsoll.learn.postmortem import EntryKind, Hypothesis, Postmortem
from plimsoll.learn.reading import kinds

_DRILL = re.compile(
    r"\b(?:drill|game ?day|exercise|simulation|simulated|fire drill|tabletop)\b", re.IGNORECASE
)
_ROLLED_BACK = re.compile(r"\b(?:roll(?:s|ed|ing)?[ -]?back|rollback|revert\w*)\b", re.IGNORECASE)
_CAME_BACK = re.compile(
    r"\b(?:re-?occur\w*|recurr\w*|recurs|came back|(?:issue|problem|error|errors|outage) (?:return\w*|persist\w*|remain\w*)|for a few minutes|did(?: not|n['\u2019]t) (?:remove|clear|restore|undo|help|fix)|left behind|still (?:there|failing|down))\b",
    re.IGNORECASE,
)
_MACHINE = re.compile(
    r"\b(?:automatic(?:ally)?|auto-?(?:heal|scal|roll|restart|recover)\w*|self-?heal\w*|by itself|without intervention|pipeline|operator (?:restarted|rolled)|healed)\b",
    re.IGNORECASE,
)


class Measure(Struct, frozen=True):
    """Minutes; None where the text does not give both ends.

    *misdirected*: the union of all wrong paths. *late_engaged*: from the naming of the cause to the
    call of those who could repair it, 0 where they were there before. *typed*: the stated duration.
    *lasted*: how long an incident has lasted that is not told to be over.
    """

    path: str
    title: str | None
    severity: str | None
    start: str | None
    detect: int | None = None
    engage: int | None = None
    identify: int | None = None
    identify_from_start: int | None = None
    mitigate: int | None = None
    recover: int | None = None
    misdirected: int = 0
    first_wrong_to_cause: int = 0
    late_engaged: int | None = None
    typed: int | None = None
    lasted: int | None = None
    is_drill: bool = False
    has_wrong_path: bool = False
    has_incomplete_rollback: bool = False
    is_fixed_by_hand: bool = False
    contradictions: tuple[str, ...] = ()


def measure(pm: Postmortem) -> Measure:
    """Everything from the timeline; the stated duration stands beside it."""
    m = pm.milestones
    recover = _from(pm.start, m.resolved)
    last = next((e.at for e in reversed(pm.timeline) if e.at), None)
    return Measure(
        path=pm.path,
        title=pm.title,
        severity=pm.severity,
        start=pm.start.iso() if pm.start else None,
        detect=_from(pm.start, m.detected),
        engage=_from(m.detected, m.engaged),
        identify=_from(m.detected, m.identified),
        identify_from_start=_from(pm.start, m.identified),
        mitigate=_from(pm.start, m.mitigated),
        recover=recover,
        misdirected=misdirected(pm.hypotheses),
        first_wrong_to_cause=_first_wrong(pm),
        late_engaged=_late(m.identified, m.engaged),
        typed=pm.duration_minutes,
        lasted=_from(pm.start, last) if recover is None else None,
        is_drill=bool(_DRILL.search(pm.title or "")),
        has_wrong_path=bool(pm.hypotheses),
        has_incomplete_rollback=_is_incomplete(pm),
        is_fixed_by_hand=_by_hand(pm),
        contradictions=tuple(f"{each.code}: {each.message}" for each in pm.contradictions),
    )


def misdirected(paths: Sequence[Hypothesis]) -> int:
    """Minutes in which at least one wrong path was followed."""
    spans: list[tuple[int, int]] = []
    origin = next((p.start for p in paths if p.start), None)
    for path in paths:
        begin, end = minutes_between(origin, path.start), minutes_between(origin, path.end)
        if path.minutes and begin is not None and end is not None and begin < end:
            spans.append((begin, end))
    total, reached = 0, None
    for begin, end in sorted(spans):
        first = begin if reached is None else max(begin, reached)
        total += max(0, end - first)
        reached = end if reached is None else max(reached, end)
    return total


def _from(start: Moment | None, end: Moment | None) -> int | None:
    minutes = minutes_between(start, end)
    return minutes if minutes is not None and minutes >= 0 else None


def _late(identified: Moment | None, engaged: Moment | None) -> int | None:
    minutes = minutes_between(identified, engaged)
    return None if minutes is None else max(0, minutes)


def _first_wrong(pm: Postmortem) -> int:
    first = next((path.start for path in pm.hypotheses if path.start), None)
    minutes = minutes_between(first, pm.milestones.identified)
    return max(0, minutes) if minutes is not None else 0


def _is_incomplete(pm: Postmortem) -> bool:
    """Whether a way back was taken that did not bring back the state before, and it was the cause's."""
    named = pm.milestones.identified
    for at, entry in enumerate(pm.timeline):
        if not _ROLLED_BACK.search(entry.text):
            continue
        before = minutes_between(entry.at, named)
        if before is not None and before > 0:
            continue  # undone on a wrong path: it could not help
        after = pm.timeline[at + 1].text if at + 1 < len(pm.timeline) else ""
        if _CAME_BACK.search(entry.text) or _CAME_BACK.search(after):
            return True
    return False


def _by_hand(pm: Postmortem) -> bool:
    """Whether people repaired it and no machine is named."""
    told = [e.text for e in pm.timeline if e.kind not in (EntryKind.ALERT, EntryKind.CHANGE)]
    told.append(pm.resolution or "")
    is_repaired = any(kinds.REPAIR.search(text) for text in told)
    return is_repaired and not any(_MACHINE.search(text) for text in told)
