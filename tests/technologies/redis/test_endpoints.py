from __future__ import annotations

import pytest

from plimsoll.model.setting import Setting
from plimsoll.technologies.redis.endpoints import endpoints
from plimsoll.technologies.redis.reader import READER


def found(text: str) -> list[str]:
    settings = [s for s in READER.read(text, "redis.conf") if isinstance(s, Setting)]
    return [
        f"{each.side} {each.socket or f'{each.host}:{each.port}'}"
        for each in endpoints(READER.effective(settings))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["listens :6379"]),
        ("port 7000\n", ["listens :7000"]),
        ("port 0\n", []),
        ("port 0\ntls-port 6380\n", ["listens :6380"]),
        ("bind 127.0.0.1 -::1\n", ["listens 127.0.0.1:6379", "listens ::1:6379"]),
        ("bind 0.0.0.0\n", ["listens :6379"]),
        ("bind * -::*\n", ["listens :6379", "listens :6379"]),
        ("port 0\nunixsocket /run/redis.sock\n", ["listens /run/redis.sock"]),
        ("port 0\nreplicaof db-1 6379\n", ["connects db-1:6379"]),
        ("port 0\nreplicaof no one\n", []),
        ("port 1\nport 2\n", ["listens :2"]),
        ("port many\n", []),
    ],
)
def test_endpoints(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_a_primary_is_a_redis() -> None:
    settings = [s for s in READER.read("replicaof a 1\n", "redis.conf") if isinstance(s, Setting)]
    [_, primary] = endpoints(settings)
    assert primary.technology == "redis"
