"""One machine audited: the stack that runs on it, and where it drifts from what was written."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.audit.answers import Asked, Machine
from plimsoll.audit.match import named, on_disk
from plimsoll.audit.running import limits, running
from plimsoll.model.changes import AS_IT_LIES, Change, Changes
from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.stack import Running, Stack
from plimsoll.stack import read_host
from plimsoll.stack.machines import as_told
from plimsoll.stack.statement import HostStatement, ServiceStatement, Statement
from plimsoll.syntax.text import encoded

# How the folder is read: with files that lie otherwise on the host, with what services say of themselves.
Read = Callable[[Changes, Mapping[str, Running]], Stack]

_NOWHERE = Place("", Span(1, 1, 1, 1))


class Audited(Struct, frozen=True):
    """The stack three times: as the folder has it (*declared*, None without one), with the files of
    the host in their place (*disk*, with the limits that its processes have), and with what the servers
    say of themselves above these.

    *servers*: by the name of their service. *strangers*: servers that the folder does not speak of.
    """

    disk: Stack
    running: Stack
    servers: Mapping[str, Asked]
    declared: Stack | None = None
    strangers: tuple[Asked, ...] = ()


def audited(machine: Machine, root: Path, read: Read) -> Audited:
    """What runs on a machine, as the stack of a folder. *root*: that folder, absolute, without links."""
    declared = read(AS_IT_LIES, {})
    servers = named(machine.servers, declared.services)
    changes: dict[str, Change] = {}
    for name, asked in servers.items():
        if name in declared.services:
            found = on_disk(asked, declared.services[name], machine.texts)
            changes |= {path: encoded(text) for path, text in found.items()}
    there = {name: asked for name, asked in servers.items() if name in declared.services}
    disk = read(Changes(machine.name, changes, root), _limited(there))
    run = {
        name: running(asked, disk.services[name])
        for name, asked in there.items()
        if name in disk.services
    }
    return Audited(
        disk,
        read(Changes(machine.name, changes, root), run),
        {name: asked for name, asked in servers.items() if name in disk.services},
        declared,
        tuple(asked for name, asked in servers.items() if name not in disk.services),
    )


def found(machine: Machine) -> Audited:
    """What runs on a machine of which nothing is written but its own files."""
    servers = named(machine.servers, {})
    texts = dict(machine.texts)
    host = as_told(machine.kernel, machine.name)
    commanded = {name: _stated(name, each, host) for name, each in servers.items()}
    bare = {name: replace(each, command=None, environment={}) for name, each in commanded.items()}
    statement = Statement(hosts={host.name: host}, services=commanded)
    written = read_host(texts, statement, {})
    run = {name: running(asked, written.services[name]) for name, asked in servers.items()}
    return Audited(
        disk=read_host(texts, replace(statement, services=bare), _limited(servers)),
        running=read_host(texts, statement, run),
        servers=servers,
    )


def _limited(servers: Mapping[str, Asked]) -> dict[str, Running]:
    """What the processes of servers may use, whatever these say of themselves."""
    return {name: Running(limits=limits(each.server.main)) for name, each in servers.items()}


def _stated(name: str, asked: Asked, host: HostStatement) -> ServiceStatement:
    main = asked.server.main
    return ServiceStatement(
        name,
        _NOWHERE,
        technology=asked.server.technology,
        version=asked.version,
        host=host.name,
        files=tuple(Word(path) for path in asked.files),
        command=Word(shlex.join(main.words)),
        environment={key: Word(text) for key, text in main.environment.items()},
    )
