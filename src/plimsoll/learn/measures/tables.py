"""Measures for people and for programs: text, plain data, rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import asdict

from plimsoll.learn.measures.measure import Measure
from plimsoll.learn.measures.summary import LEAST, TIMES, Change, Summary
from plimsoll.model.statistics import Interval

COLUMNS = tuple(name for name in Measure.__struct_fields__ if name != "contradictions")
_WHAT = {
    "detect": "noticed after",
    "engage": "right people called after",
    "identify": "cause named after",
    "mitigate": "harm ended after",
    "recover": "all well after",
}
_FROM = {
    "detect": "start",
    "engage": "detection",
    "identify": "detection",
    "mitigate": "start",
    "recover": "start",
}


def text_lines(found: Summary) -> Iterator[str]:
    """Every incident first; then medians, each with its interval and their number."""
    for each in found.incidents:
        yield from _incident(each)
    if found.drills:
        yield f"apart, as drills: {', '.join(each.path for each in found.drills)}"
    yield f"{len(found.incidents)} incidents, medians in minutes"
    for name, interval in found.times.items():
        yield f"  {_WHAT[name]:26} {interval_text(interval)}, from the {_FROM[name]}"
    if found.open:
        told = (
            "more than half go on" if found.recover_of_all is None else f"{found.recover_of_all:g}"
        )
        yield f"  with {found.open} that are not told to be over: {told} (Kaplan-Meier median)"
    for severity, times in found.by_severity.items():
        for name, interval in times.items():
            yield f"  {severity}: {_WHAT[name]} {interval_text(interval)}"
    yield f"  on wrong paths: {found.misdirected} min in all"
    yield f"  right people called after the cause was known: {len(found.late)} of {len(found.incidents)}"
    yield f"  repaired by hand: {found.hand_share[0]} of {found.hand_share[1]}"
    if len(found.incidents) < LEAST:
        yield f"  fewer than {LEAST} incidents: no trend can be told from them"
    for change in found.changes:
        yield f"  {change_text(change)}"


def _incident(each: Measure) -> Iterator[str]:
    yield f"{each.path}: {each.title or 'no title'}" + (
        f" [{each.severity}]" if each.severity else ""
    )
    known = [
        f"{_WHAT[name]} {getattr(each, name)}" for name in TIMES if getattr(each, name) is not None
    ]
    yield f"    {', '.join(known) or 'no times'} min"
    if each.misdirected or each.has_wrong_path:
        yield f"    wrong paths: {each.misdirected} min; from the first to the cause {each.first_wrong_to_cause}"
    faults = list(fault_texts(each))
    if faults:
        yield f"    {'; '.join(faults)}"
    for said in each.contradictions:
        yield f"    contradiction {said}"


def fault_texts(each: Measure) -> Iterator[str]:
    """The usual faults that an incident shows."""
    if each.late_engaged:
        yield f"right people called {each.late_engaged} min after the cause was known"
    if each.has_incomplete_rollback:
        yield "the way back did not restore all"
    if each.is_fixed_by_hand:
        yield "repaired by hand"


def interval_text(interval: Interval) -> str:
    """12 (5 to 30 holds the median in 93.8 % of cases, n = 5)."""
    if interval.n < 2:
        return f"{interval.median:g} (n = {interval.n})"
    sure = round(100 * interval.coverage, 1)
    return f"{interval.median:g} ({interval.low:g} to {interval.high:g} holds it with {sure:g} %, n = {interval.n})"


def change_text(change: Change) -> str:
    """Both medians and p; never a percentage alone."""
    if change.refused:
        return f"{_WHAT[change.name]}: no trend: {change.refused}"
    before = interval_text(change.before) if change.before else "none"
    after = interval_text(change.after) if change.after else "none"
    p = f"{change.p:.3f}" if change.p is not None else "not known"
    return f"{_WHAT[change.name]}: {before} before, {after} after; p = {p} that nothing changed"


def plain_data(found: Summary) -> dict[str, Any]:
    """Everything, for programs."""
    return {
        "incidents": [asdict(each) for each in found.incidents],
        "drills": [asdict(each) for each in found.drills],
        "medians": {name: asdict(each) for name, each in found.times.items()},
        "by_severity": {
            severity: {name: asdict(each) for name, each in times.items()}
            for severity, times in found.by_severity.items()
        },
        "misdirected_minutes": found.misdirected,
        "late_escalations": [each.path for each in found.late],
        "repaired_by_hand": {"incidents": found.hand_share[0], "of": found.hand_share[1]},
        "open": found.open,
        "recover_median_with_open": found.recover_of_all,
        "changes": [asdict(each) for each in found.changes],
    }
