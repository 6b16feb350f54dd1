"""Several stacks of one repository as one outcome: names and paths begin with the stack's folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

from msgspec.structs import replace

from plimsoll.model.finding import (
    Change,
    Difference,
    Finding,
    Fix,
    LoadLine,
    Operand,
    Outcome,
    Skipped,
)
from plimsoll.model.place import Place
from plimsoll.model.setting import Setting, Unread
from plimsoll.model.stack import Host, Link, Service, Stack, Suppression


def joined(outcomes: Mapping[str, Outcome]) -> Outcome:
    """One outcome of those by folder ("" is the checked one itself)."""
    moved = [_Moved(folder).outcome(each) for folder, each in outcomes.items()]
    if len(moved) == 1:
        return moved[0]
    return Outcome(
        stack=_stack([each.stack for each in moved]),
        findings=tuple(
            sorted((f for each in moved for f in each.findings), key=lambda f: -f.severity)
        ),
        skipped=tuple(s for each in moved for s in each.skipped),
        unread=tuple(u for each in moved for u in each.unread),
        suppressed=tuple(f for each in moved for f in each.suppressed),
        lines=tuple(line for each in moved for line in each.lines),
        rules=max(each.rules for each in moved),
        is_whole=all(each.is_whole for each in moved),
        difference=_difference([each.difference for each in moved if each.difference]),
    )


def _stack(stacks: Sequence[Stack]) -> Stack:
    earlier = [each.before for each in stacks if each.before is not None]
    return Stack(
        hosts={name: host for each in stacks for name, host in each.hosts.items()},
        services={name: service for each in stacks for name, service in each.services.items()},
        links=tuple(link for each in stacks for link in each.links),
        unread=tuple(u for each in stacks for u in each.unread),
        texts={path: text for each in stacks for path, text in each.texts.items()},
        named_unread=any(each.named_unread for each in stacks),
        before=_stack(earlier) if earlier else None,
    )


def _difference(of: Sequence[Difference]) -> Difference | None:
    if not of:
        return None
    return replace(
        of[0],
        repaired=tuple(r for each in of for r in each.repaired),
        unchanged=sum(each.unchanged for each in of),
        added=tuple(name for each in of for name in each.added),
        removed=tuple(name for each in of for name in each.removed),
    )


class _Moved:
    """What was said of a stack, as it is said from the folder above."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def outcome(self, outcome: Outcome) -> Outcome:
        if not self.folder:
            return outcome
        return replace(
            outcome,
            stack=self._stack(outcome.stack),
            findings=tuple(map(self._finding, outcome.findings)),
            skipped=tuple(map(self._skipped, outcome.skipped)),
            unread=tuple(map(self._unread, outcome.unread)),
            suppressed=tuple(map(self._finding, outcome.suppressed)),
            lines=tuple(map(self._line, outcome.lines)),
            difference=self._difference(outcome.difference) if outcome.difference else None,
        )

    def _name(self, name: str) -> str:
        return f"{self.folder}/{name}" if name else name

    def _place(self, place: Place | None) -> Place | None:
        return replace(place, path=self._name(place.path)) if place else None

    def _stack(self, stack: Stack) -> Stack:
        return replace(
            stack,
            hosts={self._name(n): self._host(h) for n, h in stack.hosts.items()},
            services={self._name(n): self._service(s) for n, s in stack.services.items()},
            links=tuple(map(self._link, stack.links)),
            unread=tuple(map(self._unread, stack.unread)),
            texts={self._name(path): text for path, text in stack.texts.items()},
            before=self._stack(stack.before) if stack.before else None,
        )

    def _difference(self, of: Difference) -> Difference:
        return replace(
            of,
            repaired=tuple(replace(r, finding=self._finding(r.finding)) for r in of.repaired),
            added=tuple(map(self._name, of.added)),
            removed=tuple(map(self._name, of.removed)),
        )

    def _host(self, host: Host) -> Host:
        return replace(host, name=self._name(host.name))

    def _service(self, service: Service) -> Service:
        return replace(
            service,
            name=self._name(service.name),
            host=self._name(service.host) if service.host else service.host,
            settings=tuple(map(self._setting, service.settings)),
            files=tuple(map(self._name, service.files)),
            place=self._place(service.place),
        )

    def _link(self, link: Link) -> Link:
        return replace(link, source=self._name(link.source), target=self._name(link.target))

    def _setting(self, setting: Setting) -> Setting:
        return replace(setting, place=self._place(setting.place))

    def _finding(self, finding: Finding) -> Finding:
        accepted = finding.accepted
        return replace(
            finding,
            service=self._name(finding.service),
            fingerprint=self._fingerprint(finding.fingerprint),
            operands=tuple(map(self._operand, finding.operands)),
            repair=tuple(map(self._operand, finding.repair)),
            accepted=self._suppression(accepted) if accepted else None,
            fixes=tuple(map(self._fix, finding.fixes)),
        )

    def _fix(self, fix: Fix) -> Fix:
        return replace(fix, changes=tuple(map(self._change, fix.changes)))

    def _change(self, change: Change) -> Change:
        edit = change.edit
        moved = replace(edit, path=self._name(edit.path)) if edit else None
        return replace(change, operand=self._operand(change.operand), edit=moved)

    def _fingerprint(self, of: str) -> str:
        """Two stacks may have services of one name with equal values."""
        text = f"{self.folder}\0{of}".encode("utf-8", "surrogateescape")
        return sha256(text).hexdigest()[: len(of)]

    def _operand(self, operand: Operand) -> Operand:
        return replace(operand, setting=self._setting(operand.setting))

    def _suppression(self, entry: Suppression) -> Suppression:
        return replace(entry, place=replace(entry.place, path=self._name(entry.place.path)))

    def _skipped(self, skipped: Skipped) -> Skipped:
        return replace(skipped, service=self._name(skipped.service))

    def _unread(self, unread: Unread) -> Unread:
        return replace(unread, path=self._name(unread.path), place=self._place(unread.place))

    def _line(self, line: LoadLine) -> LoadLine:
        return replace(line, service=self._name(line.service))
