"""A postmortem as Markdown that reads well where code is reviewed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from plimsoll.learn.moment import minutes_between
from plimsoll.learn.postmortem import Postmortem
from plimsoll.learn.reading.contradictions import said
from plimsoll.learn.writing.text import action_text, impact_text, when


def write_markdown(postmortem: Postmortem, out: TextIO) -> None:
    """Tables of the facts, the timeline and the actions."""
    for each in (postmortem, *postmortem.others):
        out.writelines(f"{line}\n" for line in _lines(each))


def _lines(pm: Postmortem) -> Iterator[str]:
    yield from (f"# {_safe(pm.title or pm.path)}", "")
    facts = (
        ("start", when(pm.start)),
        ("end", when(pm.end)),
        ("duration", said(pm.duration_minutes) if pm.duration_minutes is not None else ""),
        ("severity", pm.severity or ""),
        ("impact", impact_text(pm)),
        (
            "cause",
            f"{pm.root_cause.category}: {pm.root_cause.text or 'not told'}"
            if pm.root_cause
            else "",
        ),
        ("fixed by", pm.resolution or ""),
    )
    yield from ("| | |", "|---|---|")
    yield from (f"| {name} | {_safe(value)} |" for name, value in facts if value)
    if pm.timeline:
        yield from ("", "| time | what | kind |", "|---|---|---|")
        yield from (f"| {when(e.at)} | {_safe(e.text)} | {e.kind} |" for e in pm.timeline)
    reached = [
        (name, at, minutes_between(pm.start, at)) for name, at in pm.milestones.items() if at
    ]
    if reached:
        yield from ("", "| milestone | at | minutes from start |", "|---|---|---|")
        yield from (
            f"| {name} | {when(at)} | {'' if m is None else m} |" for name, at, m in reached
        )
    if pm.actions:
        yield ""
        marks = {True: "[x] ", False: "[ ] ", None: ""}
        yield from (f"- {marks[each.done]}{_safe(action_text(each))}" for each in pm.actions)
    if pm.missing:
        yield from ("", f"Missing: {', '.join(pm.missing)}.")
    if pm.contradictions:
        yield ""
        yield from (
            f"- {each.code}, lines {', '.join(map(str, each.lines))}: {_safe(each.message)}"
            for each in pm.contradictions
        )
    yield ""


def _safe(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
