"""plimsoll.yaml: what the operator states. Every key is optional, every error has its place."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from collections.abc import Mapping as MappingOf
from fractions import Fraction

from msgspec import Struct, field

from plimsoll.model.place import Place
from plimsoll.model.quantity import BYTES, COUNT, SECONDS, UNLIMITED, Amount
from plimsoll.model.reader import Rejected, Word
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Origin, Setting, Unread, Value
from plimsoll.model.stack import Adjustment, Suppression
from plimsoll.syntax.amounts import OWN
from plimsoll.syntax.suggest import did_you_mean
from plimsoll.syntax.yaml_nodes import Document, Mapping, Node, Scalar, Sequence, documents, merged
from plimsoll.technologies import canonical

NAME = "plimsoll.yaml"

HOST_AMOUNTS = {
    "memory": Type.SIZE,
    "cores": Type.NUMBER,
    "swap": Type.SIZE,
    "disk": Type.SIZE,
    "nofile": Type.COUNT,
    "nofile_soft": Type.COUNT,
    "nofile_hard": Type.COUNT,
    "tasks": Type.COUNT,
    "threads_max": Type.COUNT,
    "pid_max": Type.COUNT,
}
LIMIT_AMOUNTS = {
    "memory": Type.SIZE,
    "cores": Type.NUMBER,
    "nofile": Type.COUNT,
    "nofile_soft": Type.COUNT,
    "nofile_hard": Type.COUNT,
    "tasks": Type.COUNT,
    "shm": Type.SIZE,
    "somaxconn": Type.COUNT,
    "grace": Type.TIME,
}
SERVICE_AMOUNTS = {
    "memory": Type.SIZE,
    "cores": Type.NUMBER,
    "replicas": Type.COUNT,
    "replicas_max": Type.COUNT,
    "surge": Type.NUMBER,
}
LINK_AMOUNTS = {
    "connections": Type.COUNT,
    "retries": Type.COUNT,
    "tries": Type.COUNT,
    "timeout": Type.TIME,
    "connect_timeout": Type.TIME,
    "pool_wait": Type.TIME,
    "lifetime": Type.TIME,
    "idle": Type.TIME,
    "idle_kept": Type.TIME,
    "backoff": Type.TIME,
}
LINK_BOOLEANS = ("checked", "reuses")

# The keys of each kind of entry.
KEYS = ("hosts", "services", "links", "measured", "ignore", "rules", "exclude")
HOST_KEYS = (*HOST_AMOUNTS, "files", "settings")
SERVICE_KEYS = (
    *SERVICE_AMOUNTS,
    *("technology", "version", "host", "role", "files", "baseline", "command"),
    *("environment", "limits", "settings"),
)
LINK_KEYS = ("from", "to", "pool", *LINK_AMOUNTS, *LINK_BOOLEANS)
IGNORE_KEYS = ("rule", "service", "reason", "until", "owner")
SEVERITIES = ("low", "medium", "high", "critical")
ROLES = ("cache", "queue", "store")
_UNITS = {Type.SIZE: BYTES, Type.TIME: SECONDS}


class StackError(Exception):
    """What was asked cannot be answered: the message has a line for each reason, with its place.

    *problems*: the reasons that have one.
    """

    def __init__(self, *reasons: Unread | str) -> None:
        super().__init__("\n".join(map(str, reasons)))
        self.problems = tuple(each for each in reasons if isinstance(each, Unread))


class HostStatement(Struct, frozen=True):
    name: str
    place: Place
    amounts: MappingOf[str, Setting] = field(default_factory=dict)
    settings: tuple[Setting, ...] = ()
    files: tuple[Word, ...] = ()


class ServiceStatement(Struct, frozen=True):
    name: str
    place: Place
    technology: str = ""
    version: str = ""
    host: str | None = None
    role: str = ""
    files: tuple[Word, ...] = ()
    baseline: tuple[Word, ...] = ()
    command: Word | None = None
    environment: MappingOf[str, Word] = field(default_factory=dict)
    amounts: MappingOf[str, Setting] = field(default_factory=dict)
    limits: MappingOf[str, Setting] = field(default_factory=dict)
    settings: tuple[Setting, ...] = ()


class LinkStatement(Struct, frozen=True):
    source: str
    target: str
    place: Place
    pool: str = ""
    settings: MappingOf[str, Setting] = field(default_factory=dict)


class Statement(Struct, frozen=True):
    """Everything that a plimsoll.yaml says."""

    hosts: MappingOf[str, HostStatement] = field(default_factory=dict)
    services: MappingOf[str, ServiceStatement] = field(default_factory=dict)
    links: tuple[LinkStatement, ...] = ()
    measured: MappingOf[str, MappingOf[str, Setting]] = field(default_factory=dict)
    suppressions: tuple[Suppression, ...] = ()
    adjustments: MappingOf[str, Adjustment] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()


def read_statement(text: str, path: str = NAME, hosts: Collection[str] = ()) -> Statement:
    """What a plimsoll.yaml says; *hosts*: those that another one has, over which it is laid.

    Raises:
        StackError: with a line `path:line: what; what now` for everything that is wrong.
    """
    read = list(documents(text, path)) if text else []
    for each in read:
        if isinstance(each, Unread):
            raise StackError(each)
    if len(read) > 1:
        raise StackError(Unread(path, "has more than one document; keep the first"))
    document = read[0] if read else None
    if not isinstance(document, Document) or document.root is None:
        return Statement()
    reading = _Reading(document, hosts)
    statement = reading.statement(document.root)
    if reading.problems:
        raise StackError(*reading.problems)
    return statement


class _Reading:
    """One walk over the nodes; what is wrong is collected, so that one run shows all of it."""

    def __init__(self, document: Document, hosts: Collection[str] = ()) -> None:
        self.document = document
        self.other_hosts = hosts
        self.problems: list[Unread] = []

    # -- the file

    def statement(self, node: Node) -> Statement:
        said = self.keys(node, NAME, KEYS)
        hosts = {n: self.host(n, k, v) for n, k, v in self.named(said.get("hosts"))}
        services = {n: self.service(n, k, v) for n, k, v in self.named(said.get("services"))}
        known = {*hosts, *self.other_hosts}
        for service in services.values():
            if service.host is not None and known and service.host not in known:
                self.wrong_name(service.place, f"no host {service.host!r}", service.host, known)
        links = tuple(self.link(item) for item in self.items(said.get("links")))
        return Statement(
            hosts=hosts,
            services=services,
            links=links,
            measured=self.measured(said.get("measured"), {*hosts, *services}),
            suppressions=tuple(self.suppression(i) for i in self.items(said.get("ignore"))),
            adjustments={n: self.adjustment(n, k, v) for n, k, v in self.named(said.get("rules"))},
            exclude=tuple(word.text for word in self.words(said.get("exclude"))),
        )

    def host(self, name: str, at: Node, node: Node) -> HostStatement:
        said = self.keys(node, f"host {name}", HOST_KEYS)
        return HostStatement(
            name=name,
            place=self.place(at, node),
            amounts=self.amounts(node, HOST_AMOUNTS),
            settings=tuple(self.raw(said.get("settings"))),
            files=tuple(self.words(said.get("files"))),
        )

    def service(self, name: str, at: Node, node: Node) -> ServiceStatement:
        said = self.keys(node, f"service {name}", SERVICE_KEYS)
        role = self.text(said.get("role"))
        if role and role not in ROLES:
            self.wrong_name(self.place(said["role"]), f"no role {role!r}", role, ROLES)
        if "limits" in said:
            self.keys(said["limits"], "limits", tuple(LIMIT_AMOUNTS))
        return ServiceStatement(
            name=name,
            place=self.place(at, node),
            technology=canonical(self.text(said.get("technology"))),
            version=self.version(said.get("version")),
            host=self.text(said.get("host")) or None,
            role=role,
            files=tuple(self.words(said.get("files"))),
            baseline=tuple(self.words(said.get("baseline"))),
            command=next(self.words(said.get("command")), None),
            environment={n: self.word(v) for n, _, v in self.named(said.get("environment"))},
            amounts=self.amounts(node, SERVICE_AMOUNTS),
            limits=self.amounts(said.get("limits"), LIMIT_AMOUNTS),
            settings=tuple(self.raw(said.get("settings"))),
        )

    def link(self, node: Node) -> LinkStatement:
        said = self.keys(node, "link", LINK_KEYS)
        for end in ("from", "to"):
            if not self.text(said.get(end)):
                self.problem(self.place(node), f"a link needs `{end}:`, the name of a service")
        settings = self.amounts(node, LINK_AMOUNTS)
        for name in LINK_BOOLEANS:
            if name in said:
                settings[name] = self.boolean(name, node, said[name])
        return LinkStatement(
            source=self.text(said.get("from")),
            target=self.text(said.get("to")),
            place=self.place(node),
            pool=self.text(said.get("pool")),
            settings=settings,
        )

    def measured(self, node: Node | None, owners: set[str]) -> dict[str, dict[str, Setting]]:
        found: dict[str, dict[str, Setting]] = {}
        for name, at, value in self.named(node):
            owner, dot, fact = name.rpartition(".")
            if not dot or not fact:
                self.problem(self.place(at), f"{name!r} is not <service>.<fact>")
                continue
            if owners and owner not in owners:
                self.wrong_name(self.place(at), f"no service {owner!r}", owner, owners)
                continue
            found.setdefault(owner, {})[fact] = Setting(
                name=fact,
                text=self.text(value),
                place=self.place(at, value),
                origin=Origin.MEASURED,
                value=self.any_amount(value),
                technology="plimsoll",
            )
        return found

    def suppression(self, node: Node) -> Suppression:
        said = self.keys(node, "ignore", IGNORE_KEYS)
        for needed in ("rule", "reason"):
            if not self.text(said.get(needed)):
                self.problem(self.place(node), f"an entry of `ignore:` needs `{needed}:`")
        return Suppression(
            rule=self.text(said.get("rule")),
            service=self.text(said.get("service")),
            reason=self.text(said.get("reason")),
            until=self.text(said.get("until")),
            owner=self.text(said.get("owner")),
            place=self.place(node),
        )

    def adjustment(self, rule: str, at: Node, node: Node) -> Adjustment:
        place = self.place(at, node)
        if isinstance(node, Scalar):
            if node.text.casefold() not in ("off", "false", "no"):
                self.problem(place, f"`{rule}:` takes `off` or parameters, not {node.text!r}")
            return Adjustment(rule, place, is_off=True)
        params = {}
        severity = ""
        for name, key, value in self.named(node):
            if name == "severity":
                severity = self.text(value)
                if severity not in SEVERITIES:
                    self.wrong_name(
                        self.place(value), f"no severity {severity!r}", severity, SEVERITIES
                    )
                continue
            params[name] = Setting(
                name=name,
                text=self.text(value),
                place=self.place(key, value),
                origin=Origin.STATED,
                value=self.any_amount(value),
                technology="plimsoll",
            )
        return Adjustment(rule, place, severity=severity, params=params)

    # -- its pieces

    def keys(self, node: Node, what: str, known: tuple[str, ...]) -> dict[str, Node]:
        said = {}
        for name, at, value in self.named(node):
            if name not in known:
                self.wrong_name(self.place(at), f"unknown key {name!r} of {what}", name, known)
            said[name] = value
        return said

    def named(self, node: Node | None) -> Iterator[tuple[str, Node, Node]]:
        if node is None or _is_null(node):
            return
        if not isinstance(node, Mapping):
            self.problem(self.place(node), "needs `key: value` pairs here")
            return
        for pair, first in node.repeated():
            line = self.place(first.key).span.line
            self.problem(self.place(pair.key), f"{pair.name!r} stands here again; see line {line}")
        for pair in node.pairs:
            if not isinstance(pair.key, Scalar):
                self.problem(self.place(pair.key), "a key has to be a word")
        for name, pair in merged(node).items():
            yield name, pair.key, pair.value

    def items(self, node: Node | None) -> list[Node]:
        if node is None or _is_null(node):
            return []
        if not isinstance(node, Sequence):
            self.problem(self.place(node), "needs a list here")
            return []
        return list(node.items)

    def words(self, node: Node | None) -> Iterator[Word]:
        if node is None or _is_null(node):
            return
        nodes = node.items if isinstance(node, Sequence) else (node,)
        for each in nodes:
            yield self.word(each)

    def word(self, node: Node) -> Word:
        return Word(self.text(node), self.place(node))

    def text(self, node: Node | None) -> str:
        if node is None or _is_null(node):
            return ""
        if not isinstance(node, Scalar):
            self.problem(self.place(node), "needs one value here")
            return ""
        return node.text

    def amounts(self, node: Node | None, types: MappingOf[str, Type]) -> dict[str, Setting]:
        found: dict[str, Setting] = {}
        if isinstance(node, Mapping):
            for name, pair in merged(node).items():
                if name in types:
                    found[name] = self.amount(name, types[name], pair.key, pair.value)
        return found

    def amount(self, name: str, type_: Type, at: Node, node: Node) -> Setting:
        text = self.text(node)
        return Setting(
            name=name,
            text=text,
            place=self.place(at, node),
            origin=Origin.STATED,
            value=self.typed(text, type_, node),
            technology="plimsoll",
        )

    def typed(self, text: str, type_: Type, node: Node) -> Value:
        unit = _UNITS.get(type_, COUNT)
        if text in ("never", "unlimited", "infinity"):
            return Amount.of(UNLIMITED, unit)
        if text.endswith("%") and type_ is Type.NUMBER:
            part = self.typed(text[:-1], type_, node)
            return (
                Amount.of(_reduced(Fraction(part.low) / 100)) if isinstance(part, Amount) else part
            )
        found = OWN.value(text, Entry("", type_, unit))
        if isinstance(found, Rejected):
            example = {Type.SIZE: "4GiB", Type.TIME: "30s", Type.NUMBER: "2"}.get(type_, "100")
            self.problem(self.place(node), f"{found.reason}; write it like {example}")
            return Amount(0, UNLIMITED, unit)
        if isinstance(found, Amount) and found.low < 0:
            self.problem(self.place(node), f"{text!r} is below zero")
        return found

    def any_amount(self, node: Node) -> Value:
        text = self.text(node)
        for type_, unit in ((Type.NUMBER, COUNT), (Type.SIZE, BYTES), (Type.TIME, SECONDS)):
            found = OWN.value(text, Entry("", type_, unit))
            if not isinstance(found, Rejected):
                return found
        if text.endswith("%"):
            return self.typed(text, Type.NUMBER, node)
        if text in ("true", "false"):
            return text == "true"
        return text

    def version(self, node: Node | None) -> str:
        text = self.text(node)
        if node is not None and text and not text[:1].isdigit():
            self.problem(self.place(node), f'{text!r} is no version; write it like "15"')
        return text

    def boolean(self, name: str, whole: Node, node: Node) -> Setting:
        text = self.text(node)
        if text not in ("true", "false"):
            self.problem(self.place(node), f"`{name}:` is true or false, not {text!r}")
        place = self.place(whole, node)
        return Setting(
            name, text, place, origin=Origin.STATED, value=text == "true", technology="plimsoll"
        )

    def raw(self, node: Node | None) -> Iterator[Setting]:
        """Values by vendor name, as text: what they mean is the technology's to say."""
        for name, at, value in self.named(node):
            yield Setting(
                name=name,
                text=self.text(value),
                place=self.place(at, value),
                origin=Origin.STATED,
            )

    # -- places and problems

    def place(self, node: Node, value: Node | None = None) -> Place:
        """Of a key with its value; of a value behind an alias where that stands."""
        if value is None or value.start < node.end:
            return self.document.place(value or node)
        return self.document.lines.place(node.start, value.end, (value.start, value.end))

    def problem(self, place: Place, reason: str) -> None:
        self.problems.append(Unread(place.path, reason, place))

    def wrong_name(
        self,
        place: Place,
        reason: str,
        name: str,
        known: Collection[str],
    ) -> None:
        self.problem(place, f"{reason}; {did_you_mean(name, known)}")


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_null


def _reduced(number: Fraction) -> int | Fraction:
    return number.numerator if number.denominator == 1 else number
