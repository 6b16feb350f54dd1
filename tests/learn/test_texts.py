"""Postmortems with the traps of real ones: each text beside what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from plimsoll.learn.moment import Moment
from plimsoll.learn.postmortem import Postmortem
from plimsoll.learn.reading.read import read
from plimsoll.learn.reading.texts import text_of

TEXTS = Path(__file__).parent / "texts"
NAMES = sorted(path.stem for path in TEXTS.glob("*.yaml"))


def _iso(moment: Moment | None) -> str | None:
    return moment.iso() if moment else None


def said(name: str) -> Postmortem:
    path = next(path for path in TEXTS.glob(f"{name}.*") if path.suffix != ".yaml")
    return read(text_of(path.read_bytes()), path.name)


def answers(pm: Postmortem) -> dict[str, Any]:
    timed = [_iso(entry.at) for entry in pm.timeline if entry.at]
    milestones = {name: _iso(at) for name, at in pm.milestones.items()}
    return milestones | {
        "title": pm.title,
        "start": _iso(pm.start),
        "end": _iso(pm.end),
        "duration_minutes": pm.duration_minutes,
        "time_zone": pm.time_zone,
        "severity": pm.severity,
        "entries": len(timed),
        "first": timed[0] if timed else None,
        "last": timed[-1] if timed else None,
        "percent": pm.impact.percent,
        "users": pm.impact.users,
        "functions": list(pm.impact.functions),
        "category": str(pm.root_cause.category) if pm.root_cause else None,
        "setting": pm.root_cause.setting if pm.root_cause else None,
        "actions": len(pm.actions) or None,
        "done": sum(action.done is True for action in pm.actions),
        "open": sum(action.done is False for action in pm.actions),
        "owners": [action.owner for action in pm.actions],
        "due": [action.due for action in pm.actions],
        "missing": list(pm.missing),
        "misdirected": sum(path.minutes or 0 for path in pm.hypotheses),
        "others": len(pm.others),
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_text_says(name: str) -> None:
    wanted = yaml.safe_load((TEXTS / f"{name}.yaml").read_text("utf-8"))
    pm = said(name)
    given = answers(pm)
    codes = {each.code for each in pm.contradictions}
    texts = {entry.text for entry in pm.timeline}
    assert codes >= set(wanted.pop("codes", ()))
    assert texts >= set(wanted.pop("texts", ()))
    title = wanted.pop("title", given["title"])
    assert title == given["title"] or (title and given["title"] and title in given["title"])
    assert {key: given[key] for key in wanted} == wanted


def test_there_are_thirty() -> None:
    assert len(NAMES) >= 30
