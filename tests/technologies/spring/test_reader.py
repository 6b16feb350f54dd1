from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.setting import Setting, Status, Unknown, Unread
from plimsoll.stack import read_texts
from plimsoll.technologies.spring.reader import READER
from support.lossless import HOSTILE, damaged
from support.places import wrong_places

PORT = "server.port"


def held(files: dict[str, str], more: str = "", technology: str = "spring") -> dict[str, Setting]:
    listed = ", ".join(files)
    service = f"a: {{technology: {technology}, files: [{listed}]{more}}}"
    found = read_texts({"plimsoll.yaml": f"services: {{{service}}}\n", **files})
    settings = found.services["a"].settings
    return {
        s.name: s for s in settings if s.technology == "spring" and s.status is Status.EFFECTIVE
    }


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("server.tomcat.threads.max=300", "application.properties"),
        ("server.tomcat.threads.max : 300", "application.properties"),
        ("server:\n  tomcat:\n    threads:\n      max: 300\n", "application.yml"),
        ("server.tomcat:\n  threads.max: 300\n", "application.yaml"),
        ("server.TOMCAT.threads.Max=300", "application.properties"),
    ],
)
def test_a_property_in_each_format(text: str, path: str) -> None:
    assert str(held({path: text})["server.tomcat.threads.max"].value) == "300"


@pytest.mark.parametrize(
    ("files", "more", "expected"),
    [
        ({"application.yml": "server.port: 1"}, "", "1"),
        ({"application.yml": "server.port: 1", "application.properties": "server.port=2"}, "", "2"),
        ({"application.yml": "server.port: 1", "application-prod.yml": "server.port: 2"}, "", "1"),
        ({"application.yml": "server.port: 1", "application-prod.yml": "server.port: 2"},
         ", environment: {SPRING_PROFILES_ACTIVE: 'eu,prod'}", "2"),
        ({"application.yml": "server.port: 1\nspring.profiles.active: prod\n", "application-prod.yml": "server.port: 2"},
         "", "2"),
        ({"application-prod.yml": "server.port: 2", "application.yml": "server.port: 1"},
         ', command: "java -jar a.jar --spring.profiles.active=prod"', "2"),
        ({"application.yml": "server.port: 1\n---\nspring.config.activate.on-profile: prod\nserver.port: 2\n"}, "", "1"),
        ({"application.yml": "server.port: 1\n---\nspring.config.activate.on-profile: '!prod'\nserver.port: 2\n"}, "", "2"),
        ({"application.properties": "server.port=1\n#---\nspring.profiles=prod\nserver.port=2\n"}, "", "1"),
        ({"application.yml": "server.port: 1\nserver:\n  port: 2\n"}, "", "2"),
        ({"application.yml": "server.port: 1"}, ", environment: {SERVER_PORT: '2'}", "2"),
        ({"application.yml": "server.port: 1"},
         ', environment: {SERVER_PORT: "2", JAVA_TOOL_OPTIONS: -Dserver.port=3}', "3"),
        ({"application.yml": "server.port: 1"},
         ', environment: {SERVER_PORT: "2"}, command: "java -Dserver.port=3 -jar a.jar --server.port=4"', "4"),
        ({"application.yml": "server.port: 1"}, ", environment: {SPRING_APPLICATION_JSON: '{\"server\":{\"port\":9}}'}", "9"),
        ({"application.yml": "server.port: ${PORT:7}"}, "", "7"),
        ({"application.yml": "server.port: ${PORT:7}"}, ", environment: {PORT: '8'}", "8"),
        ({"application.yml": "base: 6\nserver.port: ${base}"}, "", "6"),
        ({"application.yml": "server.port: ${PORT:${OTHER:5}}"}, "", "5"),
    ],
)  # fmt: skip
def test_who_wins(files: dict[str, str], more: str, expected: str) -> None:
    assert str(held(files, more)[PORT].value) == expected


def test_a_placeholder_of_nobody_is_unknown() -> None:
    found = held({"application.yml": "server.port: ${PORT}"})[PORT]
    assert isinstance(found.value, Unknown)
    assert "PORT" in found.value.reason


def test_what_a_build_puts_in_is_unknown() -> None:
    assert isinstance(held({"application.properties": "server.port=@port@"})[PORT].value, Unknown)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("server.tomcat.connection-timeout", "20s", "20 s"),
        ("server.tomcat.connection-timeout", "1500", "1.5 s"),
        ("server.tomcat.connection-timeout", "PT1M30S", "90 s"),
        ("server.servlet.session.timeout", "90", "90 s"),
        ("spring.servlet.multipart.max-file-size", "10MB", "10 MiB"),
        ("spring.servlet.multipart.max-file-size", "512KB", "512 KiB"),
        ("spring.servlet.multipart.max-file-size", "-1", "unlimited"),
        ("server.http2.enabled", "on", "True"),
        ("server.shutdown", "GRACEFUL", "graceful"),
    ],
)
def test_values(name: str, text: str, expected: str) -> None:
    assert str(held({"application.properties": f"{name}={text}"})[name].value) == expected


@pytest.mark.parametrize("text", ["abc", "1.5", "10 s", "5 minutes"])
def test_what_fails_the_start_is_refused(text: str) -> None:
    files = {"application.properties": f"server.tomcat.connection-timeout={text}x"}
    assert "server.tomcat.connection-timeout" not in held(files)


def test_it_accompanies_a_java_program() -> None:
    found = held({"application.yml": "server.port: 1"}, "", "jvm")
    assert found[PORT].text == "1"


SAMPLES = {
    "application.properties": "server.port=8081\n#---\nspring.profiles=prod\nserver.tomcat.threads.max = 300\n",
    "application.yml": "server:\n  port: 8081\n  tomcat:\n    threads: {max: 300}\n---\nspring:\n  profiles: prod\n",
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
