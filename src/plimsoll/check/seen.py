"""Incidents in which a rule or a setting was seen before: .plimsoll/seen.json, beside the findings."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from plimsoll.model.finding import Finding, Outcome

Seen = Mapping[str, Sequence[str]]


class SeenError(Exception):
    """The file is not what `plimsoll learn` writes."""


def parse_seen(text: str) -> Seen:
    """Incidents by rule or setting.

    Raises:
        SeenError: it is no object of lists of texts.
    """
    try:
        said = json.loads(text)
    except ValueError as problem:
        raise SeenError(f"no JSON: {problem}") from problem
    is_sound = isinstance(said, dict) and all(
        isinstance(each, list) and all(isinstance(name, str) for name in each)
        for each in said.values()
    )
    if not is_sound:
        raise SeenError('not {"rule or setting": ["incident", ...]}')
    return {str(key): tuple(each) for key, each in said.items()}


def with_seen(outcome: Outcome, seen: Seen) -> Outcome:
    """The outcome whose findings name the incidents of their rule and of their culprit."""
    if not seen:
        return outcome
    return replace(
        outcome,
        findings=tuple(_told(each, seen) for each in outcome.findings),
        suppressed=tuple(_told(each, seen) for each in outcome.suppressed),
    )


def _told(finding: Finding, seen: Seen) -> Finding:
    culprit = finding.operands[0].setting.name if finding.operands else ""
    incidents = (*finding.seen, *seen.get(finding.rule, ()), *seen.get(culprit, ()))
    return replace(finding, seen=tuple(dict.fromkeys(incidents)))
