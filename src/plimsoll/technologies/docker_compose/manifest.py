"""Services as Compose files describe them: one container each, with its replicas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from plimsoll.model.reader import Deployment, Manifest, Open
from plimsoll.model.setting import Block, Origin, Setting, Status, Unread, Unset
from plimsoll.technologies.docker_compose.containers import (
    addresses_of,
    build_of,
    command_of,
    embedded_of,
    entrypoint_of,
    mounts_of,
    published_by,
)
from plimsoll.technologies.docker_compose.environment import environment_of, told
from plimsoll.technologies.docker_compose.flatten import lost_settings, settings_of
from plimsoll.technologies.docker_compose.project import (
    BASES,
    OVERRIDES,
    Project,
    Service,
    default_services,
    project,
)


def describe(paths: Sequence[str], opened: Open) -> Iterator[Deployment | Unread]:
    """The services of a project that start by default, the later files over the earlier."""
    found = project(paths, opened)
    yield from found.unread
    for service in default_services(found):
        yield from _deployment(service, found)


def states(paths: Sequence[str]) -> list[tuple[str, ...]]:
    """Of each folder the state that Compose takes when nobody names a file.

    Where none of its names is there, the first other file is meant; but not below a folder that
    has one, whose parts or variants such files are.
    """
    folders: dict[str, list[str]] = {}
    for path in paths:
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    with_base = {f for f, here in folders.items() if any(_name(p) in BASES for p in here)}
    return [
        _state(here)
        for folder, here in folders.items()
        if folder in with_base or not any(_is_below(folder, above) for above in with_base)
    ]


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _is_below(folder: str, above: str) -> bool:
    return not above or folder.startswith(f"{above}/")


def _state(paths: Sequence[str]) -> tuple[str, ...]:
    names = {_name(path): path for path in paths}
    base = next((names[name] for name in BASES if name in names), None)
    if base is None:
        return (min(paths, key=lambda path: (_name(path) in OVERRIDES, path)),)
    override = next((names[name] for name in OVERRIDES if name in names), None)
    return (base, override) if override else (base,)


def _deployment(service: Service, found: Project) -> Iterator[Deployment | Unread]:
    table = service.table
    scope = (Block("service", service.name, service.place),)
    environment = environment_of(table, found, scope)
    yield from environment.unread
    lost = [each for name, value in service.lost for each in lost_settings(name, value, scope)]
    held = [*environment.settings, *settings_of(table, scope, found.unknown)]
    settings = _with_winners([*lost, *(told(each, environment) for each in held)])
    settings += _of_the_host(settings)
    embedded = list(embedded_of(table, found))
    yield Deployment(
        name=service.name,
        technology="docker-compose",
        place=service.place,
        settings=tuple(settings),
        command=command_of(table, found),
        environment=environment.words,
        image=table.text("image"),
        directory=table.text("working_dir"),
        mounts=(*mounts_of(table, found), *((file.path, there) for file, there in embedded)),
        addresses=addresses_of(service.name, table),
        published=tuple(published_by(table)),
        files=tuple(dict.fromkeys((*found.files, *environment.files))),
        embedded=tuple(file for file, _ in embedded),
        entrypoint=entrypoint_of(table, found),
        build=build_of(table),
    )


def _with_winners(settings: Sequence[Setting]) -> list[Setting]:
    winners = {each.name: each for each in settings if each.status is Status.EFFECTIVE}
    return [
        replace(each, winner=winners.get(each.name)) if each.status is Status.SHADOWED else each
        for each in settings
    ]


def _of_the_host(settings: Sequence[Setting]) -> list[Setting]:
    """In the host's network its listen queue holds, not that of a network namespace."""
    return [
        Setting(
            name="sysctls.net.core.somaxconn",
            text="",
            place=each.place,
            scope=each.scope,
            origin=Origin.DERIVED,
            reason="the container uses the network of the host",
            value=Unset(),
        )
        for each in settings
        if each.name == "network_mode" and each.text == "host"
    ]


MANIFEST = Manifest(describe=describe, states=states, merges=True)
