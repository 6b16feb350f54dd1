"""The files that the servers of a host read: those they name, and what these include."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from posixpath import dirname, join, normpath

from msgspec import Struct

from plimsoll.audit.answers import Asked
from plimsoll.audit.reading import below, pieces
from plimsoll.hosts import Host
from plimsoll.model.setting import Include
from plimsoll.stack.bounds import bounded
from plimsoll.technologies import reader_of

MOST = 500
_DEEPEST = 5  # of includes that include
_WILD = re.compile(r"[*?\[]")


class Files(Struct, frozen=True):
    """*texts*: by path. *read*: the paths that a server reads, by the number of its first process."""

    texts: Mapping[str, str]
    read: Mapping[int, tuple[str, ...]]


def files_of(host: Host, asked: Sequence[Asked], *, seconds: float) -> Files:
    """The files that *asked* read, with what these include."""
    texts: dict[str, str] = {}
    read: dict[int, list[str]] = {each.server.main.pid: [] for each in asked}
    wanted = {each.server.main.pid: list(each.files) for each in asked}
    for _ in range(_DEEPEST):
        paths = {path: None for each in wanted.values() for path in each if path not in texts}
        texts |= _texts(host, list(paths)[: MOST - len(texts)], seconds)
        for each in asked:
            mine = read[each.server.main.pid]
            new = [path for path in wanted[each.server.main.pid] if path in texts]
            new = [path for path in dict.fromkeys(new) if path not in mine]
            mine += new
            wanted[each.server.main.pid] = [
                found for path in new for found in _included(host, path, texts[path], each, seconds)
            ]
        if not any(wanted.values()):
            break
    return Files(texts, {pid: tuple(paths) for pid, paths in read.items()})


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
