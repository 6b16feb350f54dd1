"""Where gunicorn listens."""

from __future__ import annotations

import pytest

from plimsoll.model.setting import Setting, Unknown
from plimsoll.technologies.gunicorn.addresses import endpoints


@pytest.mark.parametrize(
    ("bind", "expected"),
    [
        ("127.0.0.1:8000", ("127.0.0.1", 8000, "")),
        ("0.0.0.0", ("0.0.0.0", 8000, "")),  # noqa: S104
        (":80", ("0.0.0.0", 80, "")),  # noqa: S104
        ("Shop.Example:80", ("shop.example", 80, "")),
        ("tcp://a:81", ("a", 81, "")),
        ("[::1]:82", ("::1", 82, "")),
        ("[::]", ("::", 8000, "")),
        ("unix:/run/app.sock", ("", None, "/run/app.sock")),
        ("unix:///run/app.sock", ("", None, "/run/app.sock")),
    ],
)
def test_addresses(bind: str, expected: tuple[str, int | None, str]) -> None:
    (found,) = endpoints([Setting("bind", bind)])
    assert found.side == "listens"
    assert (found.host, found.port, found.socket) == expected


@pytest.mark.parametrize("bind", ["fd://3", "a:b:c", "a:999999"])
def test_addresses_without_one(bind: str) -> None:
    assert list(endpoints([Setting("bind", bind)])) == []


def test_an_unknown_address_is_none() -> None:
    assert list(endpoints([Setting("bind", "f()", value=Unknown("computed"))])) == []


def test_the_default() -> None:
    (found,) = endpoints([Setting("workers", "2")])
    assert (found.host, found.port) == ("127.0.0.1", 8000)
