"""The files that the servers of a host read: those they name, and what these include."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from posixpath import dirname, join, normpath

from plimsoll.audit.answers import Asked
from plimsoll.audit.reading import below, pieces
from plimsoll.hosts import Host
from plimsoll.model.setting import Include
from plimsoll.stack.bounds import bounded
from plimsoll.technologies import reader_of

MOST = 500
_DEEPEST = 5  # of includes that include
_WILD = re.compile(r"[*?\[]")


def files_of(host: Host, asked: Sequence[Asked], *, seconds: float) -> dict[str, str]:
    """The texts of the files that *asked* read, by their path on *host*."""
    found: dict[str, str] = {}
    wanted = {path: each for each in asked for path in each.files}
    for _ in range(_DEEPEST):
        new = {path: each for path, each in wanted.items() if path not in found}
        texts = _texts(host, list(new)[: MOST - len(found)], seconds)
        found |= texts
        wanted = {
            path: new[at]
            for at, text in texts.items()
            for path in _included(host, at, text, new[at], seconds)
        }
        if not wanted:
            break
    return found


def _texts(host: Host, paths: Sequence[str], seconds: float) -> dict[str, str]:
    return {
        path: b"\0".join(told).decode("utf-8", "surrogateescape")
        for path, told in pieces(host, paths, seconds=seconds).items()
    }


def _included(host: Host, at: str, text: str, by: Asked, seconds: float) -> Iterator[str]:
    """The paths of the files that a text includes."""
    reader = reader_of(by.server.technology)
    if reader is None:
        return
    start = dirname(by.files[0] if reader.includes_from_main else at)
    items = bounded(at, lambda: reader.read(text, at))
    for item in items if isinstance(items, list) else ():
        if not isinstance(item, Include):
            continue
        pattern = normpath(join(start, item.pattern))
        wild = _WILD.search(pattern)
        if wild is None:
            yield pattern
            continue
        for path in below(host, [dirname(pattern[: wild.start()])], MOST, seconds=seconds):
            if fnmatchcase(path, pattern) and path.count("/") == pattern.count("/"):
                yield path
