"""What the rules' language makes of the facts of php-fpm, PHP, uWSGI and uvicorn."""

from __future__ import annotations

import pytest

from plimsoll.check.language import Num, Thing, Value
from plimsoll.check.library import knowledge
from plimsoll.check.world.base import thing
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.quantity import MIB, UNLIMITED
from plimsoll.stack import read_texts


def fact(technology: str, name: str, file: str, text: str) -> Value:
    statement = f"services: {{app: {{technology: {technology}, files: [{file}]}}}}\n"
    stack = read_texts({"plimsoll.yaml": statement, file: text})
    app = thing(stack.services["app"])
    assert isinstance(app, Thing)
    return StackWorld(stack, knowledge()).attribute(app, name)


POOLS = "[a]\npm.max_children = 5\nrequest_terminate_timeout = 30s\n[b]\npm.max_children = 7\n"
LIMITED = f"[global]\nprocess.max = 9\nprocess_control_timeout = 20s\n{POOLS}"
ONE = "[a]\npm.max_children = 5\nrequest_terminate_timeout = 30s\nlisten.backlog = 64\n"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("processes", POOLS, 12), ("processes", LIMITED, 9), ("concurrency", POOLS, 12),
        ("request_timeout", POOLS, UNLIMITED), ("request_timeout", ONE, 30),
        ("backlog", ONE, 64), ("drain", LIMITED, 20), ("drain", ONE, 0),
        ("memory_likely", ONE, (5 * 32 + 128) * MIB),
    ],
)  # fmt: skip
def test_php_fpm(name: str, text: str, expected: float) -> None:
    found = fact("php-fpm", name, "www.conf", text)
    assert isinstance(found, Num)
    assert (found.low, found.high) == (expected, expected)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("processes", "[uwsgi]\nworkers = 4\n", 4), ("processes", "[uwsgi]\n", 1),
        ("concurrency", "[uwsgi]\nprocesses = 4\nthreads = 2\n", 8),
        ("concurrency", "[uwsgi]\nprocesses = 2\ngevent = 100\n", 200),
        ("request_timeout", "[uwsgi]\n", UNLIMITED), ("request_timeout", "[uwsgi]\nharakiri = 9\n", 9),
        ("backlog", "[uwsgi]\n", 100), ("drain", "[uwsgi]\n", 60),
        ("memory_likely", "[uwsgi]\nprocesses = 4\n", (4 * 48 + 30) * MIB),
    ],
)  # fmt: skip
def test_uwsgi(name: str, text: str, expected: float) -> None:
    found = fact("uwsgi", name, "uwsgi.ini", text)
    assert isinstance(found, Num)
    assert (found.low, found.high) == (expected, expected)


RUN = "import uvicorn\nuvicorn.run('a:b', {})\n"


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("processes", "workers=4", 4), ("processes", "workers=4, reload=True", 1), ("processes", "", 1),
        ("concurrency", "workers=4, limit_concurrency=10", 40), ("concurrency", "workers=4", UNLIMITED),
        ("idle_keepalive", "timeout_keep_alive=65", 65), ("idle_keepalive", "", 5),
        ("drain", "", UNLIMITED), ("backlog", "", 2048),
    ],
)  # fmt: skip
def test_uvicorn(name: str, arguments: str, expected: float) -> None:
    found = fact("uvicorn", name, "main.py", RUN.format(arguments))
    assert isinstance(found, Num)
    assert (found.low, found.high) == (expected, expected)


@pytest.mark.parametrize(
    ("measured", "expected"),
    [("", (1, 40)), ("measured: {a.sync_endpoints: true}\n", (40, 40))],
)
def test_threads_of_uvicorn_are_those_of_plain_functions(
    measured: str, expected: tuple[int, int]
) -> None:
    text = f"services: {{a: {{technology: uvicorn}}}}\n{measured}"
    stack = read_texts({"plimsoll.yaml": text})
    found = StackWorld(stack, knowledge()).attribute(thing(stack.services["a"]), "threads")
    assert isinstance(found, Num)
    assert (found.low, found.high) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 128 * MIB),
        ("opcache.memory_consumption = 256\n", 256 * MIB),
        ("opcache.enable = 0\n", 0),
    ],
)
def test_php(text: str, expected: float) -> None:
    found = fact("php", "shared_memory", "php.ini", text)
    assert isinstance(found, Num)
    assert (found.low, found.high) == (expected, expected)


def test_a_pool_is_asked_for_what_it_sets_of_php() -> None:
    files = {
        "plimsoll.yaml": "services: {app: {technology: php-fpm, files: [www.conf, php.ini]}}\n",
        "www.conf": "[a]\nphp_admin_value[memory_limit] = 256M\n[b]\npm = static\n",
        "php.ini": "memory_limit = 64M\n",
    }
    stack = read_texts(files)
    world = StackWorld(stack, knowledge())
    pools = {p.name: p for p in stack.services["app"].parts if p.type == "pool"}
    own = world.attribute(
        Thing(pools["a"], "pool", thing(stack.services["app"]).how), "memory_limit"
    )
    assert isinstance(own, Num)
    assert own.low == 256 * MIB
    [interpreter] = [p for p in stack.services["app"].parts if p.type == "interpreter"]
    assert str(interpreter.settings["memory_limit"].value) == "64 MiB"
    assert "memory_limit" not in pools["b"].settings
