from __future__ import annotations

import pytest

from plimsoll.model.setting import Origin, Setting
from plimsoll.technologies.postgresql.endpoints import endpoints
from plimsoll.technologies.postgresql.reader import READER


def listens(text: str) -> list[str]:
    settings = [s for s in READER.read(text, "postgresql.conf") if isinstance(s, Setting)]
    return [
        endpoint.socket or f"{endpoint.host}:{endpoint.port}"
        for endpoint in endpoints(READER.effective(settings))
    ]


SOCKETS = [f"{folder}/.s.PGSQL.5432" for folder in ("/var/run/postgresql", "/tmp")]  # noqa: S108


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [":5432", *SOCKETS]),
        ("port = 5433\nunix_socket_directories = ''\n", [":5433"]),
        (
            "port = 1\nport = 2\nunix_socket_directories = '/a, /b'\n",
            [":2", "/a/.s.PGSQL.2", "/b/.s.PGSQL.2"],
        ),
        ("listen_addresses = '*'\n", [":5432", *SOCKETS]),
        (
            "listen_addresses = 'localhost, 10.0.0.5'\n",
            ["localhost:5432", "10.0.0.5:5432", *SOCKETS],
        ),
        ("listen_addresses = ''\n", SOCKETS),
        ("port = many\n", []),
    ],
)
def test_endpoints(text: str, expected: list[str]) -> None:
    assert listens(text) == expected


def test_who_says_so() -> None:
    [first, *_] = endpoints([])
    assert (first.setting.name, first.setting.origin) == ("port", Origin.DEFAULT)
    written = Setting("port", "6000")
    assert next(iter(endpoints([written]))).setting is written
