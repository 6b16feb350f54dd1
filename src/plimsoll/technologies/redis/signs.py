"""What Redis is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("redis.conf", "valkey.conf", "redis*.conf", "valkey*.conf"),
    programs=("redis-server", "valkey-server", "keydb-server"),
    images=("redis", "valkey", "redis-stack-server", "redis-stack", "keydb"),
)
