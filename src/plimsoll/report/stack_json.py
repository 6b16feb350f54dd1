"""What was understood of a stack, for machines. Settings look as in the report of a check."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TextIO

from plimsoll import __version__
from plimsoll.model.finding import Operand
from plimsoll.model.setting import Setting
from plimsoll.model.stack import Host, Limit, Link, Part, Service, Stack
from plimsoll.report.formats.json import CONTRACT, Json, operand_document, unread_document
from plimsoll.report.secrets import Mask
from plimsoll.report.width import shown_bytes


def write_stack(stack: Stack, out: TextIO) -> None:
    """One JSON document in ASCII."""
    json.dump(document(stack), out, indent=2, ensure_ascii=True, allow_nan=False)
    out.write("\n")


def document(stack: Stack) -> Json:
    """Everything that was understood, and what was not."""
    mask = Mask.of(stack)
    return {
        "plimsoll": __version__,
        "contract": CONTRACT,
        "services": [_service(each, mask) for each in stack.services.values()],
        "hosts": [_host(each, mask) for each in stack.hosts.values()],
        "links": [_link(each, mask) for each in stack.links],
        "unused": [unread_document(each, mask) for each in stack.unused],
        "unread": [unread_document(each, mask) for each in stack.unread],
    }


def _service(service: Service, mask: Mask) -> Json:
    return {
        "name": shown_bytes(service.name),
        "technology": service.technology,
        **({"version": str(service.version)} if service.version else {}),
        **({"host": shown_bytes(service.host)} if service.host else {}),
        "roles": list(service.roles),
        "files": [shown_bytes(path) for path in service.files],
        "limits": _limits(service.name, service.limits, mask),
        "stated": _named(service.name, service.stated, mask),
        "measured": _named(service.name, service.measured, mask),
        "parts": [_part(each) for each in service.parts],
        "settings": [_setting(service.name, each, mask) for each in service.settings],
    }


def _host(host: Host, mask: Mask) -> Json:
    return {
        "name": shown_bytes(host.name),
        "limits": _limits(host.name, host.limits, mask),
        "settings": _named(host.name, host.settings, mask),
        "measured": _named(host.name, host.measured, mask),
    }


def _link(link: Link, mask: Mask) -> Json:
    owner = f"{link.source} -> {link.target}"
    return {
        "from": shown_bytes(link.source),
        "to": shown_bytes(link.target),
        **({"library": link.library} if link.library else {}),
        **({"part": _part(link.part)} if link.part else {}),
        "settings": _named(owner, link.settings, mask),
        "evidence": [_setting(link.source, each, mask) for each in link.evidence],
    }


def _part(part: Part) -> Json:
    return {"type": part.type, "name": shown_bytes(part.name)}


def _limits(owner: str, limits: Mapping[str, Limit], mask: Mask) -> Json:
    return {resource: _limit(owner, limit, mask) for resource, limit in limits.items()}


def _limit(owner: str, limit: Limit, mask: Mask) -> Json:
    """Every layer, the outermost first; *winner* is the place of the effective one in the list."""
    layers = [_setting(owner, each, mask) for each in limit.layers]
    winner = limit.winner
    held = next((i for i, each in enumerate(limit.layers) if each is winner), None)
    return {**({} if held is None else {"winner": held}), "layers": layers}


def _named(owner: str, settings: Mapping[str, Setting], mask: Mask) -> Json:
    return {shown_bytes(name): _setting(owner, each, mask) for name, each in settings.items()}


def _setting(owner: str, setting: Setting, mask: Mask) -> Json:
    said = operand_document(Operand(owner, setting), mask)
    scope = [shown_bytes(mask.within(str(block))) for block in setting.scope]
    reason = {"reason": mask.reason(setting.reason)} if setting.reason else {}
    return {
        **said,
        **({"scope": scope} if scope else {}),
        "status": str(setting.status),
        **reason,
    }
