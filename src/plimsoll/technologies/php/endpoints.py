"""Where PHP keeps its sessions, when that is a server.

Source: PHP manual, session.save_handler; the extensions redis and memcached.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Setting, Status, Unknown

_SERVERS = {
    "redis": ("redis", 6379),
    "rediscluster": ("redis", 6379),
    "memcached": ("memcached", 11211),
    "memcache": ("memcached", 11211),
}
_ADDRESS = re.compile(
    r"(?:(?P<scheme>[a-z]+)://)?(?:(?P<path>/[^?,\s]*)|(?P<host>[^\s:/?,]+)(?::(?P<port>\d{1,5}))?)"
)


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The servers of session.save_path."""
    held = {s.name: s for s in settings if s.status is Status.EFFECTIVE}
    handler, place = held.get("session.save_handler"), held.get("session.save_path")
    known = _SERVERS.get(handler.text.lower()) if handler else None
    if known is None or place is None or isinstance(place.value, Unknown):
        return
    technology, port = known
    for found in map(_ADDRESS.match, re.split(r"[,\s]+", place.text.strip())):
        if found and found["path"]:
            yield Endpoint("connects", place, socket=found["path"], technology=technology)
        elif found:
            yield Endpoint(
                side="connects",
                setting=place,
                host=found["host"].lower(),
                port=int(found["port"] or port),
                technology=technology,
            )
