"""What the rules' language makes of gunicorn's facts."""

from __future__ import annotations

import pytest

from plimsoll.check.language import Num, Text, Thing, Value
from plimsoll.check.library import knowledge
from plimsoll.check.world.base import thing
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.quantity import MIB, UNLIMITED
from plimsoll.stack import read_texts

PLIMSOLL = """
hosts: {shop-1: {cores: 4}}
services: {app: {technology: gunicorn, host: shop-1, files: [gunicorn.conf.py]}}
"""


def fact(name: str, conf: str) -> Value:
    stack = read_texts({"plimsoll.yaml": PLIMSOLL, "gunicorn.conf.py": conf})
    app = thing(stack.services["app"])
    assert isinstance(app, Thing)
    return StackWorld(stack, knowledge()).attribute(app, name)


SYNC = "workers = 3\n"
GTHREAD = "workers = 3\nworker_class = 'gthread'\nthreads = 5\n"
BECOMES = "workers = 3\nthreads = 5\n"
GEVENT = "workers = 3\nworker_class = 'gevent'\nthreads = 5\n"
UVICORN = "workers = 3\nworker_class = 'uvicorn.workers.UvicornWorker'\n"
CORES = "import os\nworkers = os.cpu_count() * 2 + 1\n"


@pytest.mark.parametrize(
    ("name", "conf", "expected"),
    [
        ("processes", SYNC, 3), ("processes", CORES, 9), ("processes", "", 1),
        ("threads", SYNC, 1), ("threads", GTHREAD, 5), ("threads", BECOMES, 5),
        ("threads", GEVENT, 1),
        ("concurrency", SYNC, 3), ("concurrency", GTHREAD, 15), ("concurrency", BECOMES, 15),
        ("concurrency", GEVENT, 3000), ("concurrency", UVICORN, UNLIMITED),
        ("request_timeout", SYNC, 30), ("request_timeout", SYNC + "timeout = 0\n", UNLIMITED),
        ("request_timeout", GTHREAD, UNLIMITED), ("request_timeout", BECOMES, UNLIMITED),
        ("idle_keepalive", SYNC, 0), ("idle_keepalive", GTHREAD, 2), ("idle_keepalive", UVICORN, 2),
        ("drain", "graceful_timeout = 45\n", 45), ("backlog", "", 2048), ("backlog", "backlog = 9\n", 9),
        ("cores_seen", "", 4),
        ("private_memory", "", 48 * MIB), ("memory_floor", SYNC, 48 * MIB),
        ("memory_likely", SYNC, (3 * 48 + 30) * MIB),
    ],
)  # fmt: skip
def test_facts(name: str, conf: str, expected: float) -> None:
    found = fact(name, conf)
    assert isinstance(found, Num)
    assert (found.low, found.high) == (expected, expected)


def test_whether_endpoints_are_plain_functions_is_not_known() -> None:
    found = fact("threads", UVICORN)
    assert isinstance(found, Num)
    assert (found.low, found.high) == (1, 40)


@pytest.mark.parametrize(
    ("image", "environment", "expected"),
    [
        ("tiangolo/uvicorn-gunicorn-fastapi:python3.11", "", 8),
        ("registry.example/uvicorn-gunicorn", "", 8),
        ("tiangolo/uvicorn-gunicorn:python3.11", "WORKERS_PER_CORE: '0.5'", 4),
        ("tiangolo/uvicorn-gunicorn:python3.11", "WORKERS_PER_CORE: '0.1'", 2),
        ("tiangolo/uvicorn-gunicorn:python3.11", "MAX_WORKERS: '3'", 3),
        ("tiangolo/uvicorn-gunicorn:python3.11", "WEB_CONCURRENCY: '5'", 5),
        ("shop/gunicorn:1", "MAX_WORKERS: '3'", 1),
    ],
)
def test_an_image_counts_the_cores_of_the_host(image: str, environment: str, expected: int) -> None:
    stack = read_texts(
        {
            "plimsoll.yaml": "hosts: {h: {cores: 8}}\n"
            "services: {app: {technology: gunicorn, host: h, files: [compose.yaml]}}\n",
            "compose.yaml": f"services: {{app: {{image: '{image}', "
            f"environment: {{{environment}}}}}}}\n",
        }
    )
    app = thing(stack.services["app"])
    assert isinstance(app, Thing)
    found = StackWorld(stack, knowledge()).attribute(app, "processes")
    assert isinstance(found, Num)
    assert (found.low, found.high) == (expected, expected)


@pytest.mark.parametrize(
    ("conf", "expected"),
    [
        (SYNC, "sync"), (BECOMES, "gthread"), (GEVENT, "gevent"),
        ("worker_class = 'gunicorn.workers.sync.SyncWorker'\nthreads = 2\n", "gthread"),
    ],
)  # fmt: skip
def test_the_class_that_really_runs(conf: str, expected: str) -> None:
    found = fact("effective_class", conf)
    assert isinstance(found, Text)
    assert found.value == expected
