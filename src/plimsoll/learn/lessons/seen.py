"""What was seen before: rules and settings, and the incidents that they were part of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from plimsoll.learn.postmortem import Postmortem


def incident_name(postmortem: Postmortem) -> str:
    """How a finding names the incident: its title, its day, its file."""
    start = postmortem.start.iso() if postmortem.start else None
    day = (start or "").partition("T")[0].removeprefix("--")
    beside = ", ".join(each for each in (day, postmortem.path) if each)
    return f"{postmortem.title} ({beside})" if postmortem.title else beside


def settings_of(postmortem: Postmortem) -> tuple[str, ...]:
    """The setting that the cause names as configuration writes it; a kind alone names none."""
    cause = postmortem.root_cause
    name = cause.setting if cause else None
    return (
        (name,)
        if name and " " not in name and ("_" in name or "." in name or not name.islower())
        else ()
    )


def with_incident(
    seen: Mapping[str, Sequence[str]], keys: Sequence[str], incident: str
) -> dict[str, list[str]]:
    """*seen* with the incident under each key, once."""
    out = {key: list(each) for key, each in seen.items()}
    for key in keys:
        if incident not in out.setdefault(key, []):
            out[key].append(incident)
    return out


def seen_text(seen: Mapping[str, Sequence[str]]) -> str:
    """The content of the file: sorted, so that a diff shows what is new."""
    return (
        json.dumps({key: sorted(seen[key]) for key in sorted(seen)}, indent=2, ensure_ascii=False)
        + "\n"
    )
