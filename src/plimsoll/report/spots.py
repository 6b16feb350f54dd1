"""Where a finding is shown by those who can only point at a line: code hosts, editors, pipelines."""

from __future__ import annotations

from plimsoll.model.finding import Finding
from plimsoll.model.place import Place, Span
from plimsoll.model.stack import Stack

_FIRST = Span(1, 1, 1, 1)


def spot(finding: Finding, stack: Stack) -> Place:
    """The place of the culprit; where nobody wrote it, of the next setting that somebody did.

    A finding about defaults alone is shown at the beginning of the service's first file, of its
    manifest, or of plimsoll.yaml.
    """
    for operand in finding.operands:
        if operand.setting.place is not None and not operand.is_earlier:
            return operand.setting.place
    service = stack.services.get(finding.service)
    if service is not None and service.files:
        return Place(service.files[0], _FIRST)
    if service is not None and service.place is not None:
        return service.place
    return Place(next(iter(stack.texts), "plimsoll.yaml"), _FIRST)
