"""Custom resources in which vendors embed a server's settings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from plimsoll.model.place import Place
from plimsoll.model.quantity import GIB, Amount
from plimsoll.model.reader import Deployment, Embedded, Word
from plimsoll.model.setting import Block, Setting
from plimsoll.syntax.traced import Traced, joined
from plimsoll.syntax.yaml_tree import Leaf, Table
from plimsoll.technologies.kubernetes.flatten import Context, leaf_setting, settings_below
from plimsoll.technologies.kubernetes.objects import Object
from plimsoll.technologies.kubernetes.quantities import size
from plimsoll.technologies.kubernetes.resources import added_resources, judged
from plimsoll.technologies.kubernetes.volumes import embedded_file


class Kind(Struct, frozen=True):
    """Where a custom resource says what; dotted names below its spec.

    *parameters*: a table of settings, written as lines of *file*; *text*: that file itself.
    """

    image: str  # what runs where the resource names no image
    file: str
    replicas: str
    parameters: str = ""
    text: str = ""
    images: str = ""
    version: str = ""
    within: str = ""  # what has the resources and the storage, where the spec itself has not
    heap: str = ""  # the variable of Java's options, which `jvmOptions` give
    quote: str = "'"  # around a value in a line of the file


# Source: documentation of each operator (CloudNativePG 1.2x Cluster, Zalando postgresql manifest,
# Crunchy PostgresCluster v1beta1, RabbitMQ cluster operator v1beta1, Strimzi Kafka v1beta2).
SLOTS = "replicationSlots.highAvailability.enabled"  # of CloudNativePG
_MOST_HEAP = 5 * GIB  # Strimzi, ModelUtils.heapOptions of brokers: 50 % of the limit, 5 GiB at most
_POSTGRESQL = "/var/lib/postgresql/data/postgresql.conf"
KINDS = {
    ("postgresql.cnpg.io", "Cluster"): Kind(
        "postgres", _POSTGRESQL, "instances", "postgresql.parameters", images="imageName"
    ),
    ("acid.zalan.do", "postgresql"): Kind(
        "postgres",
        _POSTGRESQL,
        "numberOfInstances",
        "postgresql.parameters",
        images="dockerImage",
        version="postgresql.version",
    ),
    ("postgres-operator.crunchydata.com", "PostgresCluster"): Kind(
        "postgres",
        _POSTGRESQL,
        "instances.0.replicas",
        "patroni.dynamicConfiguration.postgresql.parameters",
        images="image",
        version="postgresVersion",
    ),
    ("rabbitmq.com", "RabbitmqCluster"): Kind(
        "rabbitmq",
        "/etc/rabbitmq/conf.d/90-additional.conf",
        "replicas",
        text="rabbitmq.additionalConfig",
        images="image",
    ),
    ("kafka.strimzi.io", "Kafka"): Kind(
        "kafka",
        "/opt/kafka/config/server.properties",
        "kafka.replicas",
        "kafka.config",
        version="kafka.version",
        within="kafka",
        heap="KAFKA_HEAP_OPTS",
        quote="",
    ),
}


def custom_services(each: Object, files: Sequence[str]) -> Iterator[Deployment]:
    """The service that a custom resource describes, where we know how it does."""
    kind = KINDS.get((each.group, each.kind))
    if kind is None:
        return
    embedded = _embedded(each, kind)
    scope = (Block(each.kind, each.name, each.table.place),)
    folder = kind.file.rpartition("/")[0]
    yield Deployment(
        name=each.name,
        technology="kubernetes",
        place=each.table.place,
        settings=tuple(_settings(each, kind, scope)),
        image=_image(each.spec, kind),
        environment=_environment(each.spec, kind),
        mounts=tuple((file.path, f"{folder}/{file.path.rpartition('/')[2]}") for file in embedded),
        addresses=_addresses(each),
        files=tuple(files),
        embedded=embedded,
    )


def _addresses(each: Object) -> tuple[str, ...]:
    """The name, and what the PostgreSQL operators call the services that they make."""
    return tuple(f"{each.name}{end}" for end in ("", "-rw", "-r", "-ro", "-primary", "-pooler"))


def _image(spec: Table, kind: Kind) -> str:
    found = _leaf(spec, kind.images)
    if found is not None and found.text and "{{" not in found.text:
        tag = found.text.partition("@")[0].rpartition("/")[2].partition(":")[2]
        return f"{kind.image}:{tag}" if tag else kind.image
    version = _leaf(spec, kind.version) if kind.version else None
    return f"{kind.image}:{version.text}" if version else kind.image


def _settings(each: Object, kind: Kind, scope: tuple[Block, ...]) -> Iterator[Setting]:
    context = Context(scope)
    replicas = _leaf(each.spec, kind.replicas)
    if replicas is not None:
        yield leaf_setting(replicas, "replicas", context)
    inside = (each.spec.table(kind.within) if kind.within else None) or each.spec
    resources = inside.entries.get("resources")
    written = settings_below(resources, "resources", context) if resources else ()
    yield from judged([*written, *added_resources(inside, scope, ())], ())
    disk = _leaf(inside, "storage.size") or _leaf(each.spec, "volume.size")
    if disk is not None:
        yield leaf_setting(disk, "storage.size", context)
    slots = _leaf(each.spec, SLOTS)
    if slots is not None:
        yield leaf_setting(slots, SLOTS, context)


def _environment(spec: Table, kind: Kind) -> dict[str, Word]:
    """What the operator hands to Java: the heap that is written, else half of the memory."""
    own = spec.table(kind.within) if kind.heap else None
    if own is None:
        return {}
    options = own.table("jvmOptions")
    sizes = [(n, v) for n in ("-Xms", "-Xmx") if options and (v := options.leaf(n))]
    if sizes:
        return {kind.heap: Word(" ".join(f"{n}{v.text}" for n, v in sizes), sizes[-1][1].place)}
    limits = own.table("resources", "limits")
    memory = limits.leaf("memory") if limits else None
    amount = size(memory.text) if memory else None
    if memory is None or not isinstance(amount, Amount):
        return {}
    return {kind.heap: Word(f"-Xmx{int(min(amount.low / 2, _MOST_HEAP))}", memory.place)}


def _leaf(spec: Table, dotted: str) -> Leaf | None:
    """The scalar at the end of dotted names; a number is an index of a list."""
    found: object = spec
    for name in dotted.split("."):
        if isinstance(found, Table):
            items = found.items(name)
            found = items if items else found.entries.get(name)
        elif isinstance(found, tuple) and name.isdigit() and int(name) < len(found):
            found = found[int(name)]
        else:
            return None
    return found if isinstance(found, Leaf) and not found.is_null else None


def _embedded(each: Object, kind: Kind) -> tuple[Embedded, ...]:
    path = f"{each.path}/{each.name}/{kind.file.rpartition('/')[2]}"
    if kind.text:
        leaf = _leaf(each.spec, kind.text)
        own = (embedded_file(leaf, path),) if leaf else ()
        return (*_told_memory(each, path), *own)
    table = each.spec.table(*kind.parameters.split("."))
    entries = table.entries.items() if table else ()
    leaves = [(n, v) for n, v in entries if isinstance(v, Leaf)]
    return (_lines(leaves, path, kind.quote),) if leaves else ()


def _told_memory(each: Object, path: str) -> Iterator[Embedded]:
    """What the operator of RabbitMQ writes before the settings of the resource: its memory.

    Source: cluster-operator, removeHeadroom: a fifth stays free, 2 GiB at most.
    """
    memory = _leaf(each.spec, "resources.limits.memory")
    amount = size(memory.text) if memory else None
    if memory is None or not isinstance(amount, Amount):
        return
    told = int(amount.low - min(amount.low / 5, 2 * GIB))
    text = f"total_memory_available_override_value = {told}\n"
    folder = path.rpartition("/")[0]
    yield Embedded(f"{folder}/10-operatorDefaults.conf", text, lambda *_: memory.place)


def _lines(leaves: Sequence[tuple[str, Leaf]], path: str, quote: str) -> Embedded:
    """Settings as the lines of a file, `name = 'value'`: each where it stands in the manifest."""
    lines = leaves[0][1].lines
    parts: list[tuple[str, int, int]] = []
    for name, leaf in leaves:
        span = leaf.place.span
        start = lines.offset(span.line, span.column)
        is_plain = leaf.source.startswith(name, start)
        end = start + len(name)
        parts.append((name, start, end if is_plain else start))
        value = _quoted(leaf.traced) if quote else leaf.traced
        parts += [(f" = {quote}", value.start, value.start), *_pieces(value)]
        parts += [(quote, value.end, value.end), ("\n", value.end, value.end)]
    written = joined(parts, parts[0][1])

    def locate(first: int, last: int) -> Place:
        return lines.place(*written.range(first, last))

    return Embedded(path, written.text, locate)


def _quoted(value: Traced) -> Traced:
    """The text as it stands between quotes: each quote in it twice."""
    parts: list[tuple[str, int, int]] = []
    at = 0
    while (stop := value.text.find("'", at)) >= 0:
        parts += [(value.text[at : stop + 1], at, stop + 1), ("'", stop + 1, stop + 1)]
        at = stop + 1
    return value.cut([*parts, (value.text[at:], at, len(value.text))], 0) if parts else value


def _pieces(value: Traced) -> Iterator[tuple[str, int, int]]:
    stops = [*(piece.index for piece in value.pieces[1:]), len(value.text)]
    for piece, stop in zip(value.pieces, stops, strict=bool(value.pieces)):
        yield value.text[piece.index : stop], piece.start, piece.end
