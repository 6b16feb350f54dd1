"""The servers of a host, asked side by side: one that hangs costs no other its answer."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from msgspec.structs import replace

from plimsoll.audit.answers import Asked, Machine
from plimsoll.audit.asking import SECONDS, Asker
from plimsoll.audit.files import files_of
from plimsoll.audit.processes import servers
from plimsoll.audit.reading import changed, pieces
from plimsoll.hosts import Host
from plimsoll.model.live import Answer, Server
from plimsoll.stack.machines import CORES, KERNEL_FILES, MEMINFO
from plimsoll.technologies import live_of

_AT_ONCE = 64
_STATUS = "/proc/self/status"


def machine(name: str, host: Host, *, seconds: float = SECONDS) -> Machine:
    """Asks every server that runs on *host*; all of them together take *seconds*, and a little.

    Raises:
        HostError: the host itself gives no answer.
    """
    found = servers(host, seconds=seconds)
    user = _user(host, seconds)
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        asked = list(pool.map(lambda each: ask(host, each, user, seconds=seconds), found))
    files = files_of(host, asked, seconds=seconds)
    kernel = pieces(host, (MEMINFO, CORES, *KERNEL_FILES.values()), seconds=seconds)
    return Machine(
        name=name,
        servers=tuple(replace(each, read=files.read[each.server.main.pid]) for each in asked),
        texts=files.texts,
        changed=changed(host, list(files.texts), seconds=seconds),
        kernel={path: b"\0".join(told).decode("utf-8", "replace") for path, told in kernel.items()},
    )


def ask(host: Host, server: Server, user: int, *, seconds: float = SECONDS) -> Asked:
    """What one server says of itself."""
    live = live_of(server.technology)
    if live is None:
        return Asked(server)
    if live.words:
        main = replace(server.main, words=tuple(live.words(server.main)))
        server = replace(server, main=main)
    asker = Asker(host, server, user, seconds)
    answers = asker.answers
    try:
        live.ask(server, asker)
        failures = failed(answers)
        told = tuple(live.told(server, answers))
        return Asked(
            server,
            told,
            files=tuple(live.files(server, answers)),
            version=live.version(answers),
            measured=live.measured(answers) if live.measured else {},
            failures=failures,
            is_whole=live.is_whole and bool(told),
        )
    except (ValueError, LookupError, TypeError, ArithmeticError, csv.Error) as problem:
        # A server that says nonsense is one that was not asked.
        return Asked(server, failures=(*failed(answers), f"its answer makes no sense: {problem}"))


def failed(answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """What could not be asked, and why."""
    return tuple(f"{name}: {each.failure}" for name, each in answers.items() if each.failure)


def _user(host: Host, seconds: float) -> int:
    """Who we are on *host*."""
    told = pieces(host, [_STATUS], seconds=seconds).get(_STATUS, (b"",))[0].decode()
    return next((int(line.split()[2]) for line in told.splitlines() if line.startswith("Uid:")), -1)
