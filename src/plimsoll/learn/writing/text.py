"""A postmortem for a terminal: what it says, from where, and what it does not say."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import shorten
from typing import TextIO

from plimsoll.learn.moment import Moment, minutes_between
from plimsoll.learn.postmortem import Action, Postmortem
from plimsoll.learn.reading.contradictions import said

_WIDTH = 100


def write_text(postmortem: Postmortem, out: TextIO) -> None:
    """The story in the order in which one asks: what, when, whom, why, what now."""
    for each in (postmortem, *postmortem.others):
        out.writelines(f"{line}\n" for line in _lines(each))


def _lines(pm: Postmortem) -> Iterator[str]:
    yield f"{pm.path}: {pm.title or 'no title'}"
    yield from _facts(pm)
    if pm.root_cause is not None:
        yield from _cause(pm)
    if pm.timeline:
        yield "  timeline"
        width = max(len(when(each.at)) for each in pm.timeline)
        for entry in pm.timeline:
            told = shorten(entry.text, _WIDTH - width - 18, placeholder="...")
            yield f"    {when(entry.at):{width}}  {entry.kind:10}  {told}"
    for path in pm.hypotheses:
        cost = f"{path.minutes} min" if path.minutes is not None else "time not known"
        yield f"  wrong path ({cost}): {shorten(path.text, _WIDTH, placeholder='...')}  [line {path.line}]"
    if pm.actions:
        yield f"  actions: {len(pm.actions)}"
        yield from (f"    {_mark(each)} {action_text(each)}" for each in pm.actions)
    if pm.missing:
        yield f"  missing: {', '.join(pm.missing)}"
    for found in pm.contradictions:
        yield f"  contradiction: {found.message}  [{_places(found.lines)}]"
    for left in pm.not_understood:
        yield f"  not understood, line {left.line}: {shorten(left.text, _WIDTH, placeholder='...')}"


def _facts(pm: Postmortem) -> Iterator[str]:
    rows = [
        ("start", when(pm.start), "start"),
        ("end", when(pm.end), "end"),
        (
            "duration",
            said(pm.duration_minutes) if pm.duration_minutes is not None else "",
            "duration_minutes",
        ),
        ("zone", pm.time_zone or "", "time_zone"),
        ("severity", pm.severity or "", "severity"),
        (
            "impact",
            impact_text(pm),
            "impact.percent" if pm.impact.percent is not None else "impact.users",
        ),
    ]
    for name, value, key in rows:
        if value:
            source = pm.sources.get(key)
            yield f"  {name:10}{value}" + (f"  [line {source.line}]" if source else "")
    for name, at in pm.milestones.items():
        if at is not None and name != "started":
            minutes = minutes_between(pm.start, at)
            after = f"  {minutes} min after the start" if minutes is not None else ""
            yield f"  {name:14}{when(at)}{after}"


def _cause(pm: Postmortem) -> Iterator[str]:
    cause = pm.root_cause
    if cause is None:
        return
    sure = "" if cause.confidence >= 0.7 else " (unsure)"
    yield f"  cause     {cause.category}{sure}: {cause.text or 'not told'}" + (
        f"  [line {cause.line}]" if cause.line else ""
    )
    named = [each for each in (cause.technology, cause.setting, cause.value) if each]
    if named:
        yield f"            {' / '.join(named)}"
    if pm.resolution:
        yield f"  fixed by  {shorten(pm.resolution, _WIDTH, placeholder='...')}"


def impact_text(pm: Postmortem) -> str:
    """Share, people and functions, as far as stated."""
    pieces = []
    if pm.impact.percent is not None:
        pieces.append(f"{pm.impact.percent:g} %")
    if pm.impact.users is not None:
        pieces.append(f"{pm.impact.users:,} users")
    if pm.impact.functions:
        pieces.append("could not " + ", ".join(pm.impact.functions))
    return "; ".join(pieces)


def action_text(action: Action) -> str:
    """An action with its owner and its date."""
    beside = [each for each in (action.owner, f"due {action.due}" if action.due else None) if each]
    return action.text + (f" ({', '.join(beside)})" if beside else "")


def _mark(action: Action) -> str:
    return {True: "[x]", False: "[ ]", None: " - "}[action.done]


def when(moment: Moment | None) -> str:
    """A moment for people: 2024-05-12 10:00 +03:00; empty where nothing is stated."""
    iso = moment.iso() if moment else None
    if iso is None:
        return ""
    day, _, clock = iso.partition("T")
    clock = clock[:5] + (" " + clock[8:] if len(clock) > 8 else "")
    return f"{day.removeprefix('--')} {clock}".strip()


def _places(lines: tuple[int, ...]) -> str:
    return ("lines " if len(lines) > 1 else "line ") + ", ".join(map(str, lines))
