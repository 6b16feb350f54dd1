"""SARIF 2.1.0: for code hosts and editors.

Source: OASIS, Static Analysis Results Interchange Format 2.1.0. Columns count code points; what is
accepted is there as a suppressed result; what could not be read or checked is a
notification of the run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TextIO
from urllib.parse import quote

from plimsoll import __version__
from plimsoll.model.finding import Finding, Fix, Operand, Outcome, Severity, Skipped
from plimsoll.model.place import Place, Span
from plimsoll.model.quantity import UNLIMITED
from plimsoll.model.setting import Unread
from plimsoll.report.compared import was
from plimsoll.report.format import Format, Look
from plimsoll.report.formats.json import Json
from plimsoll.report.moves import moves
from plimsoll.report.operands import named, unread_reason, value
from plimsoll.report.secrets import Mask
from plimsoll.report.spots import spot
from plimsoll.report.width import shown_bytes

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_ROOT = "REPOSITORY"
_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}


def write(outcome: Outcome, out: TextIO, look: Look) -> None:
    """One log with one run."""
    json.dump(_Log(outcome, look).document(), out, indent=2, ensure_ascii=True, allow_nan=False)
    out.write("\n")


FORMAT = Format("for code hosts and editors: SARIF 2.1.0", write)


class _Log:
    def __init__(self, outcome: Outcome, look: Look) -> None:
        self.outcome = outcome
        self.look = look
        self.mask = Mask.of(outcome.stack)
        self.findings = (*outcome.findings, *outcome.suppressed)
        self.rules = list(dict.fromkeys(each.rule for each in self.findings))

    def document(self) -> Json:
        return {"$schema": SCHEMA, "version": "2.1.0", "runs": [self._run()]}

    def _run(self) -> Json:
        first = {each.rule: each for each in reversed(self.findings)}
        driver = {
            "name": "plimsoll",
            "semanticVersion": __version__,
            "rules": [self._rule(first[name]) for name in self.rules],
        }
        notes = [*map(self._unread, self.outcome.unread), *self._skipped(self.outcome.skipped)]
        return {
            "tool": {"driver": driver},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {_ROOT: {"description": {"text": "the root of the repository"}}},
            "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
            "results": [self._result(each) for each in self.findings],
        }

    def _rule(self, finding: Finding) -> Json:
        source = "; ".join(finding.source)
        told = f"{finding.why}\n\nSource: {source}." if source else finding.why
        return {
            "id": finding.rule,
            "shortDescription": {"text": finding.title},
            "fullDescription": {"text": finding.why},
            "help": {"text": told, "markdown": f"**{finding.title}**\n\n{told}"},
            "properties": {"kind": str(finding.kind), "tags": ["configuration", str(finding.kind)]},
        }

    def _result(self, finding: Finding) -> Json:
        said: dict[str, Json] = {
            "ruleId": finding.rule,
            "ruleIndex": self.rules.index(finding.rule),
            "level": _LEVELS[finding.severity],
            "message": {"text": self._message(finding)},
            "locations": [self._location(spot(finding, self.outcome.stack))],
            "relatedLocations": list(self._related(finding.listed)),
            "partialFingerprints": {"plimsoll/v1": finding.fingerprint},
            "properties": self._properties(finding),
        }
        fixes = [self._fix(each) for each in finding.fixes if each.edits and not each.told]
        if fixes:
            said["fixes"] = fixes
        if finding.before is not None:
            said["baselineState"] = "new" if finding.before.severity is None else "updated"
        if finding in self.outcome.suppressed and finding.accepted is not None:
            reason = self.mask.sentence(finding.accepted.reason)
            said["suppressions"] = [{"kind": "external", "justification": reason}]
        return said

    def _fix(self, fix: Fix) -> Json:
        """One alternative; those that edits do not write as a whole are none that a tool can apply."""
        changed = dict.fromkeys(each.path for each in fix.edits)
        return {
            "description": {"text": f"{fix.title}: {', '.join(moves(fix, self.mask))}"},
            "artifactChanges": [
                {
                    "artifactLocation": self._file(path),
                    "replacements": [
                        {
                            "deletedRegion": self._region(each.span),
                            "insertedContent": {"text": shown_bytes(each.text)},
                        }
                        for each in fix.edits
                        if each.path == path
                    ],
                }
                for path in changed
            ],
        }

    def _message(self, finding: Finding) -> str:
        arithmetic = f": {finding.arithmetic}" if finding.arithmetic else ""
        return self.mask.sentence(f"{finding.title}. {finding.message}{arithmetic}")

    def _properties(self, finding: Finding) -> Json:
        said: dict[str, Json] = {
            "severity": str(finding.severity),
            "service": shown_bytes(finding.service),
        }
        if finding.utilization not in (None, UNLIMITED):
            said["utilization"] = round(float(finding.utilization or 0), 4)
        before = was(finding, self.mask)
        return {**said, "before": before} if before else said

    def _related(self, operands: Sequence[Operand]) -> Iterable[Json]:
        """The other settings that took part, as far as somebody wrote them."""
        for each in operands[1:]:
            if each.setting.place is not None and not each.is_earlier:
                told = f"{named(each)} = {value(each.setting, self.mask)}"
                yield {**self._location(each.setting.place), "message": {"text": told}}

    def _location(self, place: Place) -> dict[str, Json]:
        at = {"artifactLocation": self._file(place.path), "region": self._region(place.span)}
        return {"physicalLocation": at}

    def _region(self, span: Span) -> Json:
        return {
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": span.end_line,
            "endColumn": span.end_column,
        }

    def _file(self, path: str) -> Json:
        shown = shown_bytes(self.look.in_repository(path))
        return {"uri": quote(shown, safe="/~"), "uriBaseId": _ROOT}

    def _unread(self, each: Unread) -> Json:
        path = each.place.path if each.place else each.path
        location = (
            self._location(each.place)
            if each.place
            else {"physicalLocation": {"artifactLocation": self._file(path)}}
        )
        text = f"not read: {self.mask.reason(unread_reason(each))}"
        return {"level": "warning", "message": {"text": text}, "locations": [location]}

    def _skipped(self, skipped: Iterable[Skipped]) -> Iterable[Json]:
        for each in skipped:
            about = shown_bytes(each.target or each.service)
            text = (
                f"{each.rule} not checked for {about}: " if about else f"{each.rule} not checked: "
            )
            yield {
                "level": "note",
                "message": {"text": text + self.mask.reason(each.reason)},
                "associatedRule": {"id": each.rule},
            }
