"""Where uWSGI listens: the sockets of its workers and of its routers.

Source: uWSGI documentation, Options, socket, http.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Setting, Status, Unknown

_LISTENS = frozenset(
    [
        "socket",
        "uwsgi-socket",
        "suwsgi-socket",
        "ssl-socket",
        "http-socket",
        "http11-socket",
        "https-socket",
        "fastcgi-socket",
        "fastcgi-nph-socket",
        "scgi-socket",
        "scgi-nph-socket",
        "raw-socket",
        "puwsgi-socket",
        "http",
        "https",
        "https2",
        "http-router",
        "fastrouter",
    ]
)
_ADDRESS = re.compile(r"(?:\[([^\]]*)\]|([^:,]*)):([0-9]{1,5})(?:,.*)?", re.DOTALL)
_EVERYWHERE = frozenset({"", "0.0.0.0", "::", "*"})  # noqa: S104 - compared with, not bound to


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """A port on an address, or a socket of the file system; `@name` is one without a file."""
    for each in settings:
        is_one = each.name in _LISTENS and each.status is Status.EFFECTIVE and each.text
        if not is_one or isinstance(each.value, Unknown):
            continue
        address = _ADDRESS.fullmatch(each.text)
        if address:
            host = (address[1] or address[2] or "").lower()
            host = "" if host in _EVERYWHERE else host
            yield Endpoint("listens", each, host=host, port=int(address[3]))
        elif ":" not in each.text and not each.text.startswith("fd"):
            yield Endpoint("listens", each, socket=each.text)
