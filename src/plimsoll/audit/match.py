"""Which service of a stack a running server is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from plimsoll.audit.answers import Asked
from plimsoll.model.stack import Service
from plimsoll.stack.draft import free


def named(asked: Iterable[Asked], services: Mapping[str, Service]) -> dict[str, Asked]:
    """Servers by the name of the service that each of them is; else after their technology."""
    found: dict[str, Asked] = {}
    left = dict(services)
    for each in asked:
        alike = [one for one in left.values() if one.technology == each.server.technology]
        best = max(alike, key=lambda service: _likeness(service, each), default=None)
        name = best.name if best else free(each.server.technology, {**services, **found})
        left.pop(name, None)
        found[name] = each
    return found


def _likeness(service: Service, asked: Asked) -> int:
    """How many parts of the names of a service's files the server's files and command have too."""
    main = asked.server.main
    told = {part for text in (*asked.read, *main.words, main.folder) for part in text.split("/")}
    return len({service.name, *(part for path in service.files for part in path.split("/"))} & told)


def on_disk(asked: Asked, service: Service, texts: Mapping[str, str]) -> dict[str, str]:
    """The texts that a service's files have on the host, by their path in the checked folder.

    A file is the one whose path ends alike in the most parts, its name at least.
    """
    found = {}
    for path in service.files:
        parts = path.split("/")[::-1]
        alike = {at: _common(parts, at.split("/")[::-1]) for at in texts if at in asked.read}
        best = max(alike, key=lambda at: alike[at], default="")
        if best and alike[best]:
            found[path] = texts[best]
    return found


def _common(one: list[str], other: list[str]) -> int:
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count
