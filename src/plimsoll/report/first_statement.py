"""A first plimsoll.yaml: what was found as facts, what is not known as comments to fill in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from plimsoll.model.setting import Origin, Setting
from plimsoll.model.stack import Host, Link, Service, Stack
from plimsoll.report.operands import where
from plimsoll.report.secrets import Mask
from plimsoll.report.width import shown_bytes, visible

_PLAIN = re.compile(r"[A-Za-z_./][\w./@+-]*|[0-9]+[A-Za-z]*")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})

# What a machine is asked for, with a value that shows how it is written.
_HOST = (
    ("memory", "4GiB", "how much memory it has"),
    ("cores", "2", "how many cores it has"),
    ("nofile", "1024", "how many files a process may open, if not the usual 1024"),
)


def first_statement(stack: Stack) -> str:
    """The text of a plimsoll.yaml that says of *stack* what is known, and asks for the rest."""
    return "".join(f"{line}\n" for line in _lines(stack))


def _lines(stack: Stack) -> Iterator[str]:
    mask = Mask.of(stack)
    yield "# What plimsoll found here. Lines with a # are not known: fill them in and remove the #."
    if stack.hosts:
        yield ""
        yield "hosts:"
    for host in stack.hosts.values():
        yield from _host(host, mask)
    if stack.services:
        yield ""
        yield "services:" if any(map(_is_sayable, stack.services.values())) else "# services:"
    for service in stack.services.values():
        yield from _service(service) if _is_sayable(service) else _unsayable(service)
    yield ""
    yield from _links(stack)


def _host(host: Host, mask: Mask) -> Iterator[str]:
    yield f"  {quoted(host.name)}:"
    for name, example, what in _HOST:
        known = _stated(host, name)
        if known is not None:
            yield f"    {name}: {quoted(mask.words(known))}"
        elif name not in host.limits and f"{name}_soft" not in host.limits:
            yield _asked(f"{name}: {example}", what)


def _asked(line: str, why: str) -> str:
    return f"    # {line:22} # {why}"


def _stated(host: Host, name: str) -> Setting | None:
    layers = host.limits[name].layers if name in host.limits else ()
    return next((each for each in layers if each.origin is Origin.STATED), None)


def _is_sayable(service: Service) -> bool:
    """Whether YAML can name it; a byte that is not UTF-8 has no way into a YAML text."""
    return all(_is_utf8(name) for name in _names(service))


def _is_utf8(name: str) -> bool:
    return shown_bytes(name) == name


def _names(service: Service) -> tuple[str, ...]:
    """What the entry of a service would have to name."""
    return (service.name, *(service.files[:1] if service.place is None else ()))


def _unsayable(service: Service) -> Iterator[str]:
    name = next(name for name in _names(service) if not _is_utf8(name))
    yield f"  # {visible(name)} cannot be named here, it is not UTF-8; it is found all the same"


def _service(service: Service) -> Iterator[str]:
    found = f"  # {visible(str(service.place))}" if service.place else ""
    yield f"  {quoted(service.name)}:{found}"
    if service.technology:
        yield f"    technology: {quoted(service.technology)}"
        if service.version:
            yield f"    version: {json.dumps(str(service.version))}"
        else:
            yield _asked('version: "..."', "its defaults depend on it")
    else:
        yield _asked("technology: ...", "what runs here")
    if service.host:
        yield f"    host: {quoted(service.host)}"
    if service.files and service.place is None:
        yield f"    files: [{quoted(service.files[0])}]"
    if "replicas" not in service.stated:
        yield _asked("replicas: 1", "how many run at the same time")


def _links(stack: Stack) -> Iterator[str]:
    yield "# Who connects to whom, the most connections of one process, and its timeouts."
    for link in stack.links:
        yield f"# known: {visible(f'{link.source} -> {link.target}')}{_evidence(link)}"
    asked = [
        service.name
        for service in stack.services.values()
        if _is_sayable(service)
        and not any(stack.clients(service.name))
        and not any(stack.servers(service.name))
    ]
    if not asked:
        return
    yield "# links:"
    for name in asked:
        yield f"#   - {{from: ..., to: {quoted(name)}, connections: 20, timeout: 5s}}"


def _evidence(link: Link) -> str:
    told = where(link.evidence[0]) if link.evidence else ""
    return f" ({told})" if told else ""


def quoted(text: str) -> str:
    """*text* as a YAML scalar, in quotes where it needs them."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)
