"""How much of each resource a service really has: every layer that says something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from plimsoll.model.quantity import Amount
from plimsoll.model.schema import Schema
from plimsoll.model.setting import Formula, Origin, Setting
from plimsoll.model.stack import Host, Limit, Part

# The host's amount bounds what is inside it; of these it is only what a process gets when no
# unit, container or statement says otherwise.
_REPLACED = frozenset({"nofile_soft", "nofile_hard", "grace", "somaxconn", "shm"})
# What is stated of the machine goes before what its units and containers have by default.
_BY_DEFAULT_OF_HOST = frozenset({"nofile_soft", "nofile_hard"})
# A network namespace begins with what the kernel was built with, 128 before 5.4. A lower value of
# the machine shows such a kernel: then the default of a container is no higher.
_SHOWN_BY_HOST = "somaxconn"
# How many there are is no limit.
_MANY = frozenset({"replicas", "replicas_max", "surge"})
_OF_HOST = ("memory", "cores", "tasks", "nofile_soft", "nofile_hard", "somaxconn", "disk")


def host_limits(
    amounts: Mapping[str, Setting], kernel: Mapping[str, Setting], schema: Schema | None
) -> dict[str, Limit]:
    """The limits of a machine: what is stated of it, and what its kernel settings give."""
    layers: dict[str, list[Setting]] = {}
    for name, setting in amounts.items():
        for resource in resources(name):
            layers.setdefault(resource, []).append(setting)
    for setting in kernel.values():
        entry = schema.entry(setting.name) if schema else None
        if entry and entry.gives:
            layers.setdefault(entry.gives, []).append(setting)
    return {resource: Limit(resource, tuple(found)) for resource, found in layers.items()}


def service_limits(
    host: Host | None, around: Iterable[Part], stated: Mapping[str, Setting]
) -> dict[str, Limit]:
    """The limits of a service, outermost layer first.

    *around*: the parts that hold it (unit, container), outermost first. *stated*: what
    plimsoll.yaml says of the service itself.
    """
    layers: dict[str, list[Setting]] = {}
    if host is not None:
        for resource in _OF_HOST:
            layers[resource] = list(host.limit(resource).layers)
    for part in around:
        for resource, setting in _given(part):
            _add(layers, resource, setting)
    for name, setting in stated.items():
        for resource in resources(name):
            _add(layers, resource, setting)
    return {resource: Limit(resource, tuple(found)) for resource, found in layers.items() if found}


def _add(layers: dict[str, list[Setting]], resource: str, setting: Setting) -> None:
    is_silent = setting.origin is Origin.DEFAULT and resource in _BY_DEFAULT_OF_HOST
    if is_silent and any(each.origin is Origin.STATED for each in layers.get(resource, ())):
        return
    is_shown_by_host = setting.origin is Origin.DEFAULT and resource == _SHOWN_BY_HOST
    if resource in _REPLACED and not is_shown_by_host:
        layers[resource] = []
    layers.setdefault(resource, []).append(setting)


def _given(part: Part) -> Iterator[tuple[str, Setting]]:
    """The resources that a unit or container limits, by setting or by default."""
    for entry in part.schema.entries.values():
        if not entry.gives or entry.gives in _MANY:
            continue
        setting = part.own(entry.name) or part.schema.default(entry.name, part.version)
        if setting is not None and isinstance(setting.value, Amount | Formula):
            yield entry.gives, setting


def resources(name: str) -> tuple[str, ...]:
    """The resources that a statement is about: `nofile` is both limits."""
    return ("nofile_soft", "nofile_hard") if name == "nofile" else (name,)
