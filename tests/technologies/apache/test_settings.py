from __future__ import annotations

import pytest

from plimsoll.model.quantity import GIB, UNLIMITED, Amount
from plimsoll.model.setting import Unknown
from plimsoll.model.version import Version
from plimsoll.technologies import technology
from plimsoll.technologies.apache.directives import directives
from plimsoll.technologies.apache.reader import READER

APACHE = technology("apache")
assert APACHE is not None
SCHEMA = APACHE.schema


@pytest.mark.parametrize(
    ("name", "version", "expected"),
    [
        ("ThreadsPerChild", "2.4.57", 25), ("ThreadLimit", "2.4.57", 64),
        ("MaxConnectionsPerChild", "2.4.57", UNLIMITED), ("ListenBackLog", "2.4.57", 511),
        ("KeepAlive", "2.4.57", True), ("KeepAliveTimeout", "2.4.57", 5),
        ("MaxKeepAliveRequests", "2.4.57", 100), ("TimeOut", "2.4.57", 60),
        ("GracefulShutdownTimeout", "2.4.57", UNLIMITED), ("LimitRequestBody", "2.4.53", UNLIMITED),
        ("LimitRequestBody", "2.4.54", GIB), ("LimitRequestLine", "2.4.57", 8190),
        ("LimitRequestFields", "2.4.57", 100), ("AsyncRequestWorkerFactor", "2.4.57", 2),
        ("retry", "2.4.57", 60), ("mpm", "2.4.57", "event"), ("mpm", "2.2.15", "prefork"),
        ("MinSpareThreads", "2.4.57", 75), ("MaxSpareServers", "2.4.57", 10),
    ],
)  # fmt: skip
def test_defaults(name: str, version: str, expected: object) -> None:
    default = SCHEMA.default(name, Version(version))
    assert default is not None
    value = default.value.low if isinstance(default.value, Amount) else default.value
    assert value == expected


def test_the_mpm_of_an_unknown_version_is_unknown() -> None:
    default = SCHEMA.default("mpm", None)
    assert default is not None
    assert isinstance(default.value, Unknown)


def test_every_setting_says_where_it_belongs_and_whose_word_it_is() -> None:
    for key, entry in SCHEMA.entries.items():
        assert entry.belongs, key
        assert entry.source, key


def test_settings_that_are_directives_are_written_as_the_manual_writes_them() -> None:
    made = {"mpm"} | {name for name in SCHEMA.entries if name.startswith("RequestReadTimeout_")}
    for key, entry in SCHEMA.entries.items():
        if entry.name[0].isupper() and key not in made:
            assert directives()[entry.name.lower()].name == entry.name


def test_settings_of_parts_are_of_parts_that_there_are() -> None:
    parts = {key.rpartition("/")[0] for key in SCHEMA.entries} - {""}
    assert parts <= set(READER.parts.values())
