"""Values as Redis 7.0.15 takes them (the server itself is asked in test_real.py)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import GIB, KIB, MIB, UNLIMITED, Amount
from plimsoll.model.reader import Rejected
from plimsoll.model.setting import Formula, Setting, Status, Value
from plimsoll.technologies import technology
from plimsoll.technologies.redis.values import adjusted, value

REDIS = technology("redis")
assert REDIS is not None
ENTRIES = {entry.name: entry for entry in REDIS.schema.entries.values()}


def meant(name: str, text: str) -> Value | Rejected:
    return value(text, ENTRIES[name])


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("maxmemory", "1g", 10**9),
        ("maxmemory", "1gb", GIB),
        ("maxmemory", "1GB", GIB),
        ("maxmemory", "2m", 2 * 10**6),
        ("maxmemory", "2mb", 2 * MIB),
        ("maxmemory", "3k", 3000),
        ("maxmemory", "3kB", 3 * KIB),
        ("maxmemory", "5b", 5),
        ("maxmemory", "5", 5),
        ("maxmemory", "0", UNLIMITED),
        ("maxmemory", "0gb", UNLIMITED),
        ("maxmemory", "", UNLIMITED),
        ("maxmemory", "gb", UNLIMITED),
        ("maxmemory", "17179869184gb", UNLIMITED),  # it wraps around at 64 bits
        ("repl-backlog-size", "1mb", MIB),
        ("timeout", "300", 300),
        ("hz", "0", 1),
        ("hz", "9000", 500),
        ("timeout", "0", UNLIMITED),
        ("tcp-keepalive", "0", UNLIMITED),
        ("busy-reply-threshold", "5000", 5),
        ("cluster-node-timeout", "15000", 15),
        ("slowlog-log-slower-than", "10000", Fraction(1, 100)),
        ("slowlog-log-slower-than", "0", 0),
        ("slowlog-log-slower-than", "-1", UNLIMITED),
        ("lfu-decay-time", "1", 60),
        ("list-max-listpack-size", "-2", -2),
        ("unixsocketperm", "0770", 0o770),
        ("client-output-buffer-limit-replica-hard", "256mb", 256 * MIB),
        ("client-output-buffer-limit-normal-hard", "0", UNLIMITED),
        ("client-output-buffer-limit-replica-seconds", "60", 60),
    ],
)
def test_numbers(name: str, text: str, expected: object) -> None:
    found = meant(name, text)
    assert isinstance(found, Amount)
    assert found.is_known
    assert (found.low, found.unit) == (expected, ENTRIES[name].unit)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("appendonly", "YES", True),
        ("appendonly", "no", False),
        ("maxmemory-policy", "AllKeys-LRU", "allkeys-lru"),
        ("appendfsync", "no", "no"),
        ("shutdown-on-sigterm", "save force", "save force"),
        ("logfile", "", ""),
        ("maxmemory-clients", "5%", Formula("s.maxmemory * 5 / 100")),
    ],
)
def test_words(name: str, text: str, expected: object) -> None:
    assert meant(name, text) == expected


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("maxmemory", "1.5gb", "is no whole number with one of b, k, kb, m, mb, g, gb"),
        ("maxmemory", "1 gb", "is no whole number"),
        ("maxmemory", "100%", "is no whole number"),
        ("maxmemory", "-1", "is no whole number"),
        ("maxmemory", "1t", "is no whole number"),
        ("repl-backlog-size", "0", "outside of 1 B to any"),
        ("repl-backlog-size", "9223372036854775808", "beyond 63 bits"),
        ("timeout", "007", "is no whole number; it takes no unit"),
        ("timeout", "30s", "is no whole number"),
        ("timeout", "-1", "outside of"),
        ("timeout", "2147483648", "outside of"),
        ("timeout", "9" * 400, "is no whole number"),
        ("maxclients", "0", "0 is outside of 1 to 4294967295"),
        ("io-threads", "129", "outside of 1 to 128"),
        ("appendonly", "on", "'on' is neither yes nor no"),
        ("maxmemory-policy", "lru", "'lru' is none of volatile-lru"),
        ("maxmemory-clients", "101%", "is no whole number"),
        ("unixsocketperm", "999", "is not octal"),
        ("shutdown-on-sigterm", "save please", "'please' is none of"),
    ],
)
def test_refused(name: str, text: str, reason: str) -> None:
    found = meant(name, text)
    assert isinstance(found, Rejected)
    assert found.status is Status.REFUSED
    assert reason in found.reason


@given(st.sampled_from(sorted(ENTRIES)), st.text(max_size=30))
def test_no_text_is_too_much(name: str, text: str) -> None:
    assert meant(name, text) is not None


@given(
    st.integers(1, 2**31), st.sampled_from([("kb", KIB), ("k", 1000), ("mb", MIB), ("m", 10**6)])
)
def test_sizes(number: int, unit: tuple[str, int]) -> None:
    found = meant("maxmemory", f"{number}{unit[0]}")
    assert found == Amount.of(number * unit[1], ENTRIES["maxmemory"].unit)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("500", ""),
        ("501", "the server makes 500 of 501"),
        ("0", "the server makes 1 of 0"),
        ("2147483648", ""),  # refused: nothing comes of it
    ],
)
def test_what_is_made_of_another_number_is_said(text: str, reason: str) -> None:
    found = meant("hz", text)
    held = None if isinstance(found, Rejected) else found
    assert adjusted(Setting("hz", text, value=held)).reason == reason
