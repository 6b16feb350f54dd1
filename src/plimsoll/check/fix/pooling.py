"""The other way out of too many connections: a pooler between the clients and their server."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from math import floor

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.check.fix.movables import PERMILLE
from plimsoll.check.language.values import Num
from plimsoll.check.world.base import thing
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.finding import WEIGHTS, Finding, Needs
from plimsoll.model.pooler import Pooler
from plimsoll.model.quantity import COUNT, UNLIMITED
from plimsoll.model.stack import Link, Service, Stack
from plimsoll.stack import NAME, read_texts
from plimsoll.technologies import poolers

_SHARE = Fraction(
    9, 10
)  # of the server's connections; the others are for those who come by themselves


class Pooling(Struct, frozen=True, eq=False):
    """A stack with a pooler before a server.

    *moved*: what became of each link, by its id; *told*: what somebody has to do for it, and *cost*
    that every client has another address then.
    """

    stack: Stack
    moved: dict[int, Link]
    told: str
    cost: int


def pooling(world: StackWorld, server: Service, finding: Finding) -> Pooling | None:
    """The stack with a pooler before *server*, whose connections the finding counts.

    None: there is no such pooler, or no client that does not have one.
    """
    found = next((p for p in poolers().items() if server.technology in p[1].servers), None)
    load, limit = finding.load, finding.limit
    if found is None or load is None or limit is None or load.unit != COUNT:
        return None
    direct = [
        each
        for each in world.stack.links
        if each.target == server.name
        and world.stack.services[each.source].technology not in poolers()
    ]
    if not direct or UNLIMITED in (load.low, limit.low) or limit.low < 1:
        return None
    technology, pooler = found
    clients, connections = floor(load.low), max(1, floor(limit.low * _SHARE))
    name = _free(world.stack, f"{server.name}-{technology}")
    return Pooling(
        *_with_pooler(
            world.stack, server, name, technology, pooler, (clients, connections), direct
        ),
        told=_told(server, technology, pooler, (clients, connections), direct),
        cost=WEIGHTS[Needs.RESTART] * PERMILLE * sum(_replicas(world, each) for each in direct),
    )


def _with_pooler(
    stack: Stack,
    server: Service,
    name: str,
    technology: str,
    pooler: Pooler,
    sizes: tuple[int, int],
    direct: Sequence[Link],
) -> tuple[Stack, dict[int, Link]]:
    """As the pooler's own files would describe it: read, not made up."""
    statement = {
        name: {"technology": technology, "files": [pooler.file]},
        server.name: {"technology": server.technology},
    }
    small = read_texts(
        {
            NAME: json.dumps({"services": statement}),
            pooler.file: pooler.written(server.name, *sizes),
        }
    )
    moved = {id(each): replace(each, target=name) for each in direct}
    links = [moved.get(id(each), each) for each in stack.links]
    own = replace(small.services[name], host=server.host)
    return (
        replace(
            stack,
            services={**stack.services, name: own},
            links=(*links, *(each for each in small.links if each.source == name)),
        ),
        moved,
    )


def _told(
    server: Service,
    technology: str,
    pooler: Pooler,
    sizes: tuple[int, int],
    direct: Sequence[Link],
) -> str:
    lines = pooler.written(server.name, *sizes).split("\n")
    said = ", ".join(each for each in lines if " = " in each)
    who = ", ".join(dict.fromkeys(each.source for each in direct))
    return (
        f"run {technology} before {server.name} ({pooler.file}: {said}) and let {who} connect to it; "
        f"{pooler.caution}"
    )


def _free(stack: Stack, wanted: str) -> str:
    name = wanted
    while name in stack.services:
        name += "-2"
    return name


def _replicas(world: StackWorld, link: Link) -> int:
    found = world.attribute(thing(world.stack.services[link.source]), "replicas")
    low = found.low if isinstance(found, Num) else 1
    return max(1, floor(low)) if low != UNLIMITED else 1
