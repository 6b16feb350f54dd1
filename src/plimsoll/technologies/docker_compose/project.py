"""The files of a project to its services: `.env`, overrides, `extends`, `include`, profiles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from plimsoll.model.place import Place
from plimsoll.model.reader import Open
from plimsoll.model.setting import Unread
from plimsoll.syntax.env_file import EnvDialect, Variable, variables
from plimsoll.technologies.docker_compose.interpolation import interpolated
from plimsoll.technologies.docker_compose.merge import merged, normal
from plimsoll.technologies.docker_compose.tree import File, Items, Leaf, Table, Tree, open_file

# Names that Compose finds by itself, the first that is there, and what is laid over it.
BASES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
OVERRIDES = (
    "compose.override.yaml",
    "compose.override.yml",
    "docker-compose.override.yaml",
    "docker-compose.override.yml",
)
_DEEPEST = 20  # files that extend or include each other

# What a service does not take over from the one that it extends.
_OWN = frozenset({"extends", "depends_on", "links", "volumes_from", "profiles"})


class Service(Struct, frozen=True):
    """*table* is what holds, *lost* the values that an override replaced, by dotted name."""

    name: str
    table: Table
    place: Place
    lost: tuple[tuple[str, Tree], ...] = ()


class Project(Struct):
    """A project while its files are read."""

    opened: Open
    environment: dict[str, str] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    configs: dict[str, Table] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)  # keys
    _read: dict[str, File] = field(default_factory=dict)
    _added: set[str] = field(default_factory=set)

    def is_new(self, path: str) -> bool:
        """Whether the services of a file are not yet among ours; it counts from now on."""
        is_new = path not in self._added
        self._added.add(path)
        return is_new

    def file(self, path: str) -> File:
        """A Compose file, read once."""
        if path not in self._read:
            self._read[path] = found = open_file(path, self.opened, self.environment.get)
            self.unread += found.unread
            if found.root is not None:
                self.files.append(path)
        return self._read[path]


def project(paths: Sequence[str], opened: Open) -> Project:
    """The services that these files make together, the later over the earlier."""
    folder = paths[0].rpartition("/")[0] if paths else ""
    found = Project(opened)
    _read_environment(found, joined(folder, ".env"))
    for path in _chosen(paths, folder, found.environment):
        _add_file(found, path, 0)
    return found


def default_services(found: Project) -> Iterator[Service]:
    """The services that start without anybody naming a profile."""
    active = {p.strip() for p in found.environment.get("COMPOSE_PROFILES", "").split(",")}
    for service in found.services.values():
        profiles = service.table.entries.get("profiles")
        names = profiles.entries if isinstance(profiles, Items) else ()
        wanted = {p.text for p in names if isinstance(p, Leaf)}
        if not wanted or wanted & active or "*" in active:
            yield service


def _chosen(paths: Sequence[str], folder: str, environment: Mapping[str, str]) -> Sequence[str]:
    """COMPOSE_FILE of `.env` decides where nobody named a file."""
    chosen = environment.get("COMPOSE_FILE", "")
    if not chosen or not any(path.rpartition("/")[2] in BASES for path in paths):
        return paths
    separator = environment.get("COMPOSE_PATH_SEPARATOR") or ":"
    return [joined(folder, each) for each in chosen.split(separator) if each]


def _read_environment(found: Project, path: str) -> None:
    text = found.opened(path)
    if isinstance(text, Unread):
        return  # there need not be one
    found.files.append(path)
    for variable, value in variables_of(found, path, text):
        if value is not None:
            found.environment[variable.name] = value


def variables_of(found: Project, path: str, text: str) -> Iterator[tuple[Variable, str | None]]:
    """The variables of an environment file, those above replaced; None: cannot be told."""
    above = dict(found.environment)
    for item in variables(text, path, EnvDialect.DOTENV):
        if isinstance(item, Unread):
            found.unread.append(item)
            continue
        value: str | None = None
        if item.value is None:
            value = above.get(item.name)
        elif item.is_literal:
            value = item.value.text
        else:
            meant = interpolated(item.value, above.get)
            value = None if meant.unknown else meant.text.text
        if value is not None:
            above[item.name] = value
        yield item, value


def _add_file(found: Project, path: str, depth: int) -> None:
    if depth > _DEEPEST or not found.is_new(path):
        return
    file = found.file(path)
    if file.root is None:
        return
    for included in _included(file):
        _add_file(found, included, depth + 1)
    for kind in ("configs", "secrets"):
        for name, each in _tables(file.root.table(kind)):
            found.configs[f"{kind}.{name}"] = each
    found.unread += _no_mappings(file)
    for name, table in _tables(file.root.table("services")):
        lost: list[tuple[str, Tree]] = []
        own = _extended(found, file, name, table, lost, ())
        before = found.services.get(name)
        if before is not None:
            lost += before.lost
            own = merged(before.table, own, _into(lost))
        place = before.place if before else table.place
        found.services[name] = Service(name, own, place, tuple(lost))


def _no_mappings(file: File) -> Iterator[Unread]:
    services = file.root.entries.get("services") if file.root else None
    for name, each in services.entries.items() if isinstance(services, Table) else ():
        if not isinstance(each, Table):
            reason = f"the service {name} is no mapping: Compose refuses the file"
            yield Unread(file.path, reason, each.place)
    if services is not None and not isinstance(services, Table):
        reason = "services is no mapping: Compose refuses the file"
        yield Unread(file.path, reason, services.place)


def _included(file: File) -> Iterator[str]:
    """The files that a file takes in, each with its own overrides."""
    listed = file.root.entries.get("include") if file.root else None
    for each in listed.entries if isinstance(listed, Items) else ():
        path = each.entries.get("path") if isinstance(each, Table) else each
        for leaf in path.entries if isinstance(path, Items) else (path,):
            if isinstance(leaf, Leaf) and leaf.text and not leaf.unknown:
                yield joined(file.folder, leaf.text)


def _tables(table: Table | None) -> Iterator[tuple[str, Table]]:
    for name, each in table.entries.items() if table else ():
        if isinstance(each, Table):
            yield name, each


def _into(lost: list[tuple[str, Tree]]) -> Callable[[str, Tree], None]:
    def take(name: str, value: Tree) -> None:
        lost.append((name, value))

    return take


def _extended(
    found: Project,
    file: File,
    name: str,
    table: Table,
    lost: list[tuple[str, Tree]],
    above: tuple[tuple[str, str], ...],
) -> Table:
    """A service laid over the one that it extends, which may stand in another file."""
    own = normal(table)
    wanted = table.entries.get("extends")
    if wanted is None or (isinstance(wanted, Leaf) and wanted.is_null):
        return own
    base_name = wanted.text("service") if isinstance(wanted, Table) else getattr(wanted, "text", "")
    path = wanted.text("file") if isinstance(wanted, Table) else ""
    source = found.file(joined(file.folder, path)) if path else file
    base = source.root.table("services", base_name) if source.root else None
    trail = (*above, (file.path, name))
    is_endless = (source.path, base_name) in trail or len(trail) > _DEEPEST
    if base is None or is_endless:
        why = "extends itself" if is_endless else f"extends {base_name!r}, which is not there"
        found.unread.append(Unread(file.path, f"{name} {why}", wanted.place))
        return own
    below = _extended(found, source, base_name, base, lost, trail)
    taken = Table({n: v for n, v in below.entries.items() if n not in _OWN}, below.place)
    return merged(taken, own, _into(lost))


def joined(folder: str, path: str) -> str:
    """A path relative to *folder* as one relative to the checked folder; "" leads outside."""
    parts = [p for p in folder.split("/") if p]
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
