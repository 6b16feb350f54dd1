"""How drift and what could not be asked are told."""

from __future__ import annotations

from collections.abc import Iterator

from plimsoll.model.drift import Audit, Drift
from plimsoll.report.operands import value, where
from plimsoll.report.secrets import Mask
from plimsoll.report.width import visible


def drifted(each: Drift, mask: Mask) -> str:
    """One setting that drifts, with its value in every state and the reason."""
    states = (("runs with", each.running), ("on disk", each.disk), ("declared", each.declared))
    told = [
        f"{state} {value(setting, mask)}" + (f" ({at})" if (at := where(setting)) else "")
        for state, setting in states
        if setting is not None
    ]
    of = f"{visible(each.name)} of {visible(each.service)}"
    return f"{each.kind}: {of}: {', '.join((*told, ''))}{mask.reason(each.reason)}"


def unasked(audit: Audit) -> Iterator[str]:
    """What could not be asked, and why."""
    for each in audit.servers:
        name = visible(each.service or f"{each.technology}, which the folder does not speak of")
        for reason in each.failures:
            yield f"{name} (process {each.pid}): {reason}"
        if not each.settings and not each.failures:
            yield f"{name} (process {each.pid}): cannot tell its settings; its files and command are checked"
    for service in audit.absent:
        yield f"{visible(service)}: does not run here"
