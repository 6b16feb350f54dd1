"""What memcached is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("memcached.conf", "memcached*.conf"),
    programs=("memcached", "systemd-memcached-wrapper", "start-memcached"),
    images=("memcached",),
)
