"""What a container sees of volumes: files of ConfigMaps, paths of the machine, memory."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.quantity import BYTES, UNLIMITED, Amount
from plimsoll.model.reader import Embedded
from plimsoll.model.setting import Block, Origin, Setting
from plimsoll.syntax.yaml_tree import Leaf, Table
from plimsoll.technologies.kubernetes.environment import variables_in
from plimsoll.technologies.kubernetes.flatten import Context, leaf_setting, plain
from plimsoll.technologies.kubernetes.objects import Object, Objects

_SHM = "/dev/shm"  # noqa: S108 (a name in manifests)


class Seen(Struct, frozen=True):
    """*mounts*: (name of an embedded file, path that the container sees)."""

    embedded: tuple[Embedded, ...] = ()
    mounts: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()


def seen_by(container: Table, pod: Table, all_: Objects, namespace: str) -> Seen:
    """The files of ConfigMaps and Secrets that the container mounts."""
    volumes = {v.text("name"): v for v in pod.tables("volumes")}
    embedded: dict[str, Embedded] = {}
    mounts: list[tuple[str, str]] = []
    files: list[str] = []
    for mount in container.tables("volumeMounts"):
        volume = volumes.get(mount.text("name"))
        for source, items in _sources(volume, all_, namespace) if volume else ():
            for key, inside in _projected(source, items):
                there = _there(mount, inside)
                file = file_of(source, key)
                if there and file:
                    embedded[file.path] = file
                    mounts.append((file.path, there))
                    files.append(source.path)
    return Seen(tuple(embedded.values()), tuple(mounts), tuple(dict.fromkeys(files)))


def _there(mount: Table, inside: str) -> str:
    """Where a file of a volume is seen; empty where only another one is mounted."""
    path, part = mount.text("mountPath"), mount.text("subPath").strip("/")
    if not part:
        return f"{path.rstrip('/')}/{inside}"
    if inside == part:
        return path
    return f"{path.rstrip('/')}/{inside[len(part) + 1 :]}" if inside.startswith(f"{part}/") else ""


def _sources(
    volume: Table, all_: Objects, namespace: str
) -> Iterator[tuple[Object, tuple[Table, ...]]]:
    """The objects whose keys a volume's files are, with the `items` that choose among them."""
    projected = volume.table("projected")
    tables = [volume, *(projected.tables("sources") if projected else ())]
    for each in tables:
        for kind, key, name in (
            ("ConfigMap", "configMap", "name"),
            ("Secret", "secret", "secretName"),
        ):
            source = each.table(key)
            wanted = (source.text(name) or source.text("name")) if source else ""
            known = all_.named(kind, wanted, namespace) if wanted else None
            if source is not None and known is not None:
                yield known, source.tables("items")


def _projected(source: Object, items: tuple[Table, ...]) -> Iterator[tuple[str, str]]:
    """(key, path in the volume) of each file."""
    if items:
        yield from ((each.text("key"), each.text("path")) for each in items)
    else:
        yield from ((key, key) for key in keys_of(source))


def keys_of(source: Object) -> tuple[str, ...]:
    tables = (source.table.table("data"), source.table.table("stringData"))
    return tuple(dict.fromkeys(name for table in tables if table for name in table.entries))


def file_of(source: Object, key: str) -> Embedded | None:
    """The file that a key of a ConfigMap or Secret is."""
    path = f"{source.path}/{source.name}/{key}"
    written = source.table.table("stringData" if source.kind == "Secret" else "data")
    leaf = written.leaf(key) if written else None
    if leaf is not None:
        return embedded_file(leaf, path)
    word = variables_in(source).get(key)
    if word is None or word.place is None:
        return None
    place: Place = word.place
    return Embedded(path, word.text, lambda _start, _end: place)


def embedded_file(leaf: Leaf, path: str) -> Embedded:
    """A scalar as a file: its characters stand where they are written in the manifest."""
    traced, lines = leaf.traced, leaf.lines

    def locate(start: int, end: int) -> Place:
        return lines.place(*traced.range(start, end))

    return Embedded(path, leaf.text, locate)


def volume_settings(
    container: Table, pod: Table, scope: tuple[Block, ...], memory: Setting | None
) -> Iterator[Setting]:
    """What counts of the volumes that the container mounts.

    Those in memory are parts, and /dev/shm bounds shared memory; of files of ConfigMaps and Secrets
    that they are mounted one by one.
    """
    volumes = {v.text("name"): v for v in pod.tables("volumes")}
    for mount in container.tables("volumeMounts"):
        volume = volumes.get(mount.text("name"))
        part = mount.leaf("subPath")
        if volume is not None and part is not None and _is_configuration(volume):
            yield leaf_setting(part, "volumeMounts.subPath", Context(scope))
        empty = volume.table("emptyDir") if volume else None
        if volume is None or empty is None:
            continue
        block = Block("volume", volume.text("name"), volume.place)
        context = Context((*scope, block))
        yield plain("mountPath", mount.text("mountPath"), mount.place, context)
        for name in ("medium", "sizeLimit"):
            leaf = empty.leaf(name)
            if leaf is not None:
                yield leaf_setting(leaf, f"emptyDir.{name}", context)
        if mount.text("mountPath").rstrip("/") == _SHM and empty.text("medium") == "Memory":
            yield _shared_memory(empty, scope, memory)


def _is_configuration(volume: Table) -> bool:
    return any(volume.table(kind) for kind in ("configMap", "secret", "projected"))


def _shared_memory(empty: Table, scope: tuple[Block, ...], memory: Setting | None) -> Setting:
    """What /dev/shm may hold: the size of its volume, else what the container may use."""
    leaf = empty.leaf("sizeLimit")
    if leaf is not None:
        return leaf_setting(leaf, "emptyDir.sizeLimit", Context(scope))
    reason = "a volume in memory without sizeLimit: as much as the container may use"
    if memory is None:
        return Setting(
            name="emptyDir.sizeLimit",
            text="",
            place=empty.place,
            scope=scope,
            origin=Origin.DERIVED,
            reason=reason,
            value=Amount.of(UNLIMITED, BYTES),
        )
    return replace(
        memory, name="emptyDir.sizeLimit", scope=scope, origin=Origin.DERIVED, reason=reason
    )
