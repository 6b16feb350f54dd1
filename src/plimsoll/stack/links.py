"""Who opens connections to whom: what is stated, and what addresses show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.model.reader import Endpoint
from plimsoll.model.stack import NO_SCHEMA, Link, Part, Service
from plimsoll.stack.statement import LinkStatement
from plimsoll.technologies import technology

# Addresses that mean the machine itself; a wildcard is one that something may be reached at here.
_LOCAL = frozenset(["", "localhost", "127.0.0.1", "::1", "[::1]", "0.0.0.0", "*", "::", "[::]"])  # noqa: S104


class Ends(Struct, frozen=True):
    """The endpoints of one service, and the host names under which it is reached."""

    service: Service
    endpoints: tuple[Endpoint, ...]
    addresses: frozenset[str]
    published: Mapping[int, int]  # port outside -> port inside
    forwarded: Mapping[int, int]  # port at its addresses -> port inside
    networks: frozenset[str]  # those on which it shares its localhost with others
    is_isolated: bool  # in a container: localhost is its own

    def of(self, side: str) -> Iterator[Endpoint]:
        return (e for e in self.endpoints if e.side == side)

    @property
    def spoken(self) -> frozenset[str]:
        """The technologies whose clients it takes: its own, and those that its listeners name."""
        others = (e.technology for e in self.of("listens") if e.technology)
        return frozenset([self.service.technology, *others])


def links(ends: Sequence[Ends], stated: Sequence[LinkStatement]) -> list[Link]:
    """All links: the stated ones with what was found of them, then the others that were found."""
    shown = list(_shown(ends))
    by_name = {e.service.name: e for e in ends}
    made: list[Link] = []
    for each in stated:
        mine = [s for s in shown if s.source == each.source and s.target == each.target]
        if not mine:
            mine = _meant(each, by_name, shown)
        made += [_stated(each, found) for found in mine] or [_stated(each, None)]
    pairs = {(link.source, link.target) for link in made}
    made += [s for s in shown if (s.source, s.target) not in pairs]
    return made


def _shown(ends: Sequence[Ends]) -> Iterator[Link]:
    for source in ends:
        seen: set[tuple[object, ...]] = set()
        for endpoint in source.of("connects"):
            for target in ends:
                if target is source or not _reaches(source, endpoint, target):
                    continue
                name = target.service.name
                told = (name, endpoint.part), (name, endpoint.setting.place, endpoint.library)
                is_again = not endpoint.part and endpoint.setting.place and told[1] in seen
                if told[0] in seen or is_again:
                    continue  # one line is one connection, however many readers understand it
                seen.update(told)
                yield _found(source.service, endpoint, name)


def _reaches(source: Ends, to: Endpoint, target: Ends) -> bool:
    if to.technology and target.service.technology and to.technology not in target.spoken:
        return False
    listening = list(target.of("listens"))
    if to.socket:
        return any(e.socket and _same_socket(e.socket, to.socket) for e in listening)
    ports = {e.port for e in listening if e.port is not None}
    if to.host in target.addresses:
        return to.port in ports or not ports or target.forwarded.get(to.port or 0) in ports
    if to.host in _LOCAL and source.networks & target.networks:
        return to.port in ports
    if to.host in _LOCAL and source.service.host == target.service.host:
        if source.is_isolated:
            return False
        outside = {o for o, inside in target.published.items() if inside in ports or not ports}
        return to.port in (outside if target.is_isolated else ports)
    return False


def _same_socket(a: str, b: str) -> bool:
    return a == b or a.replace("/var/run/", "/run/") == b.replace("/var/run/", "/run/")


def _found(source: Service, endpoint: Endpoint, target: str) -> Link:
    library = endpoint.library or source.technology
    known = technology(library)
    part = _part(source, endpoint)
    is_its_own = part is not None and part.technology == library
    return Link(
        source=source.name,
        target=target,
        settings=part.settings if part and is_its_own else {},
        library=library,
        schema=known.schema if known else NO_SCHEMA,
        part=part,
        evidence=(endpoint.setting,),
        place=endpoint.setting.place,
    )


def _part(service: Service, endpoint: Endpoint) -> Part | None:
    """The block that connects: by its label, of several with that label the one around it."""
    labelled = [
        p for p in service.parts if endpoint.part in (f"{p.type} {p.name}".rstrip(), p.name)
    ]
    around = [block.place for block in endpoint.setting.scope]
    return next((p for p in labelled if p.place in around), labelled[0] if labelled else None)


def _meant(each: LinkStatement, ends: Mapping[str, Ends], shown: Sequence[Link]) -> list[Link]:
    """What the source opens to addresses of nobody we know, where that fits the stated target."""
    if each.source not in ends or each.target not in ends:
        return []
    source, end = ends[each.source], ends[each.target]
    target = end.service
    used = {id(s) for link in shown if link.source == each.source for s in link.evidence}
    found = []
    for endpoint in source.of("connects"):
        fits = not endpoint.technology or endpoint.technology in end.spoken
        if id(endpoint.setting) not in used and fits:
            found.append(_found(source.service, endpoint, target.name))
    named = [f for f in found if any(target.name in e.text for e in f.evidence)]
    return named or found


def _stated(each: LinkStatement, found: Link | None) -> Link:
    library = each.pool or (found.library if found else "")
    known = technology(library) if library else None
    base = found or Link(source=each.source, target=each.target)
    said = base.settings if library == base.library else {}
    return replace(
        base,
        settings={**said, **each.settings},
        library=library,
        schema=known.schema if known else NO_SCHEMA,
        place=each.place,
    )
