"""Where pools listen.

Source: php-fpm configuration, listen; measured on 8.2.35.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Setting, Status, Unknown

_PORT = re.compile(r"[0-9]{1,5}")
_ADDRESS = re.compile(r"(?:\[([^\]]*)\]|([^:]*)):([0-9]{1,5})")
_EVERYWHERE = frozenset({"*", "0.0.0.0", "::"})  # noqa: S104 - compared with, not bound to
_NAMES = frozenset({"listen", "pm.status_listen"})


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """A port, an address with one, or a socket for each pool."""
    for each in settings:
        if each.name not in _NAMES or each.status is not Status.EFFECTIVE:
            continue
        if isinstance(each.value, Unknown) or not each.text:
            continue
        part = each.scope[-1].name if each.scope else ""
        address = _ADDRESS.fullmatch(each.text)
        if _PORT.fullmatch(each.text):
            yield Endpoint("listens", each, port=int(each.text), part=part)
        elif address:
            host = (address[1] or address[2] or "").lower()
            host = "" if host in _EVERYWHERE else host
            yield Endpoint("listens", each, host=host, port=int(address[3]), part=part)
        elif ":" not in each.text:
            yield Endpoint("listens", each, socket=each.text, part=part)
