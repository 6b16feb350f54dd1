"""Findings that were there before: a report of an earlier run, to hear of new ones only."""

from __future__ import annotations

import json
from collections import Counter

from msgspec.structs import replace

from plimsoll.model.finding import Finding, Outcome
from plimsoll.model.place import Place, Span
from plimsoll.model.stack import Suppression


class BaselineError(Exception):
    """It is no report of ours."""


def fingerprints(text: str) -> Counter[str]:
    """How often each finding of a JSON report is there, accepted ones among them.

    Raises:
        BaselineError: the text is no such report.
    """
    try:
        said = json.loads(text)
        found = [*said["findings"], *said.get("accepted", ())]
        return Counter(
            each["fingerprint"] for each in found if isinstance(each["fingerprint"], str)
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise BaselineError("no report of `plimsoll check --format json`") from problem


def since(outcome: Outcome, known: Counter[str], path: str) -> Outcome:
    """*outcome* without the findings that *known* has; they are accepted, with the baseline's name."""
    left = Counter(known)
    new: list[Finding] = []
    old: list[Finding] = []
    for each in outcome.findings:
        if left[each.fingerprint] > 0:
            left[each.fingerprint] -= 1
            place = Place(path, Span(1, 1, 1, 1))
            entry = Suppression(each.rule, f"in the baseline {path}", place)
            old.append(replace(each, accepted=entry))
        else:
            new.append(each)
    return replace(outcome, findings=tuple(new), suppressed=(*outcome.suppressed, *old))
