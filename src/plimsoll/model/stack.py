"""Hosts, services, links and their parts: everything a rule may ask about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.schema import Schema, key
from plimsoll.model.setting import Setting, Unknown, Unread
from plimsoll.model.version import Version

NO_SCHEMA = Schema(technology="")


class Limit(Struct, frozen=True):
    """How much of a resource there is: the smallest of its layers, each of them kept visible.

    Every layer is a setting whose value is an Amount (host memory, MemoryMax, mem_limit, ...), the
    outermost first. No layers: nothing is known.
    """

    resource: str
    layers: tuple[Setting, ...] = ()

    @property
    def winner(self) -> Setting | None:
        """The layer that gives the smallest amount; the innermost of equals."""
        known = [layer for layer in self.layers if isinstance(layer.value, Amount)]
        return min(reversed(known), key=_high, default=None)

    @property
    def amount(self) -> Amount | None:
        winner = self.winner
        return winner.value if winner and isinstance(winner.value, Amount) else None


def _high(layer: Setting) -> float:
    return float(layer.value.high) if isinstance(layer.value, Amount) else UNLIMITED


class Part(Struct, frozen=True, eq=False):
    """A block of a service with values of its own: a location, an upstream, a container, a cache.

    *settings*: the effective ones that stand in the block itself, by key. What it lacks is that of
    *parent*, else of the service.
    """

    type: str
    name: str
    service: str
    technology: str
    settings: Mapping[str, Setting] = field(default_factory=dict)
    parent: Part | None = None
    schema: Schema = NO_SCHEMA
    version: Version | None = None
    place: Place | None = None

    def own(self, name: str) -> Setting | None:
        return self.settings.get(key(name))


class Service(Struct, frozen=True, eq=False):
    """One technology deployed once, with replicas.

    *settings*: all that were read, of its own technology and of what accompanies it (container,
    unit, application), in order and with their status. *held*: the effective ones of its own
    technology outside of any part, by key. *limits*: by resource (memory, cores, nofile_soft,
    nofile_hard, tasks, shm, somaxconn, grace). *stated*: what plimsoll.yaml says of it by that
    file's key (replicas, replicas_max, surge, role), or what a manifest says. *measured*: facts by
    name that plimsoll.yaml gives under `measured:`. *gap*: why it may have settings that nobody
    knows here, such as a file that could not be read; empty when there is no reason.
    """

    name: str
    technology: str = ""
    version: Version | None = None
    host: str | None = None
    settings: tuple[Setting, ...] = ()
    held: Mapping[str, Setting] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    limits: Mapping[str, Limit] = field(default_factory=dict)
    stated: Mapping[str, Setting] = field(default_factory=dict)
    measured: Mapping[str, Setting] = field(default_factory=dict)
    roles: tuple[str, ...] = ()
    schema: Schema = NO_SCHEMA
    files: tuple[str, ...] = ()
    gap: str = ""
    place: Place | None = None
    before: Service | None = None

    def setting(self, name: str) -> Setting | None:
        """The effective setting of its own technology, else the default; None: no such name.

        Where a file of its own could not be read nobody knows whether the default holds.
        """
        held = self.held.get(key(name))
        default = None if held else self.schema.default(name, self.version)
        if default is None or not self.gap:
            return held or default
        return replace(default, value=Unknown(self.gap), text="")

    def limit(self, resource: str) -> Limit:
        return self.limits.get(resource) or Limit(resource)


class Running(Struct, frozen=True, eq=False):
    """What a running service says of itself, which wins over all that is written of it.

    *settings*: of its own technology. *limits*: what its processes really have, by resource.
    *measured*: facts by name.
    """

    settings: tuple[Setting, ...] = ()
    limits: Mapping[str, Setting] = field(default_factory=dict)
    measured: Mapping[str, Setting] = field(default_factory=dict)


class Host(Struct, frozen=True, eq=False):
    """What services run on. *limits*: memory, cores, nofile_soft, nofile_hard, tasks, disk, ...

    *settings*: of the kernel, by key (`net_core_somaxconn`), wherever they were set. *read*: all that
    its files say, in order and with its status.
    """

    name: str
    limits: Mapping[str, Limit] = field(default_factory=dict)
    settings: Mapping[str, Setting] = field(default_factory=dict)
    read: tuple[Setting, ...] = ()
    stated: Mapping[str, Setting] = field(default_factory=dict)
    measured: Mapping[str, Setting] = field(default_factory=dict)
    place: Place | None = None

    def limit(self, resource: str) -> Limit:
        return self.limits.get(resource) or Limit(resource)


class Link(Struct, frozen=True, eq=False):
    """Who opens connections to whom. *source* and *target* are names of services.

    *settings*: what is said of it by plimsoll.yaml or the client's code, by key (connections, timeout,
    retries, pool_wait, lifetime, ...). *library*: the client library whose defaults hold.
    *part*: the block of the source that opens it (an upstream, a cache). *evidence*: the settings
    that showed the link; none where plimsoll.yaml states it.
    """

    source: str
    target: str
    settings: Mapping[str, Setting] = field(default_factory=dict)
    library: str = ""
    schema: Schema = NO_SCHEMA
    version: Version | None = None
    part: Part | None = None
    evidence: tuple[Setting, ...] = ()
    place: Place | None = None


class Suppression(Struct, frozen=True):
    """A finding that is accepted for a while: an entry of `ignore:` in plimsoll.yaml, or a comment.

    *line*: of a comment, the line of its file that it is about.
    """

    rule: str
    reason: str
    place: Place
    service: str = ""
    until: str = ""  # ISO date, the last day on which it holds
    owner: str = ""
    line: int | None = None


class Adjustment(Struct, frozen=True):
    """What plimsoll.yaml says under `rules:` of one rule."""

    rule: str
    place: Place
    is_off: bool = False
    severity: str = ""
    params: Mapping[str, Setting] = field(default_factory=dict)


class Stack(Struct, frozen=True, eq=False):
    """Everything that was understood, and what was not: *unread* files, *unused* ones with a reason.

    *texts*: of every file that was read, by path, for quoting lines. *before*: the earlier state,
    where two are compared.
    """

    hosts: Mapping[str, Host] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    unread: tuple[Unread, ...] = ()
    unused: tuple[Unread, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    adjustments: Mapping[str, Adjustment] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    named_unread: bool = False  # a file named by the user could not be read: exit 2
    before: Stack | None = None

    def clients(self, service: str) -> Iterator[Link]:
        return (link for link in self.links if link.target == service)

    def servers(self, service: str) -> Iterator[Link]:
        return (link for link in self.links if link.source == service)

    def on_host(self, host: str) -> Iterator[Service]:
        return (service for service in self.services.values() if service.host == host)
