"""Where RabbitMQ listens.

Source: manual, Networking: every address at 5672 where no listener is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Origin, Setting, Status

_DEFAULT = Setting("listeners.tcp.default", "5672", origin=Origin.DEFAULT, value="5672")
_NONE = ("none", "[]")
_OF = ("listeners.tcp.", "listeners.ssl.")


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The addresses of its listeners; none where they are switched off."""
    held = [each for each in settings if each.status is Status.EFFECTIVE]
    listeners = [each for each in held if each.name.startswith(_OF)]
    is_off = any(each.name == "listeners.tcp" and each.text in _NONE for each in held)
    if not is_off and not any(each.name.startswith(_OF[0]) for each in listeners):
        listeners.append(_DEFAULT)
    for each in listeners:
        host, _, port = each.text.rpartition(":")
        if port.isascii() and port.isdigit() and len(port) <= 5 and int(port):
            own = host.strip("[]")
            everywhere = own in ("", "::", "0.0.0.0")  # noqa: S104 - compared with, not bound to
            yield Endpoint("listens", each, host="" if everywhere else own, port=int(port))
