"""The addresses that Puma binds to, each with what stands in its query."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from plimsoll.model.place import Place
from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Block, Origin, Setting, Status, Value

KIND = "listener"
_DEFAULT = Setting("bind", "tcp://0.0.0.0:9292", origin=Origin.DEFAULT, technology="puma")
_TCP = re.compile(r"(?:tcp|ssl)://(?:\[([^\]]*)\]|([^:/?]*))(?::(\d{1,5}))?(?:[/?].*)?", re.DOTALL)
_UNIX = re.compile(r"unix://([^?]*)(?:\?.*)?", re.DOTALL)
_BACKLOG = re.compile(r"[?&]backlog=([^&]*)")


def listener(url: str, place: Place | None, value: Value | None, origin: Origin) -> Setting:
    """The setting of one address, in the block that it is."""
    return Setting("bind", url, place, (Block(KIND, url, place),), origin, value=value)


def with_backlog(setting: Setting) -> Iterator[Setting]:
    """*setting*, and the backlog that its query asks for."""
    yield setting
    found = _BACKLOG.search(setting.text) if setting.value is None else None
    if found:
        yield Setting("backlog", found[1], setting.place, setting.scope, setting.origin)


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """What it listens on: every address that holds, else the default."""
    bound = [s for s in settings if s.name == "bind" and s.status is Status.EFFECTIVE]
    for setting in bound or [_DEFAULT]:
        found, unix = _TCP.fullmatch(setting.text), _UNIX.fullmatch(setting.text)
        if unix:
            yield Endpoint("listens", setting, socket=f"/{unix[1].lstrip('/')}")
        elif found and found[3]:
            yield Endpoint("listens", setting, host=found[1] or found[2] or "", port=int(found[3]))
