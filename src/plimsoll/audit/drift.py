"""Where what was declared, what is on the disk, what runs and what was accepted disagree, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from plimsoll.audit.answers import Asked
from plimsoll.audit.running import is_same, values
from plimsoll.model.drift import Drift, Kind
from plimsoll.model.finding import Finding
from plimsoll.model.finding import Kind as Altered
from plimsoll.model.live import Source, Told
from plimsoll.model.setting import Setting
from plimsoll.model.stack import Service

_GRAIN = 0.05  # seconds to which the start of a process is known, and a little
_OVERRIDES = {
    Source.ALTERED: "the server keeps its own, above the file (ALTER SYSTEM and the like)",
    Source.COMMAND_LINE: "the command line says otherwise",
    Source.ENVIRONMENT: "the environment says otherwise",
}
UNTOLD = "intended, corrective or foreign cannot be told apart yet"


def drifts(
    name: str,
    asked: Asked,
    declared: Service | None,
    disk: Service,
    changed: Mapping[str, float],
    findings: Iterable[Finding] = (),
) -> Iterator[Drift]:
    """The settings of one service that drift.

    *changed*: when its files were last written. *findings*: of the stack as it is on the disk, on the
    machine as it is: what they say that the server makes of a value is the reason where it does.
    """
    altered = {
        operand.setting.name: each.message
        for each in findings
        if each.kind is Altered.EXACT and each.service == name
        for operand in each.operands
    }
    for told, running in values(asked):
        was = declared.setting(told.name) if declared else None
        lies = disk.setting(told.name)
        if is_same(running, lies) and not told.is_pending and not told.whom:
            if declared is not None and not is_same(lies, was):
                yield Drift(name, told.name, Kind.EDITED, UNTOLD, was, lies, running)
            continue
        if told.source is Source.DEFAULT and not (lies and lies.is_written):
            continue  # worked out by the server from others
        if not told.whom and told.name in altered and told.source not in _OVERRIDES:
            kind, reason = Kind.CAPPED, altered[told.name]
        else:
            kind, reason = _why(told, lies, is_newer=bool(_newer(asked, changed)))
        yield Drift(name, told.name, kind, reason, was, lies, running, told.whom)
    yield from _older(name, asked, changed)


def _why(told: Told, lies: Setting | None, *, is_newer: bool) -> tuple[Kind, str]:
    """The kind of a difference between what runs and what lies on the disk, and its reason."""
    if told.whom:
        return Kind.SHADOWED, f"{told.whom} has its own"
    if told.is_pending:
        return Kind.PENDING, "the file says otherwise, which waits for a restart"
    if told.source in _OVERRIDES:
        return Kind.SHADOWED, _OVERRIDES[told.source]
    if told.source is Source.UNKNOWN and is_newer:
        return Kind.PENDING, "its file was written after it had started, which waits for a restart"
    if told.source is Source.RUNTIME:
        return Kind.EDITED, f"set while it runs, gone with a restart; {UNTOLD}"
    if told.source is Source.UNKNOWN:
        return Kind.EDITED, f"set while it runs, or on its command line; {UNTOLD}"
    if lies is not None and lies.is_written:
        return Kind.PENDING, "the file says otherwise, which waits for a reload"
    return Kind.EDITED, f"written in no file that was read; {UNTOLD}"


def _older(name: str, asked: Asked, changed: Mapping[str, float]) -> Iterator[Drift]:
    """Files that were written after the processes that read them had started.

    Only of a server that cannot tell all its values; of the others these are compared.
    """
    if asked.is_whole:
        return
    for path in _newer(asked, changed):
        reason = "was written after the processes that run had started; it waits for a reload"
        yield Drift(name, path, Kind.PENDING, reason)


def _newer(asked: Asked, changed: Mapping[str, float]) -> list[str]:
    """The files of a server that were written after its processes had started."""
    processes = asked.server.workers or (asked.server.main,)
    started = max(each.started for each in processes)
    return [path for path in asked.read if changed.get(path, 0.0) > started + _GRAIN]
