"""The answer of an audit, beside findings: who was asked, and what drifts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from plimsoll.audit.answers import Asked, Machine
from plimsoll.audit.drift import drifts
from plimsoll.audit.stacks import Audited
from plimsoll.model.drift import Asked as Told
from plimsoll.model.drift import Audit, Drift
from plimsoll.model.finding import Finding


def audit_of(machine: Machine, audited: Audited, findings: Iterable[Finding]) -> Audit:
    """*findings*: of the stack as it lies on the disk: what servers make of what is written there."""
    known = list(findings)
    drift: list[Drift] = []
    for name, asked in audited.servers.items():
        declared = audited.declared.services.get(name) if audited.declared else None
        disk = audited.disk.services[name]
        drift += drifts(name, asked, declared, disk, machine.changed, known)
    services = audited.declared.services.values() if audited.declared else ()
    absent = [s.name for s in services if s.technology and s.name not in audited.servers]
    return Audit(tuple(_servers(machine, audited)), tuple(drift), tuple(absent))


def _servers(machine: Machine, audited: Audited) -> Iterator[Told]:
    for name, asked in (*audited.servers.items(), *(("", each) for each in audited.strangers)):
        yield _told(name, asked, machine.name)


def _told(service: str, asked: Asked, host: str) -> Told:
    server = asked.server
    return Told(
        service,
        server.technology,
        asked.version,
        host,
        server.main.pid,
        len(server.processes),
        len(asked.told),
        asked.failures,
    )
