from __future__ import annotations

from fractions import Fraction

import pytest

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Rejected
from plimsoll.model.setting import Status, Unknown, Unset
from plimsoll.technologies import technology
from plimsoll.technologies.haproxy.reader import READER

HAPROXY = technology("haproxy")
assert HAPROXY is not None
SCHEMA = HAPROXY.schema


def value(name: str, text: str, part: str = "") -> object:
    entry = SCHEMA.entry(name, part)
    assert entry is not None
    found = READER.value(text, entry)
    if isinstance(found, Rejected):
        return found.status
    return found.low if isinstance(found, Amount) and found.is_known else found


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("timeout client", "30", Fraction(3, 100)),
        ("timeout client", "5000", 5),
        ("timeout client", "30s", 30),
        ("timeout client", "2m", 120),
        ("timeout client", "1d", 86_400),
        ("timeout client", "250ms", Fraction(1, 4)),
        ("timeout client", "1us", Fraction(1, 1000)),  # what is begun counts whole
        ("timeout client", "1h30m", 3600),  # a warning
        ("timeout client", "0", UNLIMITED),
        ("timeout client", "24d", 24 * 86_400),
        ("timeout client", "25d", Status.REFUSED),
        ("timeout client", "2147483648", Status.REFUSED),
        ("timeout client", "1.5s", Status.REFUSED),
        ("timeout client", "30S", Status.REFUSED),
        ("timeout client", "30sec", 30),
        ("timeout client", "-1", Status.REFUSED),
        ("timeout client", "", Status.REFUSED),
        ("timeout client", "9" * 40, Status.REFUSED),
        ("timeout queue", "0", Unset()),
        ("timeout http-keep-alive", "0s", Unset()),
        ("hard-stop-after", "5m", 300),
        ("maxconn", "4096", 4096),
        ("maxconn", "12x", 12),
        ("maxconn", "abc", 0),
        ("nbthread", "4", 4),
        ("nbthread", "4x", Status.REFUSED),
        ("nbthread", "0", Status.REFUSED),
        ("tune.bufsize", "32768", 32_768),
        ("total-max-size", "200", 200 * 1024**2),
        ("max-object-size", "10485760", 10_485_760),
        ("max-age", "60", 60),
        ("mode", "http", "http"),
        ("mode", "https", Status.REFUSED),
        ("option redispatch", "on", True),
        ("option redispatch", "off", False),
        ("option redispatch", "3", True),
        ("tune.idle-pool.shared", "off", False),
        ("inter", "0", Status.REFUSED),
        ("weight", "300", Status.REFUSED),
        ("balance", "url_param userid", "url_param userid"),
    ],
)
def test_values(name: str, text: str, expected: object) -> None:
    assert value(name, text) == expected


@pytest.mark.parametrize(
    ("part", "expected"),
    [("", 0), ("proxy", UNLIMITED), ("proxy-defaults", UNLIMITED), ("proxy-server", UNLIMITED)],
)
def test_a_maxconn_of_0_is_another_thing_in_each_place(part: str, expected: object) -> None:
    assert value("maxconn", "0", part) == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tune.bufsize", "16k"),
        ("maxconn", "{{ n }}"),
        ("maxconn", "${N}"),
        ("timeout client", "@T@"),
    ],
)
def test_what_nobody_can_tell_is_unknown(name: str, text: str) -> None:
    assert isinstance(value(name, text), Unknown)
