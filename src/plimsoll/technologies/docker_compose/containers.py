"""What a service's container runs, sees and offers: words, mounts, ports, names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import product

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Build, Embedded, Word
from plimsoll.model.setting import Unknown
from plimsoll.syntax.traced import straight
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.technologies.docker_compose.interpolation import interpolated
from plimsoll.technologies.docker_compose.project import Project, joined
from plimsoll.technologies.docker_compose.tree import Items, Leaf, Table, Tree

_RANGE = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")
_MOST_PORTS = 1000  # of one range


def entrypoint_of(service: Table, project: Project) -> tuple[Word, ...]:
    """The words that replace the entry point of the image; empty where it keeps its own."""
    return tuple(_words(service.entries.get("entrypoint"), project))


def command_of(service: Table, project: Project) -> tuple[Word, ...]:
    """The words that start the container; empty where the image alone decides.

    Options alone go to the program of the image, whose name stands for it where it is not built
    here.
    """
    entrypoint = entrypoint_of(service, project)
    command = list(_words(service.entries.get("command"), project))
    is_bare = bool(command) and not entrypoint and command[0].text.startswith("-")
    if is_bare and "build" not in service.entries:
        name = service.text("image").partition("@")[0].rpartition("/")[2].partition(":")[0]
        command.insert(0, Word(name, command[0].place))
    return (*entrypoint, *command)


def _words(value: Tree | None, project: Project) -> Iterator[Word]:
    if isinstance(value, Items):
        yield from (word_of(each) for each in value.entries if isinstance(each, Leaf))
    elif isinstance(value, Leaf) and not value.is_null:
        yield from _split(value, project)


def word_of(leaf: Leaf) -> Word:
    """A scalar as a word."""
    if leaf.unknown:
        return Uncertain(leaf.text, leaf.place, value=Unknown(leaf.unknown))
    return Word(leaf.text, leaf.place)


def _split(leaf: Leaf, project: Project) -> Iterator[Word]:
    """The words of a command in one text, each where it stands in the file.

    Where one variable cannot be told the others are still replaced.
    """
    from plimsoll.syntax.shell import words  # large, and most files have lists

    flat = re.sub(r"\s", " ", leaf.text)
    for word in words(flat, Place("", Span(1, 1, 1, len(flat) + 1))):
        if word.place is None:
            continue
        start, end = word.place.span.column - 1, word.place.span.end_column - 1
        found = leaf.traced.range(start, end)
        place = leaf.lines.place(*found, found)
        if not leaf.unknown:
            yield Word(word.text, place)
            continue
        meant = interpolated(straight(word.text, 0), project.environment.get)
        if meant.unknown:
            yield Uncertain(word.text, place, value=Unknown(meant.unknown))
        else:
            yield Word(meant.text.text, place)


def build_of(service: Table) -> Build | None:
    """How the image is built; None where that is not done in the checked folder."""
    build = service.table("build")
    context = build.leaf("context") if build else None
    inside = _inside_of(context) if context else None
    if build is None or inside is None or "dockerfile_inline" in build.entries:
        return None
    arguments = build.table("args")
    return Build(
        dockerfile=joined(inside, build.text("dockerfile") or "Dockerfile"),
        target=build.text("target"),
        context=inside,
        arguments={
            name: word_of(leaf)
            for name, leaf in (arguments.entries if arguments else {}).items()
            if isinstance(leaf, Leaf) and not leaf.is_null
        },
    )


def _inside_of(context: Leaf) -> str | None:
    """The folder that is the context, relative to the checked one."""
    if context.unknown or "://" in context.text or context.text.startswith(("/", "~", "git@")):
        return None
    return joined(_folder(context), context.text)


def embedded_of(service: Table, project: Project) -> Iterator[tuple[Embedded, str]]:
    """Files whose text stands in the Compose file, with the path that the container sees."""
    for each in _entries(service, "configs"):
        name = each.text if isinstance(each, Leaf) else _text(each, "source")
        known = project.configs.get(f"configs.{name}")
        content = known.leaf("content") if known else None
        if content is None or content.unknown:
            continue
        target = (_text(each, "target") if isinstance(each, Table) else "") or name
        there = target if target.startswith("/") else f"/{target}"
        path = f"{content.place.path}/{name}/{there.rpartition('/')[2]}"
        yield _file(content, path), there


def _file(content: Leaf, path: str) -> Embedded:
    text, lines = content.traced, content.lines

    def locate(start: int, end: int) -> Place:
        return lines.place(*text.range(start, end))

    return Embedded(path, content.text, locate)


def mounts_of(service: Table, project: Project) -> Iterator[tuple[str, str]]:
    """(path in the checked folder, path that the container sees); named volumes are neither."""
    for each in _entries(service, "volumes"):
        source, target = _volume(each)
        here = _inside(source, _folder(each))
        if here is not None and target.startswith("/"):
            yield here, target
    for kind, folder in (("configs", "/"), ("secrets", "/run/secrets/")):
        for each in _entries(service, kind):
            name = each.text if isinstance(each, Leaf) else _text(each, "source")
            known = project.configs.get(f"{kind}.{name}")
            file = known.leaf("file") if known else None
            here = _inside(file.text, _folder(file)) if file and not file.unknown else None
            if here is not None:
                target = (_text(each, "target") if isinstance(each, Table) else "") or name
                yield here, target if target.startswith("/") else folder + target


def _volume(entry: Tree) -> tuple[str, str]:
    if isinstance(entry, Table):
        is_bind = entry.text("type") in ("", "bind")
        return (entry.text("source") if is_bind else ""), entry.text("target")
    if isinstance(entry, Items) or entry.unknown:
        return "", ""
    source, _, rest = entry.text.partition(":")
    return source, rest.partition(":")[0]


def _inside(source: str, folder: str) -> str | None:
    """A relative path of the host as one in the checked folder; None: a volume, or elsewhere."""
    if not source.startswith("."):
        return None
    here = joined(folder, source)
    is_root = not folder and source in (".", "./")
    return here if here or is_root else None


def _folder(entry: Tree) -> str:
    return entry.place.path.rpartition("/")[0]


def _entries(service: Table, name: str) -> Iterable[Tree]:
    found = service.entries.get(name)
    return found.entries if isinstance(found, Items) else ()


def _text(entry: Tree, name: str) -> str:
    return entry.text(name) if isinstance(entry, Table) else ""


def published_by(service: Table) -> Iterator[tuple[int, int]]:
    """(port of the host, port of the container), of those whose port on the host is known."""
    for each in _entries(service, "ports"):
        if isinstance(each, Table):
            outside, inside = each.text("published"), each.text("target")
        elif isinstance(each, Leaf) and not each.unknown:
            before, _, inside = each.text.partition("/")[0].rpartition(":")
            outside = before.rpartition(":")[2]
        else:
            continue
        yield from _pairs(outside, inside)


def _pairs(outside: str, inside: str) -> Iterator[tuple[int, int]]:
    first, second = _numbers(outside), _numbers(inside)
    if len(first) == len(second):
        yield from zip(first, second, strict=True)
    elif len(second) == 1:
        yield from product(first[:1], second)


def _numbers(text: str) -> range:
    found = _RANGE.fullmatch(text.strip())
    if not found:
        return range(0)
    first, last = int(found[1]), int(found[2] or found[1])
    return range(first, last + 1) if last - first < _MOST_PORTS else range(0)


def addresses_of(name: str, service: Table) -> tuple[str, ...]:
    """The host names under which others reach the container; none in the host's own network."""
    if service.text("network_mode") == "host":
        return ()
    networks = service.table("networks")
    aliases = [
        alias.text
        for network in (networks.entries.values() if networks else ())
        if isinstance(network, Table)
        for alias in _entries(network, "aliases")
        if isinstance(alias, Leaf)
    ]
    own = [name, service.text("container_name"), service.text("hostname"), *aliases]
    return tuple(dict.fromkeys(each for each in own if each))
