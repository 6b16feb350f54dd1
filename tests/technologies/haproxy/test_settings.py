from __future__ import annotations

import pytest

from plimsoll.model.quantity import KIB, UNLIMITED, Amount
from plimsoll.model.schema import Type
from plimsoll.model.setting import Formula, Unset
from plimsoll.model.version import Version
from plimsoll.technologies import technology
from plimsoll.technologies.haproxy.reader import READER

HAPROXY = technology("haproxy")
assert HAPROXY is not None
SCHEMA = HAPROXY.schema


@pytest.mark.parametrize(
    ("name", "part", "version", "expected"),
    [
        ("timeout client", "", "2.6", UNLIMITED),
        ("timeout_server", "proxy", "2.6", UNLIMITED),
        ("timeout queue", "proxy", "2.6", None),
        ("retries", "proxy", "2.6", 3),
        ("option redispatch", "", "2.6", False),
        ("http-reuse", "", "2.6", "safe"),
        ("maxconn", "proxy", "2.6", UNLIMITED),
        ("maxconn", "proxy-server", "2.6", UNLIMITED),
        ("fd-hard-limit", "", "2.6", UNLIMITED),
        ("fd-hard-limit", "", "3.2", 1_048_576),
        ("nbproc", "", "2.4", 1),
        ("tune.bufsize", "", "2.6", 16 * KIB),
        ("clitimeout", "", "1.8", None),
        ("inter", "proxy-server", "2.6", 2),
        ("check", "proxy-server", "2.6", False),
        ("hard-stop-after", "", "2.6", UNLIMITED),
    ],
)
def test_defaults(name: str, part: str, version: str, expected: object) -> None:
    default = SCHEMA.default(name, Version(version), part)
    assert default is not None
    value = default.value.low if isinstance(default.value, Amount) else default.value
    assert value == (Unset() if expected is None else expected)


def test_the_global_maxconn_comes_from_the_descriptors() -> None:
    default = SCHEMA.default("maxconn", Version("2.6"))
    assert default is not None
    assert default.value == Formula("(min(s.nofile_hard, s.fd_hard_limit) - 28) / 2")


@pytest.mark.parametrize(("name", "until"), [("nbproc", "2.5"), ("clitimeout", "2.1")])
def test_names_that_went(name: str, until: str) -> None:
    entry = SCHEMA.entry(name)
    assert entry is not None
    assert entry.exists_in(Version("1.8"))
    assert not entry.exists_in(Version(until))


def test_every_setting_says_where_it_belongs_and_whose_word_it_is() -> None:
    for key, entry in SCHEMA.entries.items():
        assert entry.belongs, key
        assert entry.source, key


def test_the_mode_of_a_socket_is_not_that_of_a_proxy() -> None:
    entry = SCHEMA.entry("mode", "listener")
    assert entry is not None
    assert entry.type is Type.TEXT


def test_settings_of_parts_are_of_parts_that_there_are() -> None:
    parts = {key.rpartition("/")[0] for key in SCHEMA.entries} - {""}
    assert parts <= set(READER.parts.values())
