"""Files of /etc/default and /etc/sysconfig: the environment of the service that lists them."""

from __future__ import annotations

from pathlib import Path

import pytest

from plimsoll.model.setting import Origin, Setting
from plimsoll.model.stack import Stack
from plimsoll.stack import read_stack, read_texts

CASES = Path(__file__).parents[3] / "shared" / "cases"


def setting(stack: Stack, name: str) -> Setting:
    found = stack.services["app"].setting(name)
    assert found
    return found


def app(path: str, text: str) -> Stack:
    said = f"services: {{app: {{technology: gunicorn, files: [{path}]}}}}\n"
    return read_texts({"plimsoll.yaml": said, path: text})


@pytest.mark.parametrize(
    "path", ["default/app", "etc/sysconfig/app", "app.default", "default/php8.2"]
)
def test_it_is_read_as_a_shell_reads_it(path: str) -> None:
    stack = app(path, "# one\nexport WEB_CONCURRENCY=7 # seven\nexport OTHER='x y'\n")
    found = setting(stack, "workers")
    assert (found.text, found.origin) == ("7", Origin.ENVIRONMENT)
    assert str(found.place) == f"{path}:2"
    assert not stack.unread


def test_a_value_may_go_on_in_the_next_line() -> None:
    text = 'GUNICORN_CMD_ARGS="--threads 3 \\\n  --timeout 9"\n'
    stack = app("default/app", text)
    assert [setting(stack, name).text for name in ("threads", "timeout")] == ["3", "9"]
    assert str(setting(stack, "timeout").place).startswith("default/app:")


def test_what_only_a_run_could_tell_is_unknown() -> None:
    stack = app("default/app", "if test -f x; then WEB_CONCURRENCY=7; fi\n")
    assert str(setting(stack, "workers").value).startswith("unknown: ")


def test_a_file_with_a_format_of_its_own_is_none() -> None:
    stack = app("default/gunicorn.conf.py", "workers = 5\n")
    assert setting(stack, "workers").text == "5"


def test_what_a_unit_loads_is_read_as_the_unit_loads_it() -> None:
    unit = "[Service]\nEnvironmentFile=/etc/default/app\nExecStart=/usr/bin/gunicorn a:b\n"
    texts = {
        "plimsoll.yaml": "services: {app: {files: [app.service, etc/default/app]}}\n",
        "app.service": unit,
        "etc/default/app": "WEB_CONCURRENCY=7\n",
    }
    stack = read_texts(texts)
    assert setting(stack, "workers").text == "7"


def test_the_environment_of_a_real_case_is_read() -> None:
    folder = CASES / "MC-129"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there")
    stack = read_stack(folder)
    assert "sysconfig/elasticsearch" not in {u.path for u in stack.unread}
