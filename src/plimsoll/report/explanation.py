"""What a setting is: its value in each service, where it comes from, what it overrides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TextIO

from msgspec import Struct

from plimsoll.model.finding import Operand
from plimsoll.model.schema import Schema, key
from plimsoll.model.setting import Origin, Setting, Status
from plimsoll.model.stack import Limit, Part, Service, Stack
from plimsoll.report.format import Look
from plimsoll.report.operands import named, position, value, where
from plimsoll.report.quotes import Quotes
from plimsoll.report.secrets import Mask
from plimsoll.report.width import visible, wrapped


class Explained(Struct, frozen=True):
    """A setting of a service, host or link, and those that it overrides; the nearest first."""

    operand: Operand
    overrides: tuple[Setting, ...] = ()


def explanations(stack: Stack, name: str, owner: str = "") -> list[Explained]:
    """Every setting of that name; of *owner* only where it is given."""
    found = [
        *(each for service in stack.services.values() for each in _of_service(service, key(name))),
        *(
            Explained(Operand(host.name, each))
            for host in stack.hosts.values()
            for each in _plain(host.limits, (host.settings, host.measured), key(name))
        ),
        *(
            Explained(Operand(f"{link.source} -> {link.target}", each))
            for link in stack.links
            for each in _plain({}, (link.settings,), key(name))
        ),
    ]
    return [each for each in found if not owner or _belongs(each.operand.owner, owner)]


def _belongs(label: str, owner: str) -> bool:
    """Whether a label is that of *owner* or of a link of it."""
    return label == owner or label.startswith(f"{owner} -> ")


def known_names(stack: Stack) -> set[str]:
    """Every name that `explanations` finds something for."""
    names: set[str] = set()
    for service in stack.services.values():
        names |= {setting.name for setting in service.settings}
        names |= {entry.name for schema in _schemas(service) for entry in schema.entries.values()}
        names |= {*service.limits, *service.stated, *service.measured}
    for host in stack.hosts.values():
        names |= {*host.limits, *host.settings, *host.measured}
    for link in stack.links:
        names |= {*link.settings}
    return names


def write_explanations(
    found: Sequence[Explained],
    stack: Stack,
    uses: Callable[[Operand], Sequence[str]],
    out: TextIO,
    look: Look,
) -> None:
    """Each setting with its line, its origin, what it overrides and the rules that use it."""
    mask = Mask.of(stack)
    quotes = Quotes(stack.texts, mask)
    for number, each in enumerate(found):
        if number:
            out.write("\n")
        for line in _lines(each, mask, quotes, uses, look.width):
            out.write(line.rstrip() + "\n")


def _lines(
    each: Explained,
    mask: Mask,
    quotes: Quotes,
    uses: Callable[[Operand], Sequence[str]],
    width: int,
) -> Iterator[str]:
    setting = each.operand.setting
    yield f"{named(each.operand)} = {value(setting, mask)}"
    scope = " > ".join(mask.within(str(block)) for block in setting.scope)
    if scope:
        yield f"  in         {visible(scope)}"
    yield f"  from       {position(setting) or where(setting)}"
    quote = quotes.of(setting, width - 13)
    if quote:
        yield f"             {quote.text}"
        yield f"             {quote.carets}"
    if setting.status is not Status.EFFECTIVE:
        yield f"  no effect  {_because(setting, mask)}"
    for number, other in enumerate(each.overrides):
        yield f"  {'' if number else 'overrides':9}  {value(other, mask)}, {where(other)}"
    rules = wrapped(", ".join(uses(each.operand)) or "no rule", width - 13)
    for number, line in enumerate(rules):
        yield f"  {'' if number else 'used by':9}  {line}"


def _because(setting: Setting, mask: Mask) -> str:
    reason = f": {mask.reason(setting.reason)}" if setting.reason else ""
    return f"{setting.status}{reason}"


# ------------------------------------------------------------------------------------ of a service


def _of_service(service: Service, name: str) -> Iterator[Explained]:
    written = [each for each in service.settings if key(each.name) == name]
    for setting in written:
        if setting.winner is None:
            yield Explained(Operand(service.name, setting), _overridden(service, setting, written))
    if not written:
        yield from (Explained(Operand(service.name, each)) for each in _defaults(service, name))
    for setting in _plain(service.limits, (service.stated, service.measured), name):
        if all(setting is not each for each in written):
            yield Explained(Operand(service.name, setting))


def _overridden(
    service: Service, setting: Setting, written: Sequence[Setting]
) -> tuple[Setting, ...]:
    if setting.status is not Status.EFFECTIVE:
        return ()
    losers = [each for each in reversed(written) if each.winner is setting]
    return (*losers, *_default_of(service, setting))


def _default_of(service: Service, setting: Setting) -> tuple[Setting, ...]:
    if setting.origin is Origin.DEFAULT:
        return ()
    own = [
        each for each in _defaults(service, setting.name) if each.technology == setting.technology
    ]
    return tuple(own[:1])


def _defaults(service: Service, name: str) -> Iterator[Setting]:
    own = service.schema.default(name, service.version)
    if own is not None:
        yield own
    seen = {service.schema.technology}
    for part in service.parts:
        if part.schema.technology not in seen:
            seen.add(part.schema.technology)
            yield from _default_of_part(part, name)


def _default_of_part(part: Part, name: str) -> Iterator[Setting]:
    default = part.schema.default(name, part.version, part.type)
    if default is not None:
        yield default


def _schemas(service: Service) -> Iterator[Schema]:
    yield service.schema
    yield from (part.schema for part in service.parts)


def _plain(
    limits: Mapping[str, Limit], others: Sequence[Mapping[str, Setting]], name: str
) -> Iterator[Setting]:
    """The settings of that name that stand in tables of their own: limits, statements, measures."""
    winner = limits[name].winner if name in limits else None
    found = [winner] if winner else []
    for table in others:
        setting = table.get(name)
        if setting is not None and all(setting is not each for each in found):
            found.append(setting)
    yield from found
