from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import GIB, KIB, MIB, UNLIMITED, Amount
from plimsoll.model.reader import Rejected
from plimsoll.model.setting import Formula, Status, Unknown
from plimsoll.technologies import technology
from plimsoll.technologies.nginx.values import number, value

NGINX = technology("nginx")
assert NGINX is not None
SCHEMA = NGINX.schema

# O45 and what else was tried: directive, where it stands, value, what it means (None: refused).
TRIED = [
    ("client_max_body_size", "http", "1m", MIB),
    ("client_max_body_size", "http", "2M", 2 * MIB),
    ("client_max_body_size", "http", "3G", 3 * GIB),
    ("client_max_body_size", "http", "10K", 10 * KIB),
    ("client_max_body_size", "http", "512", 512),
    ("client_max_body_size", "http", "0", UNLIMITED),
    ("client_max_body_size", "http", "0m", UNLIMITED),
    ("client_max_body_size", "http", "1gb", None),
    ("client_max_body_size", "http", "1.5g", None),
    ("client_max_body_size", "http", '"1 m"', None),
    ("client_max_body_size", "http", "-1", None),
    ("client_body_buffer_size", "http", "16k", 16 * KIB),
    ("client_body_buffer_size", "http", "1g", None),
    ("proxy_max_temp_file_size", "http", "1g", None),
    ("limit_rate", "http", "0", UNLIMITED),
    ("proxy_read_timeout", "http", "60", 60),
    ("proxy_read_timeout", "http", "60s", 60),
    ("proxy_read_timeout", "http", "500ms", Fraction(1, 2)),
    ("proxy_read_timeout", "http", "1h30m", 5400),
    ("proxy_read_timeout", "http", '"1h 30m"', 5400),
    ("proxy_read_timeout", "http", "1d1h1m1s1ms1", 90_062 + Fraction(1, 1000)),
    ("proxy_read_timeout", "http", '"60 "', 60),
    ("proxy_read_timeout", "http", '"60 5"', 65),
    ("proxy_read_timeout", "http", "1w", 604_800),
    ("proxy_read_timeout", "http", "5min", None),
    ("proxy_read_timeout", "http", '"60 s"', None),
    ("proxy_read_timeout", "http", "30m1h", None),
    ("proxy_read_timeout", "http", "1M", None),
    ("proxy_read_timeout", "http", "1.5s", None),
    ("proxy_read_timeout", "http", "s", None),
    ("proxy_read_timeout", "http", '""', None),
    ("proxy_read_timeout", "http", "unlimited", None),
    ("keepalive_timeout", "http", "75s 60s", 75),
    ("keepalive_timeout", "http", "0", 0),
    ("keepalive_timeout", "http", '"60 s"', None),
    ("ssl_session_timeout", "http", "1M", 2_592_000),
    ("ssl_session_timeout", "http", "1y1d", 31_622_400),
    ("ssl_session_timeout", "http", "10ms", None),
    ("keepalive_requests", "http", "1000", 1000),
    ("keepalive_requests", "http", "1k", None),
    ("gzip", "http", "on", True),
    ("gzip", "http", "Off", False),
    ("gzip", "http", "yes", None),
    ("gzip", "http", "1", None),
    ("gzip_comp_level", "http", "9", 9),
    ("gzip_comp_level", "http", "10", None),
    ("gzip_comp_level", "http", "0", None),
    ("proxy_http_version", "http", "1.1", "1.1"),
    ("lingering_close", "http", "ALWAYS", "always"),
    ("lingering_close", "http", "never", None),
    ("worker_processes", "main", "4", 4),
    ("worker_processes", "main", "0", 0),
    ("worker_processes", "main", "AUTO", None),
    ("worker_connections", "events", "1024", 1024),
    ("worker_connections", "events", "1k", None),
    ("worker_shutdown_timeout", "main", "0", UNLIMITED),
    ("worker_shutdown_timeout", "main", "30s", 30),
    ("directio", "http", "off", UNLIMITED),
    ("directio", "http", "4m", 4 * MIB),
]
IDS = [f"{name} {text}" for name, _, text, _ in TRIED]


def meaning(name: str, text: str, part: str = "") -> object:
    entry = SCHEMA.entry(name, part)
    assert entry is not None
    found = value(text, entry)
    return found.low if isinstance(found, Amount) else found


@pytest.mark.parametrize(("name", "level", "text", "expected"), TRIED, ids=IDS)
def test_values(name: str, level: str, text: str, expected: object) -> None:
    found = meaning(name, text.strip('"'))
    if expected is None:
        assert isinstance(found, Rejected)
        assert found.status is Status.REFUSED
        assert name in found.reason, level
    else:
        assert found == expected


WITHIN = {
    "main": "{} events {{}}",
    "events": "events {{ {} }}",
    "http": "events {{}} http {{ {} }}",
}


@pytest.mark.real
@pytest.mark.parametrize(("name", "level", "text", "expected"), TRIED, ids=IDS)
def test_nginx_says_the_same(
    name: str, level: str, text: str, expected: object, nginx: Callable[..., str]
) -> None:
    words = nginx(WITHIN[level].format(f"{name} {text};"))
    assert ("[emerg]" in words) == (expected is None), words


@pytest.mark.parametrize(
    ("part", "name", "text", "expected"),
    [
        ("backend", "fail_timeout", "10", 10),
        ("backend", "fail_timeout", "10ms", None),
        ("backend", "max_conns", "0", UNLIMITED),
        ("backend", "max_fails", "0", 0),
        ("cache-path", "max_size", "1g", GIB),
        ("cache-path", "inactive", "1M", 2_592_000),
        ("cache-path", "keys_zone_size", "1g", None),
        ("listener", "backlog", "65535", 65_535),
        ("listener", "backlog", "0", None),
        ("upstream", "keepalive", "32 local", 32),
    ],
)
def test_values_of_parameters(part: str, name: str, text: str, expected: object) -> None:
    found = meaning(name, text, part)
    assert isinstance(found, Rejected) if expected is None else found == expected


def test_what_only_the_machine_or_a_request_tells() -> None:
    assert meaning("worker_processes", "auto") == Formula("s.cores_seen")
    assert isinstance(meaning("limit_rate", "$rate"), Unknown)
    assert isinstance(meaning("worker_connections", "{{ n }}"), Unknown)
    assert meaning("proxy_pass", "http://$host") == "http://$host"


@pytest.mark.parametrize("notation", ["flag", "count", "size", "offset", "ms", "seconds"])
@given(text=st.text(alphabet="0123456789kKmMgGsSdhwy onf-.٣", max_size=24))
def test_any_text_is_a_number_or_none(notation: str, text: str) -> None:
    found = number(text, notation)
    assert found is None or found >= 0
    assert found is None or found is False or not text.isspace()


@given(st.integers(0, 10**9), st.sampled_from(["ms", "s", "m", "h", "d", "w", ""]))
def test_times_are_exact(count: int, unit: str) -> None:
    milliseconds = {"ms": 1, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
    assert number(f"{count}{unit}", "ms") == Fraction(count * milliseconds.get(unit, 1000), 1000)
