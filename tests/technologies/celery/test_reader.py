"""Celery's settings in code, on the command line and in the environment."""

from __future__ import annotations

import pytest

from plimsoll.model.quantity import MIB, UNLIMITED, Amount
from plimsoll.model.setting import Formula, Status, Unknown
from plimsoll.technologies import technology
from plimsoll.technologies.celery.reader import READER
from support import readings


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("celeryconfig.py", "worker_concurrency = 8\nbroker_url = 'redis://h'\nother = 1",
         {"worker_concurrency": "8", "broker_url": "redis://h"}),
        ("celeryconfig.py", "CELERYD_CONCURRENCY = 8\nBROKER_POOL_LIMIT = None",
         {"worker_concurrency": "8", "broker_pool_limit": "None"}),
        ("settings.py", "CELERY_BROKER_URL = 'redis://h'\nCELERY_WORKER_CONCURRENCY = 4\nDEBUG = True",
         {"broker_url": "redis://h", "worker_concurrency": "4"}),
        ("settings.py", "CELERY_TASK_ACKS_LATE = True\nCELERYD_PREFETCH_MULTIPLIER = 1",
         {"task_acks_late": "True", "worker_prefetch_multiplier": "1"}),
        ("celery.py", "from celery import Celery\napp = Celery('x', broker='redis://h', backend='rpc://')",
         {"broker_url": "redis://h", "result_backend": "rpc://"}),
        ("celery.py", "app.conf.update(worker_prefetch_multiplier=1, task_time_limit=60)",
         {"worker_prefetch_multiplier": "1", "task_time_limit": "60"}),
        ("celery.py", "app.conf.update({'task_time_limit': 60})", {"task_time_limit": "60"}),
        ("celery.py", "app.conf.worker_concurrency = 3\nother.worker_concurrency = 4",
         {"worker_concurrency": "3"}),
        ("celery.py", "app.conf.broker_transport_options = {'visibility_timeout': 43200}",
         {"broker_transport_options.visibility_timeout": "43200"}),
        ("settings.py", "CELERY_BROKER_TRANSPORT_OPTIONS = {'visibility_timeout': 7200, 'x': 1}",
         {"broker_transport_options.visibility_timeout": "7200", "broker_transport_options.x": "1"}),
        ("celery.py", "class Config:\n    worker_concurrency = 5", {"worker_concurrency": "5"}),
        ("celery.py", "def f():\n    worker_concurrency = 5", {}),
        ("celery.yaml", "celery:\n  workers: 20\nweb:\n  workers: 9", {"worker_concurrency": "20"}),
    ],
)  # fmt: skip
def test_files(path: str, text: str, expected: dict[str, str]) -> None:
    assert readings.held(readings.of("celery", {path: text})) == expected


def test_places_are_those_of_the_settings() -> None:
    text = "x = 1\napp.conf.update(\n    task_time_limit=60,\n)\nCELERY_WORKER_CONCURRENCY = 4\n"
    spans = [s.place.span for s in readings.of("celery", {"a.py": text}) if s.place]
    assert [(s.line, s.column, s.end_column) for s in spans] == [(3, 5, 23), (5, 1, 30)]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("celery -A shop worker -c 8 --prefetch-multiplier 1",
         {"app": "shop", "worker_concurrency": "8", "worker_prefetch_multiplier": "1"}),
        ("celery worker -A shop --concurrency=4", {"app": "shop", "worker_concurrency": "4"}),
        ("python -m celery -A shop.app:celery worker -c4", {"app": "shop.app:celery", "worker_concurrency": "4"}),
        ("celery -A x worker --autoscale=3,10", {"app": "x", "autoscale_max": "10", "autoscale_min": "3"}),
        ("celery -A x worker -P gevent -c 500", {"app": "x", "worker_pool": "gevent", "worker_concurrency": "500"}),
        ("celery -A x worker --max-tasks-per-child 100 --time-limit=30 -Q a,b",
         {"app": "x", "worker_max_tasks_per_child": "100", "task_time_limit": "30", "queues": "a,b"}),
        ("celery -A x -b redis://h worker", {"app": "x", "broker_url": "redis://h"}),
        ("celery -A x beat", {"app": "x", "worker_concurrency": "0"}),
    ],
)  # fmt: skip
def test_command_lines(command: str, expected: dict[str, str]) -> None:
    assert readings.held(readings.of("celery", {}, command)) == expected


def test_the_application_s_files_are_looked_for() -> None:
    assert readings.included("celery", "celery -A shop.web worker") == [
        "shop/web/celery.py",
        "shop/web/app.py",
        "shop/web.py",
    ]


def test_who_wins() -> None:
    files = {
        "celeryconfig.py": "worker_concurrency = 2\nbroker_url = 'redis://code'\ntask_time_limit = 9"
    }
    found = readings.of("celery", files, "celery worker -c 3", {"CELERY_BROKER_URL": "redis://env"})
    assert readings.held(found) == {
        "worker_concurrency": "3",
        "broker_url": "redis://env",
        "task_time_limit": "9",
    }


def test_0_on_the_command_line_asks_for_what_the_code_says() -> None:
    files = {"celeryconfig.py": "worker_concurrency = 2"}
    found = readings.of("celery", files, "celery worker -c 0")
    assert readings.held(found) == {"worker_concurrency": "2"}
    assert [s.status for s in found if s.text == "0"] == [Status.IGNORED]


@pytest.mark.parametrize(
    "command",
    [
        "celery worker -c many",
        "celery worker --concurency 4",
        "celery worker --conc 4",
        "celery worker -c",
        "celery worker --autoscale=a,b",
        "celery worker --autoscale=1,2,3",
    ],
)
def test_what_celery_does_not_start_with(command: str) -> None:
    found = readings.of("celery", {}, command)
    assert Status.REFUSED in {s.status for s in found}


@pytest.mark.parametrize(
    ("text", "low"),
    [
        ("worker_max_memory_per_child = 102400", 100 * MIB),
        ("task_time_limit = None", UNLIMITED),
        ("task_time_limit = 60 * 5", 300),
        ("worker_prefetch_multiplier = 0", UNLIMITED),
        ("broker_pool_limit = None", UNLIMITED),
    ],
)
def test_values(text: str, low: float) -> None:
    (found,) = readings.of("celery", {"celeryconfig.py": text})
    assert isinstance(found.value, Amount)
    assert found.value.low == low


def test_what_only_running_it_would_tell() -> None:
    found = readings.of("celery", {"a.py": "app.conf.update(worker_concurrency=pick())"})
    assert isinstance(found[0].value, Unknown)
    assert readings.unread("celery", "app.conf.update(load())", "a.py")
    assert readings.unread("celery", "app.conf.update(**more)", "a.py")


def test_as_many_workers_as_the_host_has_cores() -> None:
    known = technology("celery")
    assert known is not None
    default = known.schema.default("worker_concurrency", None)
    assert default is not None
    assert default.value == Formula("s.cores_seen")


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("broker_url = 'redis://h:1/0'", [("h", 1, "redis")]),
        ("broker_url = 'amqp://a//;amqp://b:9//'", [("a", 5672, "rabbitmq"), ("b", 9, "rabbitmq")]),
        ("result_backend = 'db+postgresql://d/x'", [("d", 5432, "postgresql")]),
        ("result_backend = 'rpc://'", []),
        ("broker_url = ask()", [("", None, "")]),
    ],
)
def test_where_it_connects(text: str, ends: list[tuple[str, int | None, str]]) -> None:
    found = readings.of("celery", {"celeryconfig.py": text})
    assert READER.endpoints is not None
    assert [(e.host, e.port, e.technology) for e in READER.endpoints(found)] == ends
