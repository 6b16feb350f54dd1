"""The server that a start script becomes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.reader import Deployment
from plimsoll.model.setting import Unread
from plimsoll.technologies.shell.manifest import MANIFEST


def describe(script: str, path: str = "bin/start.sh") -> list[Deployment | Unread]:
    texts = {path: script}
    return list(MANIFEST.describe([path], lambda p: texts.get(p, Unread(p, "no such file"))))


def started(script: str) -> str:
    found = describe(script)
    if not found:
        return ""
    (deployment,) = found
    assert isinstance(deployment, Deployment)
    return " ".join(word.text for word in deployment.command)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param("#!/bin/sh\nexec gunicorn --threads 400 a:b\n", "gunicorn --threads 400 a:b", id="exec"),
        pytest.param("migrate\ngunicorn a:b\n", "gunicorn a:b", id="the last"),
        pytest.param("gunicorn a:b\necho stopped\n", "gunicorn a:b", id="helpers behind it"),
        pytest.param("a &\ngunicorn a:b\n", "gunicorn a:b", id="in front of the background"),
        pytest.param("gunicorn a:b &\nwait\n", "gunicorn a:b", id="only in the background"),
        pytest.param("exec gunicorn a:b\nother\n", "gunicorn a:b", id="exec beats what follows"),
        pytest.param(
            "if [ x = y ]; then\n exec flask run\nelse\n exec gunicorn a:b\nfi\n", "gunicorn a:b",
            id="branches",
        ),
        pytest.param("gunicorn a:b 2>&1 | tee log\n", "gunicorn a:b", id="piped"),
        pytest.param("start() { exec gunicorn a:b; }\n", "", id="in a function"),
        pytest.param('exec "$@"\n', "", id="what it is given"),
        pytest.param("set -e\nexport A=1\necho x > y\n", "", id="no server"),
        pytest.param("", "", id="empty"),
    ],
)  # fmt: skip
def test_the_server_of_a_script(script: str, expected: str) -> None:
    assert started(script) == expected


def test_a_deployment_knows_its_environment_and_place() -> None:
    script = "export WEB_CONCURRENCY=8\nX=1\nY=2 exec gunicorn a:b\n"
    (found,) = describe(script, "deploy/run-app.sh")
    assert isinstance(found, Deployment)
    assert (found.name, found.technology, found.files) == (
        "run-app",
        "shell",
        ("deploy/run-app.sh",),
    )
    assert {n: w.text for n, w in found.environment.items()} == {"WEB_CONCURRENCY": "8", "Y": "2"}
    assert str(found.place) == "deploy/run-app.sh:3"


def test_a_script_that_cannot_be_opened_is_unread() -> None:
    found = list(MANIFEST.describe(["a.sh"], lambda p: Unread(p, "no such file")))
    assert found == [Unread("a.sh", "no such file")]


def test_each_script_stands_for_itself() -> None:
    assert MANIFEST.states(["a.sh", "b.sh"]) == [["a.sh"], ["b.sh"]]


@given(st.text(max_size=80))
def test_any_script_is_described(text: str) -> None:
    assert all(isinstance(d, Deployment) for d in describe(text))
