"""A postmortem as plain data: the contract of `plimsoll postmortem read --format json`."""

from __future__ import annotations

from typing import Any

from plimsoll.learn.moment import Moment
from plimsoll.learn.postmortem import (
    Action,
    Contradiction,
    Entry,
    Hypothesis,
    Postmortem,
    RootCause,
)


def data_of(postmortem: Postmortem) -> dict[str, Any]:
    """Names and bare values; times in ISO 8601 as far as they are stated."""
    return {
        "file": postmortem.path,
        "title": postmortem.title,
        "start": _iso(postmortem.start),
        "end": _iso(postmortem.end),
        "duration_minutes": postmortem.duration_minutes,
        "time_zone": postmortem.time_zone,
        "severity": postmortem.severity,
        "impact": {
            "percent": postmortem.impact.percent,
            "users": postmortem.impact.users,
            "functions": list(postmortem.impact.functions),
        },
        "timeline": [_entry(each) for each in postmortem.timeline],
        "milestones": {name: _iso(at) for name, at in postmortem.milestones.items()},
        "hypotheses": [_hypothesis(each) for each in postmortem.hypotheses],
        "root_cause": _cause(postmortem.root_cause),
        "factors": [{"text": each.text, "line": each.line} for each in postmortem.factors],
        "resolution": postmortem.resolution,
        "actions": [_action(each) for each in postmortem.actions],
        "missing": list(postmortem.missing),
        "contradictions": [_contradiction(each) for each in postmortem.contradictions],
        "sources": {
            key: {"line": each.line, "confidence": each.confidence}
            for key, each in postmortem.sources.items()
        },
        "not_understood": [
            {"line": each.line, "text": each.text} for each in postmortem.not_understood
        ],
        "is_incident": postmortem.is_incident,
        "others": [data_of(each) for each in postmortem.others],
    }


def _iso(moment: Moment | None) -> str | None:
    return moment.iso() if moment else None


def _entry(entry: Entry) -> dict[str, Any]:
    out = {"at": _iso(entry.at), "text": entry.text, "line": entry.line, "kind": str(entry.kind)}
    if entry.until is not None:
        out["until"] = _iso(entry.until)
    if entry.is_approximate:
        out["approximate"] = True
    return out


def _hypothesis(path: Hypothesis) -> dict[str, Any]:
    return {
        "text": path.text,
        "minutes": path.minutes,
        "line": path.line,
        "start": _iso(path.start),
        "end": _iso(path.end),
    }


def _cause(cause: RootCause | None) -> dict[str, Any] | None:
    if cause is None:
        return None
    return {
        "text": cause.text,
        "category": str(cause.category),
        "technology": cause.technology,
        "setting": cause.setting,
        "value": cause.value,
        "confidence": cause.confidence,
        "line": cause.line,
    }


def _action(action: Action) -> dict[str, Any]:
    return {
        "text": action.text,
        "kind": str(action.kind),
        "owner": action.owner,
        "due": action.due,
        "done": action.done,
        "line": action.line,
        "same_as": list(action.same_as),
    }


def _contradiction(each: Contradiction) -> dict[str, Any]:
    return {"code": each.code, "message": each.message, "lines": list(each.lines)}
