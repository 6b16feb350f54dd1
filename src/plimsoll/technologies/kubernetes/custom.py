"""Custom resources in which vendors embed a server's settings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from plimsoll.model.place import Place
from plimsoll.model.reader import Deployment, Embedded
from plimsoll.model.setting import Block, Setting
from plimsoll.syntax.traced import Traced, joined
from plimsoll.syntax.yaml_tree import Leaf, Table
from plimsoll.technologies.kubernetes.flatten import Context, leaf_setting, settings_below
from plimsoll.technologies.kubernetes.objects import Object
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


# Source: documentation of each operator (CloudNativePG 1.2x Cluster, Zalando postgresql manifest,
# Crunchy PostgresCluster v1beta1, RabbitMQ cluster operator v1beta1).
SLOTS = "replicationSlots.highAvailability.enabled"  # of CloudNativePG
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
}


def custom_services(each: Object, files: Sequence[str]) -> Iterator[Deployment]:
    """The service that a custom resource describes, where we know how it does."""
    kind = KINDS.get((each.group, each.kind))
    if kind is None:
        return
    embedded = _embedded(each, kind)
    scope = (Block(each.kind, each.name, each.table.place),)
    yield Deployment(
        name=each.name,
        technology="kubernetes",
        place=each.table.place,
        settings=tuple(_settings(each, kind, scope)),
        image=_image(each.spec, kind),
        mounts=tuple((file.path, kind.file) for file in embedded),
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
    resources = each.spec.entries.get("resources")
    written = settings_below(resources, "resources", context) if resources else ()
    yield from judged([*written, *added_resources(each.spec, scope, ())], ())
    size = _leaf(each.spec, "storage.size") or _leaf(each.spec, "volume.size")
    if size is not None:
        yield leaf_setting(size, "storage.size", context)
    slots = _leaf(each.spec, SLOTS)
    if slots is not None:
        yield leaf_setting(slots, SLOTS, context)


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
        return (embedded_file(leaf, path),) if leaf else ()
    table = each.spec.table(*kind.parameters.split("."))
    entries = table.entries.items() if table else ()
    leaves = [(n, v) for n, v in entries if isinstance(v, Leaf)]
    return (_lines(leaves, path),) if leaves else ()


def _lines(leaves: Sequence[tuple[str, Leaf]], path: str) -> Embedded:
    """Settings as the lines of a file, `name = 'value'`: each where it stands in the manifest."""
    lines = leaves[0][1].lines
    parts: list[tuple[str, int, int]] = []
    for name, leaf in leaves:
        span = leaf.place.span
        start = lines.offset(span.line, span.column)
        is_plain = leaf.source.startswith(name, start)
        end = start + len(name)
        parts.append((name, start, end if is_plain else start))
        value = _quoted(leaf.traced)
        parts += [(" = '", value.start, value.start), *_pieces(value)]
        parts += [("'", value.end, value.end), ("\n", value.end, value.end)]
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
