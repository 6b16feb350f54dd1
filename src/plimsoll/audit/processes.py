"""Which servers run on a host."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from plimsoll.audit.proc import CLOCKS, OWN, Pieces, booted, process, words
from plimsoll.audit.reading import links, matching, pieces
from plimsoll.hosts import Host
from plimsoll.model.live import Process, Server
from plimsoll.model.reader import Word
from plimsoll.stack.manifests import program_of
from plimsoll.technologies import signs

_COMMANDS = "/proc/[0-9]*/cmdline"
_TITLE = re.compile(r"([\w./+-]+):? ")


def servers(host: Host, *, seconds: float) -> list[Server]:
    """The servers that run on *host*, in the order of their process numbers.

    Raises:
        HostError: its processes cannot be listed in time.
    """
    listed = matching(host, _COMMANDS, seconds=seconds)
    pids = [int(path.split("/")[2]) for path in listed]
    programs = links(host, [f"/proc/{pid}/exe" for pid in pids], seconds=seconds)
    known = {
        pid: technology
        for pid in sorted(pids)
        if (technology := technology_of(programs.get(f"/proc/{pid}/exe", ""), listed, pid))
    }
    if not known:
        return []
    paths = [f"/proc/{pid}/{name}" for pid in known for name in OWN]
    told = pieces(host, paths, seconds=seconds)
    since = booted(host.run(CLOCKS, seconds=seconds).out)
    places = programs | links(host, [f"/proc/{pid}/cwd" for pid in known], seconds=seconds)
    # One that ended meanwhile has no files any more.
    found = {pid: process(pid, told, places, since) for pid in known if f"/proc/{pid}/stat" in told}
    return list(grouped(found, known))


def technology_of(program: str, told: Pieces, pid: int) -> str:
    """The technology of a process by the file that it runs, else by its words; "": none we know."""
    stem = program.removesuffix(" (deleted)").rpartition("/")[2]
    if stem in _by_program():
        return _by_program()[stem]
    said = words(told, pid)
    # A process that shows a title has no other words; its name stands in front.
    title = _TITLE.match(said[0]) if len(said) == 1 else None
    return program_of([Word(each) for each in ((title[1],) if title else said)])


@cache
def _by_program() -> Mapping[str, str]:
    return {program: name for name, each in signs().items() for program in each.programs}


def grouped(found: Mapping[int, Process], known: Mapping[int, str]) -> Iterator[Server]:
    """Servers: a process whose parent is of another technology, with all that come from it."""
    below: dict[int, list[Process]] = {}
    for pid in sorted(found):
        first = pid
        while (parent := found[first].parent) in found and known[parent] == known[pid]:
            first = parent
        below.setdefault(first, []).append(found[pid])
    for pid, mine in sorted(below.items()):
        workers = tuple(each for each in mine if each.pid != pid)
        yield Server(known[pid], found[pid], workers)
