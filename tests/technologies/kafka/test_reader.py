from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.check.language import Num
from plimsoll.check.library import knowledge
from plimsoll.check.world.base import thing
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.setting import Setting, Status, Unread
from plimsoll.model.stack import Stack
from plimsoll.stack import read_texts
from plimsoll.technologies.kafka.reader import READER
from support.lossless import HOSTILE, damaged
from support.places import wrong_places


def stack(files: dict[str, str], more: str = "") -> Stack:
    service = f"a: {{technology: kafka, files: [{', '.join(files)}]{more}}}"
    return read_texts({"plimsoll.yaml": f"services: {{{service}}}\n", **files})


def held(found: Stack, kind: str = "") -> dict[str, str]:
    return {
        s.name: str(s.value)
        for s in found.services["a"].settings
        if s.technology == "kafka"
        and s.status is Status.EFFECTIVE
        and (s.scope[-1].kind if s.scope else "") == kind
    }


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("message.max.bytes=10485760", "10 MiB"),
        ("log.retention.hours=168", "7 d"),
        ("log.retention.bytes=-1", "unlimited"),
        ("connections.max.idle.ms : 600000", "10 min"),
        ("auto.create.topics.enable=FALSE", "False"),
    ],
)
def test_values(line: str, expected: str) -> None:
    found = list(held(stack({"server.properties": line})).values())
    assert found == [expected] or found == [expected.replace("7 d", "168 h")]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", "8"),
        (", environment: {KAFKA_NUM_IO_THREADS: '9'}", "9"),
        (", environment: {KAFKA_CFG_NUM_IO_THREADS: '9'}", "9"),
        (", environment: {KAFKA_HEAP_OPTS: -Xmx2g}", "8"),
        (', command: "kafka-server-start.sh server.properties --override num.io.threads=9"', "9"),
    ],
)
def test_the_image_and_the_command_line_go_before_the_file(more: str, expected: str) -> None:
    found = held(stack({"server.properties": "num.io.threads=8"}, more))
    assert found["num.io.threads"] == expected
    assert set(found) <= {"num.io.threads", "KAFKA_HEAP_OPTS"}


@pytest.mark.parametrize(
    ("options", "heap"),
    [
        ("-Xmx2g", "2 GiB"),
        ("-XX:MaxRAMPercentage=75", "3 GiB"),
        ("-Dnone=1", "1 GiB"),  # a quarter of 4 GiB, as Java chooses
    ],
)
def test_any_word_in_the_options_of_the_heap_takes_the_script_s_own_away(
    options: str, heap: str
) -> None:
    more = f", memory: 4GiB, environment: {{KAFKA_HEAP_OPTS: '{options}'}}"
    given = stack({"server.properties": "broker.id=0"}, more)
    found = StackWorld(given, knowledge()).attribute(thing(given.services["a"]), "heap")
    assert isinstance(found, Num)
    assert str(found.amount) == heap


def test_clients_have_settings_of_their_own() -> None:
    files = {
        "producer.properties": "bootstrap.servers=b:9092\nrequest.timeout.ms=5000\n",
        "connect-distributed.properties": "bootstrap.servers=b:9092\nconsumer.max.poll.records=9\n",
    }
    found = stack(files)
    assert held(found, "producer")["request.timeout.ms"] == "5 s"
    assert held(found, "consumer") == {"max.poll.records": "9"}


def test_connectors() -> None:
    text = "connector_count: 100\nconnector:\n  connector.class: x.Sink\n  tasks.max: 4\n"
    found = stack({"connectors.yaml": text})
    assert held(found, "connector") == {"connector.class": "x.Sink", "tasks.max": "4"}
    assert held(found) == {"connector_count": "100"}


def test_passwords_are_secret() -> None:
    found = list(READER.read("ssl.keystore.password=x\nsasl.jaas.config=y\n", "server.properties"))
    assert all(isinstance(s, Setting) and s.is_secret for s in found)


SAMPLES = {
    "server.properties": "broker.id=1\nnum.io.threads=16\nmessage.max.bytes=2000000\n",
    "connectors.yaml": "connector:\n  connector.class: x\n  tasks.max: 4\n",
}


@given(
    st.sampled_from(sorted(SAMPLES)).flatmap(lambda p: st.tuples(st.just(p), damaged(SAMPLES[p])))
)
def test_places_in_damaged_files(drawn: tuple[str, str]) -> None:
    path, text = drawn
    assert "\\" in text or wrong_places(READER, text, path, 1) == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("path", sorted(SAMPLES))
def test_hostile_texts(text: str, path: str) -> None:
    assert all(isinstance(item, Setting | Unread) for item in READER.read(text, path))
