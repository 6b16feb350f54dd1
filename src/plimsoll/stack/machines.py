"""The machines that services run on: stated in plimsoll.yaml, on the command line, or this one."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from plimsoll.model.place import Place, Span
from plimsoll.model.quantity import KIB, Amount
from plimsoll.model.schema import Schema, key
from plimsoll.model.setting import Origin, Setting, Unread
from plimsoll.model.stack import NO_SCHEMA, Host
from plimsoll.stack.expand import Expansion
from plimsoll.stack.files import Files, found_by
from plimsoll.stack.limits import host_limits
from plimsoll.stack.settle import held, settled
from plimsoll.stack.statement import HostStatement, StackError, read_statement
from plimsoll.technologies import technology

# Where nobody names a machine: services of one manifest run on one.
UNNAMED = "host"
KERNEL = "sysctl"
_OPTION = "--host"


def stated_on_command_line(option: str) -> HostStatement:
    """The machine of `--host memory=4GiB,cores=2` or `--host shop-1:memory=4GiB`.

    Raises:
        StackError: an unknown key or a wrong unit, with a suggestion.
    """
    name, colon, amounts = option.rpartition(":")
    pairs = [pair.partition("=") for pair in amounts.split(",") if pair]
    if not pairs or not all(equals and key for key, equals, _ in pairs):
        raise StackError(f"{_OPTION} {option}: write it like {_OPTION} memory=4GiB,cores=2")
    inside = ", ".join(f"{key.strip()}: {value.strip()}" for key, _, value in pairs)
    host = name if colon else UNNAMED
    statement = read_statement(f"hosts: {{{host!r}: {{{inside}}}}}", f"{_OPTION} {option}")
    return _without_places(statement.hosts[host])


def this_machine() -> HostStatement:
    """The machine that we run on, as its kernel describes it.

    Source: proc_meminfo(5), MemTotal and SwapTotal; sysctl files below /proc/sys.
    """
    meminfo = dict(
        line.split(":", 1) for line in Path("/proc/meminfo").read_text().splitlines() if ":" in line
    )
    found = {
        "memory": f"{meminfo['MemTotal'].split()[0]}KiB",
        "swap": f"{meminfo['SwapTotal'].split()[0]}KiB",
        "cores": str(os.cpu_count() or 1),
        "threads_max": Path("/proc/sys/kernel/threads-max").read_text().strip(),
        "pid_max": Path("/proc/sys/kernel/pid_max").read_text().strip(),
    }
    somaxconn = Path("/proc/sys/net/core/somaxconn").read_text().strip()
    inside = ", ".join(f"{key}: {value}" for key, value in found.items())
    text = f"hosts: {{{UNNAMED}: {{{inside}, settings: {{net.core.somaxconn: {somaxconn}}}}}}}"
    return _without_places(read_statement(text, "this machine").hosts[UNNAMED])


def _without_places(statement: HostStatement) -> HostStatement:
    """What stands in no file has no place."""
    amounts = {n: replace(s, place=None) for n, s in statement.amounts.items()}
    settings = tuple(replace(s, place=None) for s in statement.settings)
    return replace(statement, amounts=amounts, settings=settings)


def machine(
    statement: HostStatement, measured: Mapping[str, Setting], files: Files
) -> tuple[Host, list[Unread], dict[str, str]]:
    """The host that a statement describes, with its kernel's settings."""
    expansion = Expansion(files)
    kernel: dict[str, Setting] = {}
    known = technology(KERNEL)
    schema = known.schema if known else None
    reader = known.reader if known else None
    if reader is not None and schema is not None:
        read: list[Setting] = []
        for word in statement.files:
            hits = found_by(files, word.text, "")
            if not hits:
                expansion.unread.append(Unread(word.text, "no such file", word.place))
            for path in hits:
                read += expansion.file(path, reader)
        kernel = held(settled(reader, schema, [*read, *statement.settings]), reader)
    amounts = _with_tasks(statement.amounts, kernel, schema or NO_SCHEMA)
    host = Host(
        name=statement.name,
        limits=host_limits(amounts, kernel, schema),
        settings=kernel,
        stated=amounts,
        measured=measured,
        place=statement.place,
    )
    return host, expansion.unread, dict(expansion.opened)


def _with_tasks(
    stated: Mapping[str, Setting], kernel: Mapping[str, Setting], schema: Schema
) -> dict[str, Setting]:
    """*stated* with how many processes and threads the kernel allows.

    Source: Linux, kernel/fork.c: an eighth of the memory in stacks of 16 KiB (x86-64, arm64).
    """
    amounts = dict(stated)
    memory = stated["memory"].value if "memory" in stated else None
    for resource, name in (("threads_max", "kernel.threads-max"), ("pid_max", "kernel.pid_max")):
        known = kernel.get(key(name)) or schema.default(name, None)
        if known and known.origin is Origin.DEFAULT and resource == "threads_max":
            if not isinstance(memory, Amount):
                continue
            known = replace(known, value=Amount.of(int(memory.low) // (128 * KIB)))
        if known is not None and isinstance(known.value, Amount):
            amounts.setdefault(resource, known)
    return amounts


def placed(given: HostStatement, stated: Mapping[str, HostStatement]) -> HostStatement:
    """A machine of the command line under the name that plimsoll.yaml has for it.

    Raises:
        StackError: there is none of that name, or several and it does not say which.
    """
    if not stated or given.name in stated:
        return given
    there = ", ".join(sorted(stated))
    if given.name != UNNAMED:
        raise StackError(f"{_OPTION} {given.name}: no host {given.name!r}; there are {there}")
    if len(stated) > 1:
        raise StackError(f"{_OPTION}: say which host it is, {_OPTION} NAME:...; there are {there}")
    return replace(given, name=next(iter(stated)))


def unnamed(name: str = UNNAMED) -> HostStatement:
    """A machine of which nothing is known but that it is there."""
    return HostStatement(name, Place("", Span(1, 1, 1, 1)))


def merged(statements: Sequence[HostStatement]) -> dict[str, HostStatement]:
    """By name; of two with one name the amounts of the later one win."""
    found: dict[str, HostStatement] = {}
    for each in statements:
        before = found.get(each.name)
        if before is not None:
            each = HostStatement(
                each.name,
                before.place,
                {**before.amounts, **each.amounts},
                (*before.settings, *each.settings),
                (*before.files, *each.files),
            )
        found[each.name] = each
    return found
