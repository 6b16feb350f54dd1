"""The machines that services run on: stated in plimsoll.yaml, on the command line, or this one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from plimsoll.model.place import Place, Span
from plimsoll.model.quantity import KIB, Amount
from plimsoll.model.schema import Schema, key
from plimsoll.model.setting import Origin, Setting, Unread
from plimsoll.model.stack import NO_SCHEMA, Host
from plimsoll.stack.draft import Drafts
from plimsoll.stack.files import Files
from plimsoll.stack.host_files import of_the_only_host, read_host_files
from plimsoll.stack.kernel import KERNEL
from plimsoll.stack.limits import host_limits, resources
from plimsoll.stack.statement import NAME, HostStatement, StackError, read_statement
from plimsoll.technologies import technology

# Where nobody names a machine: services of one manifest run on one.
UNNAMED = "host"
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


# What the kernel tells of its machine, each in a file.
MEMINFO, CORES = "/proc/meminfo", "/sys/devices/system/cpu/online"
KERNEL_FILES = {
    "threads_max": "/proc/sys/kernel/threads-max",
    "pid_max": "/proc/sys/kernel/pid_max",
    "somaxconn": "/proc/sys/net/core/somaxconn",
}


def this_machine() -> HostStatement:
    """The machine that we run on."""
    paths = (MEMINFO, CORES, *KERNEL_FILES.values())
    return as_told({path: Path(path).read_text() for path in paths if Path(path).exists()})


def as_told(texts: Mapping[str, str], name: str = UNNAMED) -> HostStatement:
    """A machine as its kernel describes it in the files above.

    Source: proc_meminfo(5), MemTotal and SwapTotal; sysctl files below /proc/sys; sysfs-devices-system-cpu.
    """
    meminfo = dict(line.split(":", 1) for line in texts[MEMINFO].splitlines() if ":" in line)
    found = {
        "memory": f"{meminfo['MemTotal'].split()[0]}KiB",
        "swap": f"{meminfo['SwapTotal'].split()[0]}KiB",
    }
    if CORES in texts:
        found["cores"] = str(_listed(texts[CORES].strip()))
    found |= {key: texts[path].strip() for key, path in KERNEL_FILES.items() if path in texts}
    somaxconn = found.pop("somaxconn", "")
    inside = ", ".join(f"{key}: {value}" for key, value in found.items())
    kernel = f", settings: {{net.core.somaxconn: {somaxconn}}}" if somaxconn else ""
    text = f"hosts: {{{name!r}: {{{inside}{kernel}}}}}"
    return _without_places(read_statement(text, "this machine").hosts[name])


def _listed(ranges: str) -> int:
    """How many numbers a list like `0-3,6` holds."""
    count = 0
    for each in ranges.split(","):
        first, _, last = each.partition("-")
        count += int(last or first) - int(first) + 1
    return count


def _without_places(statement: HostStatement) -> HostStatement:
    """What stands in no file has no place."""
    amounts = {n: replace(s, place=None) for n, s in statement.amounts.items()}
    settings = tuple(replace(s, place=None) for s in statement.settings)
    return replace(statement, amounts=amounts, settings=settings)


def machine(
    statement: HostStatement, measured: Mapping[str, Setting], files: Files
) -> tuple[Host, list[Unread], dict[str, str]]:
    """The host that a statement describes, with what its files say."""
    memory = statement.amounts["memory"].value if "memory" in statement.amounts else None
    known = memory if isinstance(memory, Amount) else None
    read = read_host_files(files, statement.files, statement.settings, known)
    kernel = technology(KERNEL)
    schema = kernel.schema if kernel else NO_SCHEMA
    amounts = _with_tasks(statement.amounts, read.kernel, schema)
    host = Host(
        name=statement.name,
        limits=host_limits(_with_logins(amounts, read.limits), read.kernel, schema),
        settings=read.kernel,
        read=read.settings,
        stated=amounts,
        measured=measured,
        place=statement.place,
    )
    return host, list(read.unread), dict(read.opened)


def with_found_files(
    files: Files, stated: dict[str, HostStatement], found: Drafts
) -> dict[str, HostStatement]:
    """*stated*, the only machine of it with the files of a machine that nobody lists.

    Where there is neither a machine nor a service, these files are one's of which nothing is known.
    """
    if found.of_host and not stated and not found.services:
        stated = {UNNAMED: unnamed()}
    if len(stated) != 1:
        what = f"which host it is of is not known; list it under `files:` of that host in {NAME}"
        found.unused += [Unread(path, what) for path in found.of_host]
        return stated
    ((name, only),) = stated.items()
    words, unused = of_the_only_host(files, found.of_host, only.files)
    found.unused += unused
    return {name: replace(only, files=(*only.files, *words))}


def _with_logins(
    stated: Mapping[str, Setting], logins: Mapping[str, Setting]
) -> dict[str, Setting]:
    """*stated* with the limits of logins where nobody states one."""
    words = {name for each in stated for name in resources(each)}
    return {**stated, **{name: each for name, each in logins.items() if name not in words}}


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
