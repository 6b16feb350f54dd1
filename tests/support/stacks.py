"""Small stacks in memory, and technologies that exist only in tests."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from textwrap import dedent
from typing import Any

from msgspec.structs import replace

from plimsoll.check.facts import Facts, Knowledge, read_facts
from plimsoll.check.rules import read_rule
from plimsoll.check.sound import check_facts, check_rule
from plimsoll.model.place import Place, Span
from plimsoll.model.quantity import BYTES, COUNT, MIB, SECONDS, Amount, Number, Unit
from plimsoll.model.rule import Rule
from plimsoll.model.schema import Schema, key
from plimsoll.model.setting import Origin, Setting, Value
from plimsoll.model.stack import Host, Limit, Link, Part, Service, Stack
from plimsoll.model.version import Version
from plimsoll.technologies.schema import read_schema

SETTINGS = {
    "store": """
        max_connections: {type: count, default: 100, belongs: store.conf}
        reserved: {type: count, default: 3}
        reserved_extra: {type: count, since: "2", absent: 0, default: 1}
        new_memory: {type: size, since: "2", default: 8MiB}
        cache-size: {type: size, default: 64MiB}
        buffers: {type: size, default: {null: 1MiB, "2": 2MiB}}
        work_mem: {type: size, default: 4MiB}
        timeout: {type: time, default: 0s}
        durable: {type: boolean, default: true}
        mode: {type: enum, values: [fast, safe], default: safe}
        password: {type: text, secret: true}
        name: {type: text}
        threads: {type: count, default: 2}
    """,
    "app": """
        workers: {type: count, default: 1}
        worker_class: {type: text, default: sync}
        threads: {type: count, default: 1}
        timeout: {type: time, default: 30s}
        pool_max: {type: count, default: unset}
        pool/pool_max: {type: count, default: 5}
        pool_timeout: {type: time, default: 10s}
        pool_spare: {type: count, default: "= 2 * s.pool_max"}
        pool_idle: {type: time, default: 7s}
        pool/pool_idle: {type: time, default: "= s.pool_idle"}
    """,
    "driver": """
        pool_size: {type: count, default: 5}
        overflow: {type: count, default: 10}
        wait: {type: time, default: 30s}
    """,
    "sysctl": """
        net.core.somaxconn: {type: count, default: 4096, gives: somaxconn}
    """,
    "box": """
        mem_limit: {type: size, gives: memory}
        cpus: {type: number, gives: cores}
    """,
}
FACTS = {
    "store": """
        service:
          processes: {unit: count, is: s.max_connections}
          threads: {unit: count, is: 's.mode == "fast" ? s.threads : 1'}
          concurrency: {unit: count, is: s.max_connections}
          private_memory: {unit: bytes, is: 10 * MiB, assumed: true, source: a guess}
          memory_floor: {unit: bytes, is: s.cache_size + s.max_connections * s.private_memory}
          memory_likely: {unit: bytes, is: s.cache_size + s.max_connections * s.work_mem}
          slots: {unit: count, is: s.max_connections - s.reserved}
          in_use:
            unit: count
            is: "s.clients.map(c, c.connections).sum()"
            otherwise: s.max_connections
    """,
    "app": """
        service:
          processes: {unit: count, is: s.workers}
          request_timeout: {unit: seconds, is: s.timeout}
          memory_floor: {unit: bytes, is: s.workers * 40 * MiB}
          memory_likely: {unit: bytes, is: s.workers * 40 * MiB}
    """,
    "driver": """
        link:
          connections: {unit: count, is: l.pool_size + l.overflow}
          pool_wait: {unit: seconds, is: l.wait}
    """,
}
PARTS = {"app": ("pool",), "box": ("container",)}


def knowledge(
    settings: Mapping[str, str] = SETTINGS,
    facts: Mapping[str, str] = FACTS,
    parts: Mapping[str, tuple[str, ...]] = PARTS,
) -> Knowledge:
    """The general facts, and technologies of nobody: a store, an app, a driver, a box."""
    text = files("plimsoll.check").joinpath("facts.yaml").read_text("utf-8")
    general = read_facts(text, "facts.yaml")
    schemas = {name: read_schema(name, dedent(text)) for name, text in settings.items()}
    own: dict[str, Facts] = {name: {} for name in settings}
    for name, each in facts.items():
        own[name] = read_facts(dedent(each), f"{name}/facts.yaml", general)
    known = Knowledge(general, own, lambda n: schemas.get(n, Schema(n)), parts)
    for name, of_one in own.items():
        check_facts(name, of_one, known)
    return known


KNOWN = knowledge()


def rule(body: str, known: Knowledge = KNOWN, **given: str) -> Rule:
    """The rule of a body; what every rule needs besides is added. It is checked."""
    lines = {
        "id": "demo",
        "title": "It does not fit",
        "kind": "bound",
        "severity": "high",
        "why": "Because.",
        "source": "[a manual]",
        "examples": "[{flagged: {a.conf: x}}]",
    } | given
    body = dedent(body).strip()
    written = {line.split(":")[0] for line in body.splitlines()}
    head = "".join(f"{name}: {text}\n" for name, text in lines.items() if name not in written)
    made = read_rule(f"{head}{body}\n", f"rules/{lines['id']}.yaml")
    check_rule(made, known)
    return made


# ---------------------------------------------------------------------------------- settings


def size(mebibytes: Number) -> Amount:
    return Amount.of(mebibytes * MIB, BYTES)


def seconds(number: Number) -> Amount:
    return Amount.of(number, SECONDS)


def count(number: Number) -> Amount:
    return Amount.of(number, COUNT)


def unknown(unit: Unit = COUNT) -> Amount:
    return Amount(0, float("inf"), unit)


def at(path: str, line: int, column: int = 1, width: int = 10) -> Place:
    return Place(path, Span(line, column, line, column + width))


def written(name: str, value: Value, *, path: str = "a.conf", line: int = 1) -> Setting:
    """A setting of a file."""
    return Setting(name, str(value), at(path, line), value=value)


def stated(name: str, value: Value, *, line: int = 1) -> Setting:
    """What plimsoll.yaml says."""
    place = at("plimsoll.yaml", line)
    return Setting(name, str(value), place, origin=Origin.STATED, value=value)


# ------------------------------------------------------------------------------------ things


def limits(**amounts: Amount) -> dict[str, Limit]:
    return {name: Limit(name, (stated(name, each),)) for name, each in amounts.items()}


def service(
    name: str,
    technology: str = "store",
    *settings: Setting,
    version: str = "",
    known: Knowledge = KNOWN,
    **more: Any,
) -> Service:
    """A service of one of the technologies here, with its effective settings."""
    own = tuple(replace(each, technology=technology) for each in settings)
    made = Service(
        name=name,
        technology=technology,
        version=Version(version) if version else None,
        settings=own,
        held={key(each.name): each for each in own},
        schema=known.schema(technology),
    )
    return replace(made, **more)


def part(name: str, of: str, *settings: Setting, type_: str = "pool", **more: Any) -> Part:
    technology = {"pool": "app", "container": "box"}[type_]
    made = Part(
        type=type_,
        name=name,
        service=of,
        technology=technology,
        settings={key(each.name): each for each in settings},
        schema=KNOWN.schema(technology),
    )
    return replace(made, **more)


def link(source: str, target: str, *settings: Setting, library: str = "", **more: Any) -> Link:
    made = Link(
        source=source,
        target=target,
        settings={key(each.name): each for each in settings},
        library=library,
        schema=KNOWN.schema(library),
    )
    return replace(made, **more)


def stack(*things: Service | Host | Link, **more: Any) -> Stack:
    made = Stack(
        hosts={each.name: each for each in things if isinstance(each, Host)},
        services={each.name: each for each in things if isinstance(each, Service)},
        links=tuple(each for each in things if isinstance(each, Link)),
    )
    return replace(made, **more)


__all__ = [
    "KNOWN", "Host", "at", "count", "knowledge", "limits", "link", "part", "rule",
    "seconds", "service", "size", "stack", "stated", "unknown", "written",
]  # fmt: skip
