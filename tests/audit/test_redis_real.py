"""A real Redis, audited: what was set while it runs, and what its open files make of its limits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from plimsoll.audit.answers import Asked
from plimsoll.audit.asked import machine
from plimsoll.audit.outcome import audit_of
from plimsoll.audit.stacks import found
from plimsoll.check import check, load_rules
from plimsoll.hosts.local import Local
from plimsoll.model.drift import Drift, Kind
from support.programs import need
from support.servers import Redis, folder_of_nobody

TODAY = date(2026, 1, 1)


@pytest.fixture
def redis() -> Iterator[Redis]:
    need("redis-cli", "redis-tools")
    with folder_of_nobody() as folder:
        yield Redis(folder)


def written(redis: Redis, text: str) -> Path:
    path = redis.folder / "redis.conf"
    path.write_text(text)
    path.chmod(0o644)
    return path


def drift(redis: Redis) -> dict[str, Drift]:
    here = machine("here", Local())
    seen = found(here)
    name = next(
        name
        for name, asked in seen.servers.items()
        if any(path.startswith(str(redis.folder)) for path in asked.files)
    )
    made = check(seen.disk, load_rules(), TODAY).findings
    told = audit_of(here, seen, made).drifts
    return {each.name: each for each in told if each.service == name}


def test_a_value_that_was_set_while_it_runs_is_told(redis: Redis) -> None:
    with redis.running(written(redis, "maxmemory 100mb\nmaxmemory-policy allkeys-lru\n")):
        assert "maxmemory" not in drift(redis)
        redis.set("maxmemory", "200mb")
        edited = drift(redis)["maxmemory"]
        assert edited.kind is Kind.EDITED
        assert edited.disk is not None
        assert edited.running is not None
        assert (edited.disk.text, edited.running.text) == ("100mb", "209715200")
        assert "maxmemory-policy" not in drift(redis)


def test_what_its_open_files_make_of_its_clients_is_the_reason(redis: Redis) -> None:
    with redis.running(written(redis, "maxclients 20000\n"), nofile=4096):
        capped = drift(redis)["maxclients"]
        assert (capped.kind, capped.reason) == (Kind.CAPPED, "maxclients 20000 becomes 4064")


def test_a_password_is_neither_needed_on_a_command_line_nor_told(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDISCLI_AUTH", "s3cr3t-of-this-test")
    with redis.running(written(redis, "requirepass s3cr3t-of-this-test\n")):
        asked = of(redis)
        assert asked.version
        assert asked.told
        assert not any("s3cr3t" in each.text for each in asked.told)
        monkeypatch.delenv("REDISCLI_AUTH")
        assert of(redis).told == ()


def of(redis: Redis) -> Asked:
    (asked,) = (
        each
        for each in machine("here", Local()).servers
        if str(redis.folder) in each.server.main.words[0]
    )
    return asked
