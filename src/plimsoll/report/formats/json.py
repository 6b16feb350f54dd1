"""The report for machines: the output contract of `plimsoll check --format json`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TextIO

from msgspec.structs import replace

from plimsoll import __version__
from plimsoll.model.drift import Asked, Audit, Drift
from plimsoll.model.finding import (
    Change,
    Difference,
    Finding,
    Fix,
    Operand,
    Outcome,
    Repaired,
    Skipped,
)
from plimsoll.model.place import Place
from plimsoll.model.quantity import SECONDS, UNLIMITED, Amount, Number
from plimsoll.model.setting import Origin, Setting, Unread
from plimsoll.report.format import Format, Look
from plimsoll.report.operands import unread_reason
from plimsoll.report.quoting import MASK
from plimsoll.report.secrets import Mask, is_secret
from plimsoll.report.width import shown_bytes

CONTRACT = 1

# What JSON can say. Keys keep the order in which they are put in.
Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | float | bool


def write(outcome: Outcome, out: TextIO, look: Look) -> None:  # noqa: ARG001
    """One JSON document in ASCII: whatever a file holds, it cannot act on a terminal."""
    json.dump(document(outcome), out, indent=2, ensure_ascii=True, allow_nan=False)
    out.write("\n")


FORMAT = Format("for machines: the documented contract", write)


def document(outcome: Outcome) -> Json:
    """The whole contract; keys that do not apply are left out, never null."""
    mask = Mask.of(outcome.stack)
    stack = outcome.stack
    settings = sum(len(service.settings) for service in stack.services.values())
    return {
        "plimsoll": __version__,
        "contract": CONTRACT,
        "findings": [_open(each, mask) for each in outcome.findings],
        "skipped": [_skipped(each, mask) for each in outcome.skipped],
        "unread": [unread_document(each, mask) for each in outcome.unread],
        "stack": {"services": len(stack.services), "settings": settings},
        "accepted": [
            {**_finding(each, mask), **_entry("accepted", each, mask)}
            for each in outcome.suppressed
        ],
        **_compared(outcome.difference, mask),
        **_audited(outcome.audit, mask),
    }


def _audited(of: Audit | None, mask: Mask) -> dict[str, Json]:
    """What running servers told beside findings; nothing where none was asked."""
    if of is None:
        return {}
    return {
        "servers": [_asked(each) for each in of.servers],
        "drift": [_drift(each, mask) for each in of.drifts],
        "absent": [shown_bytes(name) for name in of.absent],
    }


def _asked(each: Asked) -> Json:
    return {
        "service": shown_bytes(each.service),
        "technology": each.technology,
        "version": shown_bytes(each.version),
        "host": shown_bytes(each.host),
        "pid": each.pid,
        "processes": each.processes,
        "settings": each.settings,
        "failures": [shown_bytes(reason) for reason in each.failures],
    }


def _drift(each: Drift, mask: Mask) -> Json:
    states = {"declared": each.declared, "disk": each.disk, "running": each.running}
    return {
        "service": shown_bytes(each.service),
        "name": shown_bytes(each.name),
        "kind": str(each.kind),
        "reason": mask.reason(each.reason),
        **({"whom": shown_bytes(each.whom)} if each.whom else {}),
        **{
            state: {
                **_written(setting, mask),
                "origin": str(setting.origin),
                **(_position(setting.place) if setting.place else {}),
            }
            for state, setting in states.items()
            if setting is not None
        },
    }


def _compared(of: Difference | None, mask: Mask) -> dict[str, Json]:
    """What else a comparison of two states gave; nothing where one was checked."""
    if of is None:
        return {}
    return {
        "difference": {
            "before": shown_bytes(of.before),
            "after": shown_bytes(of.after),
            "unchanged": of.unchanged,
            "added": [shown_bytes(name) for name in of.added],
            "removed": [shown_bytes(name) for name in of.removed],
        },
        "repaired": [_repaired(each, mask) for each in of.repaired],
    }


def _repaired(each: Repaired, mask: Mask) -> Json:
    used = each.utilization
    after: Json = {"utilization": _end(used, places=4)} if used is not None else {}
    return {**_finding(each.finding, mask), "after": after}


def _before(finding: Finding, mask: Mask) -> dict[str, Json]:
    """What it was in the earlier state; nothing where one state was checked."""
    before = finding.before
    if before is None:
        return {}
    said: dict[str, Json] = {}
    if before.severity is not None:
        said["severity"] = str(before.severity)
    if before.utilization is not None:
        said["utilization"] = _end(before.utilization, places=4)
    if before.reason:
        said["skipped"] = mask.reason(before.reason)
    return {"before": said}


def _open(finding: Finding, mask: Mask) -> Json:
    return {**_finding(finding, mask), **_entry("was_accepted", finding, mask)}


def _entry(key: str, finding: Finding, mask: Mask) -> dict[str, Json]:
    """The entry of `ignore:` about a finding, under *key*."""
    entry = finding.accepted
    if entry is None:
        return {}
    said = {"reason": entry.reason, "until": entry.until, "owner": entry.owner}
    return {key: {name: mask.sentence(text) for name, text in said.items() if text}}


def _finding(finding: Finding, mask: Mask) -> dict[str, Json]:
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "kind": str(finding.kind),
        "service": shown_bytes(finding.service),
        "message": mask.sentence(finding.message),
        **_load_line(finding, mask),
        "settings": [operand_document(each, mask) for each in finding.listed],
        **({"more_settings": finding.unlisted} if finding.unlisted else {}),
        "fix": [fix_document(each, mask) for each in finding.fixes],
        "help": _help(finding),
        "fingerprint": finding.fingerprint,
        **({"level": finding.level} if finding.level else {}),
        "seen": list(finding.seen),
        **_before(finding, mask),
    }


def _load_line(finding: Finding, mask: Mask) -> dict[str, Json]:
    """Load against limit; nothing where the rule is a condition."""
    if finding.load is None or finding.limit is None:
        return {}
    said: dict[str, Json] = {
        "load": _end(finding.load.low),
        "limit": _end(finding.limit.high),
    }
    if finding.at_least:
        said["at_least"] = True
    if finding.utilization is not None:
        said["utilization"] = _end(finding.utilization, places=4)
    said["unit"] = str(finding.load.unit)
    said["arithmetic"] = mask.sentence(finding.arithmetic)
    return said


def _help(finding: Finding) -> str:
    sources = f" Source: {'; '.join(finding.source)}." if finding.source else ""
    return f"{finding.why}{sources}"


def operand_document(operand: Operand, mask: Mask) -> dict[str, Json]:
    """A setting that took part: its value, and where it comes from."""
    setting = operand.setting
    said: dict[str, Json] = {
        "service": shown_bytes(operand.owner),
        "technology": setting.technology,
        "name": shown_bytes(setting.name),
        **_written(setting, mask),
        "origin": str(setting.origin),
        **({"earlier": True} if operand.is_earlier else {}),
    }
    if setting.version:
        said["version"] = setting.version
    if setting.origin is Origin.DEFAULT and setting.belongs:
        said["belongs"] = setting.belongs
    return {**said, **(_position(setting.place) if setting.place else {})}


def _written(setting: Setting, mask: Mask) -> dict[str, Json]:
    """The value in base units and as it is written; a secret is "***" in both."""
    return {"value": _value(setting, mask), "text": shown_bytes(mask.words(setting))}


def fix_document(fix: Fix, mask: Mask) -> list[Json]:
    """The changes of one alternative, each with the edit that writes it."""
    return [_change(each, mask) for each in fix.changes]


def _change(change: Change, mask: Mask) -> dict[str, Json]:
    setting, edit = change.operand.setting, change.edit
    said: dict[str, Json] = {
        "service": shown_bytes(change.operand.owner),
        "name": shown_bytes(setting.name),
        "from": _value(setting, mask),
        "to": _value(replace(setting, value=change.value, text=change.text), mask),
        "text": shown_bytes(change.text),
        "needs": str(change.needs),
        "cost": change.cost,
        "rule": change.rule,
    }
    if setting.place is not None:
        said |= {"path": shown_bytes(setting.place.path), "line": setting.place.span.line}
    if edit is not None:
        said["edit"] = {
            "path": shown_bytes(edit.path),
            "line": edit.span.line,
            "column": edit.span.column,
            "end_line": edit.span.end_line,
            "end_column": edit.span.end_column,
            "text": shown_bytes(edit.text),
        }
    return said


def _value(setting: Setting, mask: Mask) -> Json:
    """A number in base units, a string or a boolean."""
    if is_secret(setting):
        return MASK
    if isinstance(setting.value, bool):
        return setting.value
    if isinstance(setting.value, Amount) and setting.value.is_known:
        return _amount(setting.value)
    return mask.value(setting)


def _amount(known: Amount) -> Json:
    """A known amount; infinite time is "never"."""
    if known.low == UNLIMITED and known.unit == SECONDS:
        return "never"
    return _end(known.low)


def _end(number: Number, places: int | None = None) -> int | float | str:
    if number in (UNLIMITED, -UNLIMITED):
        return "unlimited" if number > 0 else "-unlimited"
    if number == int(number):
        return int(number)
    exact = float(number)
    return exact if places is None else round(exact, places)


def _position(place: Place) -> dict[str, Json]:
    """Where a setting stands; lines and columns from 1, ends exclusive."""
    whole, inner = place.span, place.value
    said: dict[str, Json] = {
        "path": shown_bytes(place.path.replace("\\", "/")),
        "line": whole.line,
        "column": whole.column,
        "end_line": whole.end_line,
        "end_column": whole.end_column,
    }
    if inner and inner.line == whole.line and inner.end_line == whole.end_line:
        said["value_column"] = inner.column
        said["value_end_column"] = inner.end_column
    return said


def _skipped(skipped: Skipped, mask: Mask) -> Json:
    return {
        "rule": skipped.rule,
        "service": shown_bytes(skipped.service or skipped.target),
        "reason": mask.reason(skipped.reason),
    }


def unread_document(each: Unread, mask: Mask) -> Json:
    """What could not be read; without a line where it is a whole file.

    A file that another one names and that is not there is told at the place of its name.
    """
    if each.place is None:
        return {"path": shown_bytes(each.path), "reason": mask.reason(each.reason)}
    return {
        "path": shown_bytes(each.place.path),
        "line": each.place.span.line,
        "reason": mask.reason(unread_reason(each)),
    }
