"""What systemd is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

_UNITS = (
    "*.service",
    "*.socket",
    "*.timer",
    "*.slice",
    "*.mount",
    "*.path",
    "*.target",
    "*.service.d/*.conf",
    "service.d/*.conf",
    "*.socket.d/*.conf",
    "*.slice.d/*.conf",
)
# Files of the manager, with the defaults of all units.
_MANAGER = ("systemd/system.conf", "systemd/system.conf.d/*.conf")

SIGNS = Signs(
    files=_UNITS,
    manifests=(*_UNITS, *_MANAGER),
)
