"""GitLab's code quality report: findings beside the changed lines of a merge request.

Source: GitLab, Code Quality, "Code Quality report format" (2026): a list of issues, each with a
description, a check name, a fingerprint, a severity, a path and the line where it begins.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TextIO

from plimsoll.model.finding import Finding, Outcome, Severity
from plimsoll.report.format import Format, Look
from plimsoll.report.secrets import Mask
from plimsoll.report.spots import spot
from plimsoll.report.width import shown_bytes

_SEVERITIES = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "info",
}


def write(outcome: Outcome, out: TextIO, look: Look) -> None:
    """A list of issues; empty where nothing is found."""
    mask = Mask.of(outcome.stack)
    issues = [_issue(each, outcome, mask, look) for each in outcome.findings]
    json.dump(issues, out, indent=2, ensure_ascii=True)
    out.write("\n")


FORMAT = Format("GitLab's code quality report", write)


def _issue(finding: Finding, outcome: Outcome, mask: Mask, look: Look) -> Mapping[str, object]:
    place = spot(finding, outcome.stack)
    told = f"{finding.title}. {finding.message}"
    return {
        "description": mask.sentence(
            f"{told}: {finding.arithmetic}" if finding.arithmetic else told
        ),
        "check_name": finding.rule,
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": shown_bytes(look.in_repository(place.path)),
            "lines": {"begin": place.span.line, "end": place.span.end_line},
        },
    }
