from __future__ import annotations

import pytest

from plimsoll.model.quantity import GIB, KIB, MIB, UNLIMITED, Amount
from plimsoll.model.schema import Type
from plimsoll.model.setting import Unset
from plimsoll.model.version import Version
from plimsoll.technologies import technology
from plimsoll.technologies.nginx.directives import directives
from plimsoll.technologies.nginx.reader import READER

NGINX = technology("nginx")
assert NGINX is not None
SCHEMA = NGINX.schema

NEVER = UNLIMITED


@pytest.mark.parametrize(
    ("name", "part", "version", "expected"),
    [
        ("worker_processes", "", "1.22.1", 1),
        ("worker_connections", "", "1.22.1", 512),
        ("worker_rlimit_nofile", "", "1.22.1", None),
        ("worker_shutdown_timeout", "", "1.22.1", NEVER),
        ("backlog", "listener", "1.22.1", 511),
        ("keepalive_timeout", "", "1.22.1", 75),
        ("keepalive_timeout", "upstream", "1.22.1", 60),
        ("keepalive_timeout", "upstream", "1.14", NEVER),
        ("keepalive_requests", "", "1.19.9", 100),
        ("keepalive_requests", "", "1.19.10", 1000),
        ("keepalive_requests", "upstream", "1.18", 100),
        ("keepalive", "upstream", "1.28", 0),
        ("keepalive", "upstream", "1.29.7", 32),
        ("proxy_http_version", "", "1.29.6", "1.0"),
        ("proxy_http_version", "", "1.29.7", "1.1"),
        ("client_max_body_size", "", "1.22.1", MIB),
        ("large_client_header_buffers_size", "", "1.22.1", 8 * KIB),
        ("proxy_read_timeout", "location", "1.22.1", 60),
        ("proxy_next_upstream_tries", "", "1.22.1", UNLIMITED),
        ("proxy_max_temp_file_size", "", "1.22.1", GIB),
        ("proxy_buffering", "", "1.22.1", True),
        ("proxy_cache_key", "", "1.22.1", "$scheme$proxy_host$request_uri"),
        ("proxy_cache_valid", "", "1.22.1", None),
        ("inactive", "cache-path", "1.22.1", 600),
        ("max_size", "cache-path", "1.22.1", UNLIMITED),
        ("max_fails", "backend", "1.22.1", 1),
        ("fail_timeout", "backend", "1.22.1", 10),
        ("max_conns", "backend", "1.22.1", UNLIMITED),
        ("fastcgi_keep_conn", "", "1.22.1", False),
        ("uwsgi_read_timeout", "", "1.22.1", 60),
        ("gzip_comp_level", "", "1.22.1", 1),
        ("ssl_session_timeout", "", "1.22.1", 300),
        ("proxy_timeout", "", "1.22.1", 600),
        ("proxy_timeout", "mail", "1.22.1", 86_400),
    ],
)
def test_defaults(name: str, part: str, version: str, expected: object) -> None:
    default = SCHEMA.default(name, Version(version), part)
    assert default is not None
    if expected is None:
        assert default.value == Unset()
    else:
        assert (
            default.value.low if isinstance(default.value, Amount) else default.value
        ) == expected


def test_every_setting_says_where_it_belongs_and_whose_word_it_is() -> None:
    for key, entry in SCHEMA.entries.items():
        assert entry.belongs.startswith("nginx.conf, "), key
        assert entry.source, key


def test_settings_of_parts_are_of_parts_that_there_are() -> None:
    parts = {key.rpartition("/")[0] for key in SCHEMA.entries} - {""}
    assert parts <= set(READER.parts.values())


TYPES = {
    "flag": Type.BOOLEAN,
    "count": Type.COUNT,
    "size": Type.SIZE,
    "offset": Type.SIZE,
    "ms": Type.TIME,
    "seconds": Type.TIME,
}


def test_types_are_those_of_the_directives() -> None:
    for key, entry in SCHEMA.entries.items():
        known = directives().get(entry.name)
        if known and "/" not in key and known.notation in TYPES:
            assert entry.type is TYPES[known.notation], key
