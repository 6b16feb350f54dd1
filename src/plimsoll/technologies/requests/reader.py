"""Reads the timeouts, retries and pools of requests that Python code writes; none of it is run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Setting
from plimsoll.syntax.python.clients import Library, Maker, connections, reader_of

_MODULES = ("requests",)
_ASKS = Maker(_MODULES, ("url",), ("timeout",))
_PUBLIC = re.compile(r".*\.[A-Za-z]{2,}")
_LIBRARY = Library(
    name="requests",
    kind="request",
    makers={
        **dict.fromkeys(("get", "post", "put", "patch", "delete", "head", "options"), _ASKS),
        "request": Maker(_MODULES, ("method", "url"), ("timeout",)),
        "HTTPAdapter": Maker(
            _MODULES,
            ("pool_connections", "pool_maxsize", "max_retries", "pool_block"),
            ("pool_maxsize", "max_retries"),
        ),
    },
    urls=("url",),
    technologies={"http": ("", 80), "https": ("", 443)},
)


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The services that are asked; names of the public internet are none of a stack's."""
    for found in connections(settings, _LIBRARY):
        if found.host and not _PUBLIC.fullmatch(found.host):
            yield found


READER = replace(reader_of(_LIBRARY), endpoints=endpoints)
