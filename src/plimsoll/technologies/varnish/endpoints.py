"""Where Varnish listens, and its backends.

Source: varnishd(1), -a; vcl-backend(7).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Block, Origin, Setting, Status

_DEFAULT = Setting("listen", ":80", origin=Origin.DEFAULT, value=":80")
_LISTEN = re.compile(r"(?:([A-Za-z_][\w-]*)=)?([^,]*)")
_ADDRESS = re.compile(r"(\[[^\]]*\]|[^:\[\]]*)(?::(\w+))?")
_SERVICES = {"http": 80, "https": 443}


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The addresses of -a, else port 80; of every backend its host and port, or its socket."""
    held = [each for each in settings if each.status is Status.EFFECTIVE]
    for each in [s for s in held if s.name == "listen" and not s.scope] or [_DEFAULT]:
        yield from _listens(each)
    for block, own in _backends(held).items():
        if host := own.get("host"):
            name, port = _address(host.text, own["port"].text if "port" in own else "")
            yield Endpoint("connects", host, host=name, port=port or 80, part=block.name)
        elif path := own.get("path"):
            yield Endpoint("connects", path, socket=path.text, part=block.name)


def _listens(setting: Setting) -> Iterator[Endpoint]:
    found = _LISTEN.match(setting.text)
    address = found[2] if found else ""
    if address.startswith(("/", "@")):
        yield Endpoint("listens", setting, socket=address)
    elif address:
        host, port = _address(address, "")
        yield Endpoint("listens", setting, host=host, port=port or 80)


def _address(text: str, port: str) -> tuple[str, int | None]:
    found = _ADDRESS.fullmatch(text)
    host, own = (found[1].strip("[]"), found[2] or port) if found else (text, port)
    if own.isascii() and own.isdigit() and len(own) <= 5:
        return host, int(own)
    return host, _SERVICES.get(own)


def _backends(settings: Sequence[Setting]) -> dict[Block, dict[str, Setting]]:
    found: dict[Block, dict[str, Setting]] = {}
    for each in settings:
        if len(each.scope) == 1 and each.scope[0].kind == "backend":
            found.setdefault(each.scope[0], {})[each.name] = each
        elif each.name == "backend" and not each.scope and each.origin is Origin.COMMAND_LINE:
            key = "path" if each.text.startswith("/") else "host"
            found[Block("backend", "default", each.place)] = {key: each}
    return found
