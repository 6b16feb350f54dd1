"""Compose files to settings: nothing lost, every place exact, what the values mean."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from plimsoll.model.place import Place
from plimsoll.model.quantity import GIB, MIB, UNLIMITED, Amount
from plimsoll.model.reader import Rejected
from plimsoll.model.setting import Setting, Status, Unread, Value
from plimsoll.stack.settle import settled
from plimsoll.syntax.text import Lines
from plimsoll.technologies import technology
from plimsoll.technologies.docker_compose.keys import KEYS
from plimsoll.technologies.docker_compose.reader import READER

COMPOSE = technology("docker-compose")
assert COMPOSE is not None
SCHEMA = COMPOSE.schema


def settings(text: str) -> list[Setting]:
    found = [item for item in READER.read(text, "compose.yml") if isinstance(item, Setting)]
    return settled(READER, SCHEMA, found)


def of_service(text: str) -> dict[str, Setting]:
    return {s.name: s for s in settings(f"services:\n  a:\n    {text}\n")}


def low(value: Value | None) -> object:
    return value.low if isinstance(value, Amount) else value


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("mem_limit: 1.5g", "mem_limit", 3 * GIB // 2),
        ("mem_limit: 512M", "mem_limit", 512 * MIB),
        ("mem_limit: 512mb", "mem_limit", 512 * MIB),
        ("mem_limit: 2GiB", "mem_limit", 2 * GIB),
        ("mem_limit: 1073741824", "mem_limit", GIB),
        ("mem_limit: '64 mb'", "mem_limit", 64 * MIB),
        ("mem_limit: 0", "mem_limit", UNLIMITED),
        ("deploy: {resources: {limits: {memory: 1G}}}", "deploy.resources.limits.memory", GIB),
        ("deploy: {replicas: 3}", "deploy.replicas", 3),
        ("scale: 2", "scale", 2),
        ("cpus: '0.5'", "cpus", Fraction(1, 2)),
        ("cpuset: 0-3,6", "cpuset", 5),
        ("pids_limit: -1", "pids_limit", UNLIMITED),
        ("pids_limit: 100", "pids_limit", 100),
        ("shm_size: 256m", "shm_size", 256 * MIB),
        ("stop_grace_period: 1m30s", "stop_grace_period", 90),
        ("stop_grace_period: 1.5h", "stop_grace_period", 5400),
        ("ulimits: {nofile: 1024}", "ulimits.nofile.soft", 1024),
        ("ulimits: {nofile: 1024}", "ulimits.nofile.hard", 1024),
        ("ulimits: {nofile: {soft: 1, hard: -1}}", "ulimits.nofile.hard", UNLIMITED),
        ("sysctls: [net.core.somaxconn=99]", "sysctls.net.core.somaxconn", 99),
        ("sysctls: {net.core.somaxconn: 99}", "sysctls.net.core.somaxconn", 99),
        ("healthcheck: {interval: 90s}", "healthcheck.interval", 90),
        ("privileged: true", "privileged", True),
        ("environment: {A: 1}", "environment.A", "1"),
        ("environment: [A=x=y]", "environment.A", "x=y"),
        ("restart: unless-stopped", "restart", "unless-stopped"),
    ],
)
def test_values(text: str, name: str, expected: object) -> None:
    found = of_service(text)[name]
    assert low(found.value) == expected
    assert found.status is Status.EFFECTIVE


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mem_limit: 1x", "mem_limit"),
        ("mem_limit: -1g", "mem_limit"),
        ("stop_grace_period: 10", "stop_grace_period"),
        ("stop_grace_period: 10 sec", "stop_grace_period"),
        ("pids_limit: many", "pids_limit"),
        ("cpus: -1", "cpus"),
        ("privileged: maybe", "privileged"),
        ("deploy: {mode: some}", "deploy.mode"),
        ("cpuset: all", "cpuset"),
    ],
)
def test_values_that_compose_refuses(text: str, name: str) -> None:
    assert of_service(text)[name].status is Status.REFUSED


@pytest.mark.parametrize(
    ("name", "is_secret"),
    [("DB_PASSWORD", True), ("API_TOKEN", True), ("APP_KEY", True), ("SECRET_KEY_BASE", True),
     ("SMTP_PASS", True), ("PORT", False), ("PASSWORD_FILE", False), ("KEYBOARD", False)],
)  # fmt: skip
def test_secrets(name: str, *, is_secret: bool) -> None:
    assert of_service(f"environment: {{{name}: x}}")[f"environment.{name}"].is_secret is is_secret


@pytest.mark.parametrize(
    ("text", "name", "reason"),
    [
        ("memory: 1g", "memory", "mem_limit"),
        ("enviroment: {A: 1}", "enviroment.A", "did you mean environment?"),
        ("deploy: {resource: {a: 1}}", "deploy.resource.a", "did you mean resources?"),
        ("healthcheck: {retry: 1}", "healthcheck.retry", "did you mean retries?"),
    ],
)
def test_keys_that_compose_does_not_know(text: str, name: str, reason: str) -> None:
    found = of_service(text)[name]
    assert found.status is Status.UNKNOWN_NAME
    assert reason in found.reason


def test_every_setting_that_is_described_may_be_written() -> None:
    for entry in SCHEMA.entries.values():
        above, _, name = entry.name.rpartition(".")
        while above and above not in KEYS:
            above, _, name = above.rpartition(".")
        assert name in KEYS[above], entry.name


def test_a_variable_without_a_value_is_not_known() -> None:
    found = of_service("mem_limit: ${M}")["mem_limit"]
    assert str(found.value).startswith("unknown: ${M} comes from the environment")


def text_at(text: str, place: Place) -> str:
    lines = Lines(text, "")
    span = place.value or place.span
    return text[lines.offset(span.line, span.column) : lines.offset(span.end_line, span.end_column)]


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("mem_limit: 1g  # c", "mem_limit", "1g"),
        ("mem_limit: '1g'", "mem_limit", "'1g'"),
        ("environment: ['A=é😀']", "environment.A", "é😀"),
        ("environment: {A: 😀}", "environment.A", "😀"),
        ("ports: ['80:80', 81:81]", "ports", "81:81"),
        ("<<: {mem_limit: 3g}", "mem_limit", "3g"),
    ],
)
def test_places(text: str, name: str, expected: str) -> None:
    for whole in (f"services:\n  a:\n    {text}\n", f"\ufeffservices:\r\n  a:\r\n    {text}\r\n"):
        found = {s.name: s for s in settings(whole)}[name]
        assert found.place is not None
        assert text_at(whole, found.place) == expected


def test_other_sections_are_settings_too() -> None:
    text = "name: shop\nnetworks: {n: {driver: bridge}}\nx-a: [1]\n"
    assert [(s.name, s.text) for s in settings(text)] == [
        ("name", "shop"),
        ("networks.n.driver", "bridge"),
        ("x-a", "1"),
    ]


KEYS_AND_VALUES = ["services:", "a: ", "image: x", "mem_limit: 1g", "environment:", "A=1", "80:80"]
NESTED = ["ports: ", "ulimits: ", "nofile: 1", "depends_on: ", "command: ", "networks: ", "x-a: "]
SIGNS = ["- ", "{", "}", "[", "]", ", ", "&x ", "*x", "<<: ", "${V:-1}", "$", "'", '"', ": ", "# c"]
LINES = ["\n", "\n  ", "\n    ", "\r\n", "😀", "\udc80"]
PIECES = st.sampled_from([*KEYS_AND_VALUES, *NESTED, *SIGNS, *LINES])


@given(st.lists(PIECES, max_size=25).map("".join))
@example("services: {a: {image: x}, b: 5}")
@example("version: '3'\nservices:\n  a:\n   image: x\n   ? ports\n   : [1]\nx-b: {c: [1]}")
def test_nothing_is_lost_and_places_are_inside(text: str) -> None:
    covered = bytearray(len(text))
    lines = Lines(text, "")
    items = list(READER.read(text, "compose.yml"))
    for item in items:
        blocks = [b.place for b in item.scope] if isinstance(item, Setting) else []
        for place in [item.place, *blocks]:
            assert place is not None
            span = place.span
            start = lines.offset(span.line, span.column)
            end = lines.offset(span.end_line, span.end_column)
            assert 0 <= start <= end <= len(text)
            covered[start:end] = b"x" * (end - start)
    if any(isinstance(item, Unread) for item in items):
        return
    for start, end in scalars(text):
        assert all(covered[start:end]), text[start:end]


def scalars(text: str) -> Iterator[tuple[int, int]]:
    """Where the scalars of a text stand that the parser takes."""
    plain = text.replace("\udc80", "x")
    for event in yaml.parse(plain, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.ScalarEvent) and event.value not in ("", "<<"):
            assert event.start_mark is not None
            assert event.end_mark is not None
            start, end = event.start_mark.index, event.end_mark.index
            yield (start if text[start] != "&" else end - 1), end


@given(st.text(max_size=30))
def test_no_text_makes_a_value_raise(text: str) -> None:
    for entry in SCHEMA.entries.values():
        found = READER.value(text, entry)
        assert isinstance(found, Rejected) or found is not None
