"""The addresses that gunicorn binds to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Origin, Setting, Status, Unknown

_DEFAULT = Setting("bind", "127.0.0.1:8000", origin=Origin.DEFAULT, technology="gunicorn")
_UNIX = re.compile(r"unix:(?://)?(.*)", re.DOTALL)
_ADDRESS = re.compile(r"(?:tcp://)?(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?")
_PORT = 8000


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """What it listens on: every bind that holds, else the default.

    An inherited descriptor (`fd://3`) has no address of its own.
    """
    bound = [s for s in settings if s.name == "bind" and s.status is Status.EFFECTIVE]
    for setting in bound or [_DEFAULT]:
        if isinstance(setting.value, Unknown) or setting.text.startswith("fd://"):
            continue
        unix = _UNIX.fullmatch(setting.text)
        address = _ADDRESS.fullmatch(setting.text)
        if unix:
            yield Endpoint("listens", setting, socket=unix[1])
        elif address:
            host = address[1] or address[2] or "0.0.0.0"  # noqa: S104 - what gunicorn makes of it
            yield Endpoint("listens", setting, host=host.lower(), port=int(address[3] or _PORT))
