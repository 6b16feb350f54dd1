from __future__ import annotations

from fractions import Fraction

import pytest

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Rejected
from plimsoll.model.setting import Status, Unknown
from plimsoll.technologies import technology
from plimsoll.technologies.apache.reader import READER

APACHE = technology("apache")
assert APACHE is not None
SCHEMA = APACHE.schema


def value(name: str, text: str) -> object:
    entry = SCHEMA.entry(name)
    assert entry is not None
    found = READER.value(text, entry)
    if isinstance(found, Rejected):
        return found.status
    return found.low if isinstance(found, Amount) and found.is_known else found


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("TimeOut", "300", 300),
        ("TimeOut", "30ms", 30),  # the unit is dropped
        ("TimeOut", "1min", 1),
        ("TimeOut", "abc", 0),
        ("KeepAliveTimeout", "5", 5),
        ("KeepAliveTimeout", "100ms", Fraction(1, 10)),
        ("KeepAliveTimeout", "2mi", 120),
        ("KeepAliveTimeout", "2min", 120),
        ("KeepAliveTimeout", "1h", 3600),
        ("KeepAliveTimeout", "5sec", 5),
        ("KeepAliveTimeout", "5m", Status.REFUSED),
        ("KeepAliveTimeout", "5S", Status.REFUSED),
        ("KeepAliveTimeout", "1.5", Status.REFUSED),
        ("KeepAliveTimeout", "-1", Status.REFUSED),
        ("ProxyTimeout", "500ms", 500),
        ("ProxyTimeout", "0", Status.REFUSED),
        ("connectiontimeout", "500ms", Fraction(1, 2)),
        ("acquire", "3000", 3),
        ("acquire", "2s", 2),
        ("retry", "0", 0),
        ("timeout", "0", Status.REFUSED),
        ("GracefulShutdownTimeout", "0", UNLIMITED),
        ("MaxRequestWorkers", "150", 150),
        ("MaxRequestWorkers", "150x", 150),
        ("MaxConnectionsPerChild", "0", UNLIMITED),
        ("MaxKeepAliveRequests", "0", UNLIMITED),
        ("ListenBackLog", "0", Status.REFUSED),
        ("LimitRequestBody", "0", UNLIMITED),
        ("LimitRequestBody", "1048576", 1_048_576),
        ("LimitRequestBody", "10M", Status.REFUSED),
        ("AsyncRequestWorkerFactor", "1.5", Fraction(3, 2)),
        ("AsyncRequestWorkerFactor", "x", Status.REFUSED),
        ("KeepAlive", "ON", True),
        ("KeepAlive", "off", False),
        ("KeepAlive", "yes", Status.REFUSED),
        ("HostnameLookups", "Double", "double"),
        ("HostnameLookups", "maybe", Status.REFUSED),
        ("ThreadStackSize", "65536", 65_536),
        ("MaxMemFree", "2048", 2 * 1024**2),
    ],
)
def test_values(name: str, text: str, expected: object) -> None:
    assert value(name, text) == expected


@pytest.mark.parametrize("text", ["${N}", "{{ n }}", "<%= n %>", "@N@"])
def test_what_nobody_can_tell_is_unknown(text: str) -> None:
    assert isinstance(value("MaxRequestWorkers", text), Unknown)
