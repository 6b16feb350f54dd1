"""RQ's settings file, command line and environment."""

from __future__ import annotations

import pytest

from plimsoll.technologies.rq.reader import READER
from support import readings


@pytest.mark.parametrize(
    ("command", "environment", "expected"),
    [
        ("rq worker high low", {}, {}),
        ("rq worker -u redis://h:1 --burst", {}, {"url": "redis://h:1", "burst": "True"}),
        ("rq worker", {"RQ_REDIS_URL": "redis://e"}, {"url": "redis://e"}),
        ("rq worker --url redis://c", {"RQ_REDIS_URL": "redis://e"}, {"url": "redis://c"}),
        ("rq worker-pool --num-workers 4", {}, {"is_pool": "True", "num_workers": "4"}),
        ("rq worker --worker-ttl 60 --results-ttl=0", {}, {"worker_ttl": "60", "results_ttl": "0"}),
    ],
)
def test_command_lines(command: str, environment: dict[str, str], expected: dict[str, str]) -> None:
    assert readings.held(readings.of("rq", {}, command, environment)) == expected


def test_the_settings_file_loses_to_the_command_line() -> None:
    files = {
        "rq_settings.py": "REDIS_HOST = 'h'\nREDIS_PORT = 6380\nREDIS_URL = 'redis://f'\nX = 1"
    }
    found = readings.of("rq", files, "rq worker -u redis://c")
    assert readings.held(found) == {"url": "redis://c", "host": "h", "port": "6380"}
    assert READER.endpoints is not None
    assert [(e.host, e.port) for e in READER.endpoints(found)] == [("c", 6379)]
    plain = readings.of("rq", {"rq_settings.py": "REDIS_HOST = 'h'\nREDIS_PORT = 6380"})
    assert [(e.host, e.port) for e in READER.endpoints(plain)] == [("h", 6380)]
