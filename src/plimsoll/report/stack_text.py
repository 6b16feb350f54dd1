"""What was understood of a stack, for a person: services, links, limits, and what has no effect."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TextIO

from plimsoll.model.finding import Operand
from plimsoll.model.setting import Formula, Setting, Status, Unknown, Unread
from plimsoll.model.stack import Host, Limit, Link, Service, Stack
from plimsoll.report.colors import Paint
from plimsoll.report.format import Look
from plimsoll.report.operands import named, unread_reason, value, where
from plimsoll.report.secrets import Mask
from plimsoll.report.width import columns, visible, wrapped

# What a formula says before every name: s.host.pid_max, s.cores_seen.
_OF = re.compile(r"\bs\.(?:host\.)?")

# A row of a table; the first cell of a group of rows is its name.
Row = tuple[str, ...]


def write_stack(stack: Stack, out: TextIO, look: Look) -> None:
    """Every service with its limits, then machines, links, and what was not used."""
    report = _StackReport(stack, out, look)
    report.whole()


def heading(service: Service) -> str:
    """The name of a service, what it is and where: app (gunicorn 20.1 on shop-1)."""
    said = [service.technology, str(service.version or "")]
    if service.host:
        said.append(f"on {service.host}")
    about = " ".join(word for word in said if word)
    return visible(f"{service.name} ({about})" if about else service.name)


class _StackReport:
    def __init__(self, stack: Stack, out: TextIO, look: Look) -> None:
        self.stack = stack
        self.out = out
        self.width = max(40, look.width)
        self.paint = Paint(look.is_colored)
        self.mask = Mask.of(stack)

    def whole(self) -> None:
        for service in self.stack.services.values():
            self._service(service)
        for host in self.stack.hosts.values():
            self._host(host)
        self._links(self.stack.links)
        self._without_effect(self.stack.services.values())
        self._reasons("Read, but not used", self.stack.unused)
        self._reasons("Not read", self.stack.unread)

    def _service(self, service: Service) -> None:
        self._title(heading(service))
        self._fact("files", ", ".join(service.files))
        self._fact("roles", ", ".join(service.roles))
        self._fact("settings", str(len(service.settings)))
        self._fact("parts", ", ".join(_told(part.type, part.name) for part in service.parts))
        self._table(self._said(service.stated))
        self._table(self._said(service.measured))
        self._limits(service.limits)
        self._line()

    def _host(self, host: Host) -> None:
        self._title(visible(f"host {host.name}"))
        self._limits(host.limits)
        self._table(self._said(host.settings))
        self._table(self._said(host.measured))
        self._line()

    def _limits(self, limits: Mapping[str, Limit]) -> None:
        self._table(row for limit in limits.values() for row in self._limit(limit))

    def _limit(self, limit: Limit) -> Iterator[Row]:
        """The effective limit, then every layer; the one that won is marked."""
        amount = visible(str(limit.amount)) if limit.amount else "unknown"
        if len(limit.layers) == 1:
            (only,) = limit.layers
            told = amount if limit.amount else self._layer(only)
            yield limit.resource, told, visible(only.name), _by(only)
            return
        yield limit.resource, amount, "the smallest of", ""
        winner = limit.winner
        for layer in limit.layers:
            mark = "*" if layer is winner else "-"
            yield "", f"{mark} {self._layer(layer)}", visible(layer.name), _by(layer)

    def _layer(self, layer: Setting) -> str:
        """Its value; of a formula, which is long, only that it is one."""
        if isinstance(layer.value, Formula):
            return "calculated"
        return (
            self.mask.value(layer) if isinstance(layer.value, Unknown) else value(layer, self.mask)
        )

    def _said(self, settings: Mapping[str, Setting]) -> Iterator[Row]:
        for name, setting in settings.items():
            yield visible(name), value(setting, self.mask), "", where(setting)

    def _links(self, links: Sequence[Link]) -> None:
        if not links:
            return
        self._title("Links")
        for link in links:
            part = f" by {_told(link.part.type, link.part.name)}" if link.part else ""
            library = f", {link.library}" if link.library else ""
            self._line(visible(f"  {link.source} -> {link.target}{part}{library}"))
            if link.place and not link.evidence:
                self._line(visible(f"    stated {link.place}"))
            for setting in link.evidence:
                self._line(f"    shown by {visible(setting.name)}  {where(setting)}".rstrip())
            self._table(self._said(link.settings))
        self._line()

    def _without_effect(self, services: Iterable[Service]) -> None:
        found = [
            Operand(service.name, setting)
            for service in services
            for setting in service.settings
            if setting.status is not Status.EFFECTIVE
        ]
        if not found:
            return
        self._title("Without effect")
        for each in found:
            told = f"{named(each)} = {value(each.setting, self.mask)}"
            self._line(f"  {told}  {where(each.setting)}".rstrip())
            self._line(f"    {self.because(each.setting)}")
        self._line()

    def because(self, setting: Setting) -> str:
        """Why a setting has no effect."""
        reason = f": {self.mask.reason(setting.reason)}" if setting.reason else ""
        if setting.winner is None:
            return f"{setting.status}{reason}"
        winner = setting.winner
        told = value(winner, self.mask) or "an empty value"
        return f"{setting.status} by {told}, {where(winner)}{reason}"

    def _reasons(self, title: str, found: Sequence[Unread]) -> None:
        if not found:
            return
        self._title(title)
        for each in found:
            told = (
                f"{visible(str(each.place or each.path))}: {self.mask.reason(unread_reason(each))}"
            )
            for number, line in enumerate(wrapped(told, self.width - 4)):
                self._line(("    " if number else "  ") + line)
        self._line()

    # -------------------------------------------------------------------------- lines

    def _title(self, text: str) -> None:
        self._line(self.paint.strong(text))

    def _fact(self, name: str, told: str) -> None:
        if not told:
            return
        for number, line in enumerate(wrapped(told, self.width - 14)):
            self._line(f"  {'' if number else name:11} {line}")

    def _table(self, rows: Iterable[Row]) -> None:
        listed = list(rows)
        widths = [max((columns(row[column]) for row in listed), default=0) for column in range(3)]
        for row in listed:
            cells = [cell + " " * (w - columns(cell)) for cell, w in zip(row, widths, strict=False)]
            shown = "  ".join([*(cell for cell, w in zip(cells, widths, strict=True) if w), row[3]])
            self._line(f"    {shown}")

    def _line(self, text: str = "") -> None:
        self.out.write(text.rstrip() + "\n")


def _by(layer: Setting) -> str:
    """Where a layer comes from, and how it is calculated from what the machine has."""
    if not isinstance(layer.value, Formula):
        return where(layer)
    return f"{where(layer)}: {visible(_OF.sub('', layer.value.expression))}"


def _told(type_: str, name: str) -> str:
    return f"{type_} {name}".rstrip()
