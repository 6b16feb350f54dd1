from __future__ import annotations

import pytest
from hypothesis import given

from plimsoll.check.language import Num
from plimsoll.check.library import knowledge
from plimsoll.check.world.base import thing
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.setting import Setting, Status, Unknown, Unread
from plimsoll.model.stack import Stack
from plimsoll.stack import read_texts
from plimsoll.technologies.elasticsearch.reader import READER
from support.lossless import HOSTILE, damaged
from support.places import wrong_places

SAMPLE = """cluster.name: a
http:
  port: 9201
discovery.seed_hosts: [one, two]
thread_pool.write.queue_size: 500
path.data: ${DATA}
"""


def stack(text: str = SAMPLE, more: str = "") -> Stack:
    service = f"a: {{technology: elasticsearch, version: '8.12', files: [elasticsearch.yml]{more}}}"
    return read_texts({"plimsoll.yaml": f"services: {{{service}}}\n", "elasticsearch.yml": text})


def held(found: Stack) -> dict[str, Setting]:
    settings = found.services["a"].settings
    return {s.name: s for s in settings if s.status is Status.EFFECTIVE}


def test_dotted_and_nested_names_and_lists() -> None:
    found = held(stack())
    assert [found[n].text for n in ("cluster.name", "http.port", "discovery.seed_hosts")] == [
        "a", "9201", "one,two",
    ]  # fmt: skip
    assert isinstance(found["path.data"].value, Unknown)
    assert str(found["http.port"].place) == "elasticsearch.yml:3"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", "9201"),
        (", environment: {http.port: '9202'}", "9202"),
        (", environment: {ES_SETTING_HTTP_PORT: '9203'}", "9203"),
        (', environment: {http.port: "9202"}, command: "elasticsearch -Ehttp.port=9204"', "9204"),
        (', command: "elasticsearch -E http.port=9205"', "9205"),
    ],
)
def test_the_environment_and_the_command_line_go_before_the_file(more: str, expected: str) -> None:
    assert held(stack(more=more))["http.port"].text == expected


def test_a_setting_that_stands_twice_is_refused() -> None:
    found = list(READER.read("http.port: 1\nhttp:\n  port: 2\n", "elasticsearch.yml"))
    assert [s.status for s in found if isinstance(s, Setting)] == [Status.EFFECTIVE, Status.REFUSED]
    twice = list(READER.read("http.port: 1\nhttp.port: 2\n", "elasticsearch.yml"))
    assert [str(i) for i in twice if isinstance(i, Unread)] == [
        "elasticsearch.yml:1: http.port stands in line 2 too"
    ]


@pytest.mark.parametrize(
    ("line", "value", "status"),
    [
        ("http.max_content_length: 200mb", "200 MiB", Status.EFFECTIVE),
        ("http.max_content_length: 200", "", Status.REFUSED),
        ("http.max_content_length: 200MiB", "", Status.REFUSED),
        ("search.default_search_timeout: 30s", "30 s", Status.EFFECTIVE),
        ("search.default_search_timeout: -1", "never", Status.EFFECTIVE),
        ("bootstrap.memory_lock: true", "True", Status.EFFECTIVE),
        ("bootstrap.memory_lock: yes", "", Status.REFUSED),
        ("thread_pool.write.queue_size: -1", "unlimited", Status.EFFECTIVE),
    ],
)
def test_values(line: str, value: str, status: Status) -> None:
    (setting,) = [s for s in stack(line).services["a"].settings if s.technology == "elasticsearch"]
    assert setting.status is status
    assert not value or str(setting.value) == value


def heap(more: str) -> float:
    found = stack(more=more)
    value = StackWorld(found, knowledge()).attribute(thing(found.services["a"]), "heap")
    assert isinstance(value, Num)
    return float(value.low)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (", memory: 8GiB", 4),
        (", memory: 128GiB", 31),
        (", memory: 8GiB, environment: {ES_JAVA_OPTS: -Xms2g -Xmx2g}", 2),
    ],
)
def test_the_heap_is_java_s_or_sized_by_itself(more: str, expected: int) -> None:
    assert heap(more) == expected * 2**30


@given(damaged(SAMPLE))
def test_places_in_damaged_files(text: str) -> None:
    assert wrong_places(READER, text, "elasticsearch.yml", 1) == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts(text: str) -> None:
    found = READER.read(text, "elasticsearch.yml")
    assert all(isinstance(item, Setting | Unread) for item in found)
