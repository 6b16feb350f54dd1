"""Which files make up a unit: its fragment and the drop-ins that systemd merges over it.

Source: systemd.unit(5), "Unit File Load Path" and the paragraphs on drop-ins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

TYPES = ("service", "socket", "timer", "slice", "mount", "path", "target", "swap", "automount")

# Where the system manager looks, the strongest first.
_FOLDERS = (
    "etc/systemd/system",
    "run/systemd/system",
    "run/systemd/generator",
    "usr/local/lib/systemd/system",
    "usr/lib/systemd/system",
    "lib/systemd/system",
)
# Of these what the distribution brings along, whether or not somebody uses it.
_SHIPPED = ("usr/local/lib/", "usr/lib/", "lib/")
# Files of the manager, with the defaults of all units.
_MANAGER = re.compile(
    r"((?:.*/)?(?:etc|run|usr/local/lib|usr/lib|lib)/)?systemd/(system\.conf(?:\.d/[^/]+\.conf)?)"
)

_UNIT = re.compile(rf"[^/]+\.(?:{'|'.join(TYPES)})")
# Folders of links: a unit that is enabled, an instance of a template.
_ENABLED = re.compile(r"[^/]+\.(?:wants|requires|upholds)")
# An instance of one of these types is one of the service, too: they start it.
_STARTED = ("service", "socket", "timer", "path")


class Unit(Struct, frozen=True):
    """*fragments*: the unit's own files, the strongest first; systemd reads only that one. Of an
    instance those of its template stand behind its own.

    *drop_ins*: in the order in which they are read. *hidden*: drop-ins that a stronger one of the
    same file name replaces.
    """

    name: str
    tree: str
    fragments: tuple[str, ...] = ()
    drop_ins: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        return self.name.rpartition(".")[0]

    @property
    def paths(self) -> tuple[str, ...]:
        return (*self.fragments, *self.drop_ins, *self.hidden)

    @property
    def is_idle(self) -> bool:
        """Whether it is a template that the distribution brought along and nobody has touched."""
        own = (f"/{self.name}.d/" in f"/{path}" for path in (*self.drop_ins, *self.hidden))
        return self.stem.endswith("@") and not any(own) and all(map(_is_shipped, self.fragments))


class _File(Struct, frozen=True):
    """A file of a unit, or a drop-in of the folder *owner*`.d`."""

    path: str
    owner: str
    tree: str
    rank: int
    is_drop_in: bool = False
    is_link: bool = False

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


def units(paths: Sequence[str]) -> list[Unit]:
    """The units among *paths*, those of one file system tree together; drop-ins alone make one too.

    A template stands for its instances, where files tell of any.
    """
    files = [found for path in paths if (found := _file(path))]
    made = []
    for tree in dict.fromkeys(f.tree for f in files):
        here = [f for f in files if f.tree == tree]
        instances = _instances(here)
        names = _made(instances, (f.owner for f in here if not f.is_drop_in))
        covered = {f.path for name in names for f in _drop_ins(name, here)}
        orphans = (f.owner for f in here if f.is_drop_in and f.path not in covered)
        names |= _made(instances, (o for o in orphans if o not in TYPES and not _is_prefix(o)))
        made += [_unit(name, tree, here) for name in names]
    return made


def _instances(files: Sequence[_File]) -> dict[str, list[str]]:
    """Of each template the instances that a file, a link or a folder of drop-ins is named after."""
    found: dict[str, dict[str, None]] = {}
    for each in files:
        stem, _, kind = each.owner.rpartition(".")
        template = _template(stem)
        if template and kind in _STARTED:
            found.setdefault(template, {})[stem] = None
    return {template: list(stems) for template, stems in found.items()}


def _template(stem: str) -> str:
    """`a@` of the instance `a@b`; empty where it is none."""
    prefix, at, instance = stem.partition("@")
    return prefix + at if instance else ""


def _made(instances: Mapping[str, Sequence[str]], names: Iterable[str]) -> dict[str, None]:
    """*names*, each template replaced by its instances."""
    made: dict[str, None] = {}
    for name in names:
        stem, _, kind = name.rpartition(".")
        made |= dict.fromkeys(f"{each}.{kind}" for each in instances.get(stem, [stem]))
    return made


def _is_shipped(path: str) -> bool:
    home = next((each for each in _FOLDERS if f"/{each}/" in f"/{path}"), "")
    return home.startswith(_SHIPPED)


def manager_files(paths: Sequence[str], tree: str) -> tuple[str, ...]:
    """The manager's own files of a tree, in the order in which they are read."""
    found = [(path, match) for path in paths if (match := _MANAGER.fullmatch(path))]
    here = [(p, m[2]) for p, m in found if _tree_of_manager(m[1] or "") == tree]
    return tuple(path for path, name in sorted(here, key=_manager_order))


def _manager_order(found: tuple[str, str]) -> tuple[bool, str]:
    """system.conf, then what is in system.conf.d by file name."""
    path, name = found
    return name != "system.conf", path.rpartition("/")[2]


def _tree_of_manager(above: str) -> str:
    return re.sub(r"(?:etc|run|usr/local/lib|usr/lib|lib)/$", "", above).rstrip("/")


def _unit(name: str, tree: str, files: Sequence[_File]) -> Unit:
    stem, _, kind = name.rpartition(".")
    names = (name, f"{_template(stem)}.{kind}")
    own = sorted(
        (f for f in files if not f.is_drop_in and f.owner in names),
        key=lambda f: (f.is_link, f.owner != name, f.rank),
    )
    found = _drop_ins(name, files)
    strongest = {f.name: f for f in reversed(found)}
    return Unit(
        name=name,
        tree=tree,
        fragments=tuple(f.path for f in own),
        drop_ins=tuple(strongest[n].path for n in sorted(strongest)),
        hidden=tuple(f.path for f in found if strongest[f.name] is not f),
    )


def _drop_ins(name: str, files: Sequence[_File]) -> list[_File]:
    """The drop-ins of a unit, the strongest first."""
    owners = {owner: place for place, owner in enumerate(_owners(name))}
    found = [f for f in files if f.is_drop_in and f.owner in owners]
    return sorted(found, key=lambda f: (f.owner in TYPES, f.rank, owners[f.owner]))


def _owners(name: str) -> Iterator[str]:
    """The names whose `.d` folders a unit has: its own, its template's, shortened ones, its type's."""
    stem, _, kind = name.rpartition(".")
    yield name
    prefix, at, _ = stem.partition("@")
    if template := _template(stem):
        yield f"{template}.{kind}"
    for dash in reversed([m.end() for m in re.finditer("-", prefix)]):
        if dash < len(prefix) or at:
            yield f"{prefix[:dash]}.{kind}"
    yield kind


def _is_prefix(owner: str) -> bool:
    return owner.rpartition(".")[0].endswith("-")


def _file(path: str) -> _File | None:
    folder, _, name = path.rpartition("/")
    above, _, directory = folder.rpartition("/")
    owner = directory.removesuffix(".d")
    if directory.endswith(".d") and name.endswith(".conf"):
        if not _UNIT.fullmatch(owner) and owner not in TYPES:
            return None
        return _File(path, owner, *_home(above), is_drop_in=True)
    if _UNIT.fullmatch(name):
        is_link = bool(_ENABLED.fullmatch(directory))
        return _File(path, name, *_home(above if is_link else folder), is_link=is_link)
    return None


def _home(folder: str) -> tuple[str, int]:
    """The tree that a folder of units belongs to, and how strong it is there."""
    for rank, standard in enumerate(_FOLDERS):
        if folder == standard or folder.endswith(f"/{standard}"):
            return folder[: -len(standard)].rstrip("/"), rank
    return folder, 0
