"""Annotations of GitHub's runners: lines of a log that stand beside the changed code.

Source: GitHub, Workflow commands for GitHub Actions (2026): `%`, returns and line feeds are
escaped everywhere, `:` and `,` in properties. A runner shows ten errors and ten warnings of a step.
"""

from __future__ import annotations

from typing import TextIO

from plimsoll.model.finding import Finding, Outcome, Severity
from plimsoll.report.compared import was
from plimsoll.report.format import Format, Look
from plimsoll.report.formats.text import summary
from plimsoll.report.secrets import Mask
from plimsoll.report.spots import spot
from plimsoll.report.width import shown_bytes

_COMMANDS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
}
_IN_TEXT = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def write(outcome: Outcome, out: TextIO, look: Look) -> None:
    """One command for each finding, the worst first; then the summary."""
    mask = Mask.of(outcome.stack)
    for each in outcome.findings:
        out.write(_command(each, outcome, mask, look) + "\n")
    out.write(summary(outcome) + "\n")


FORMAT = Format("annotations for GitHub's runners", write)


def _command(finding: Finding, outcome: Outcome, mask: Mask, look: Look) -> str:
    place = spot(finding, outcome.stack)
    span = place.span
    properties = {
        "file": shown_bytes(look.in_repository(place.path)),
        "line": str(span.line),
        "endLine": str(span.end_line),
    }
    if span.line == span.end_line:  # columns of several lines are refused
        properties |= {"col": str(span.column), "endColumn": str(span.end_column)}
    properties["title"] = f"{finding.severity}: {finding.title} [{finding.rule}]"
    told = ",".join(f"{name}={text.translate(_IN_PROPERTY)}" for name, text in properties.items())
    before = was(finding, mask)
    lines = [finding.message, finding.arithmetic, f"was {before}" if before else "", finding.why]
    message = "\n".join(mask.sentence(line) for line in lines if line)
    return f"::{_COMMANDS[finding.severity]} {told}::{message.translate(_IN_TEXT)}"
