"""The addresses that unicorn listens on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Origin, Setting, Status, Unknown

KIND = "listener"
_DEFAULT = Setting("listen", "0.0.0.0:8080", origin=Origin.DEFAULT, technology="unicorn")
_PORT = re.compile(r"(?:\*:)?(\d+)")
_HOST = re.compile(r"\[[a-fA-F0-9:]+\]|(?:\d+\.){3}\d+")
_ADDRESS = re.compile(r"(?:\[([^\]]*)\]|([^:/]*)):(\d{1,5})")


def expanded(text: str) -> str:
    """The address that unicorn makes of a short one: `8080`, `*:8080`, `10.0.0.1`, `unix:/path`."""
    port = _PORT.fullmatch(text)
    if port:
        return f"0.0.0.0:{port[1]}"
    if _HOST.fullmatch(text):
        return f"{text}:80"
    return text.removeprefix("unix:")


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """What it listens on: every address that holds, else the default."""
    bound = [s for s in settings if s.name == "listen" and s.status is Status.EFFECTIVE]
    for setting in bound or [_DEFAULT]:
        if isinstance(setting.value, Unknown):
            continue
        found = _ADDRESS.fullmatch(setting.text)
        if found:
            yield Endpoint("listens", setting, host=found[1] or found[2], port=int(found[3]))
        elif setting.text.startswith("/"):
            yield Endpoint("listens", setting, socket=setting.text)
