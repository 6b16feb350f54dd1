"""Apache's own word on its workers: what it lowers, rounds and raises."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from technologies.apache.test_facts import fact

pytestmark = pytest.mark.real
Ask = Callable[..., tuple[int, str]]

WORKERS = re.compile(
    r"MaxRequestWorkers of \d+ .*(?:decreasing to|nearest multiple|increasing to) (\d+)"
    r"|decreasing MaxRequestWorkers to (\d+)"
)
THREADS = re.compile(r"ThreadsPerChild of \d+ .* decreasing to (\d+)")


@pytest.mark.parametrize(
    ("mpm", "text", "asked"),
    [
        ("event", "", 400), ("event", "MaxRequestWorkers 1000", 1000), ("event", "MaxRequestWorkers 110", 110),
        ("event", "MaxRequestWorkers 20", 20), ("event", "ThreadsPerChild 100", 400),
        ("event", "ThreadsPerChild 10", 400), ("event", "ServerLimit 4", 400), ("event", "MaxRequestWorkers 410", 410),
        ("event", "ThreadLimit 100\nThreadsPerChild 100\nMaxRequestWorkers 1600", 1600),
        ("worker", "MaxRequestWorkers 401", 401), ("worker", "ServerLimit 20\nMaxRequestWorkers 500", 500),
        ("prefork", "", 256), ("prefork", "MaxRequestWorkers 300", 300), ("prefork", "ServerLimit 100", 256),
        ("prefork", "ServerLimit 300\nMaxRequestWorkers 300", 300),
    ],
)  # fmt: skip
def test_what_it_makes_of_its_workers(apache: Ask, mpm: str, text: str, asked: int) -> None:
    code, answer = apache(f"{text}\n", mpm)
    assert code == 0, answer
    numbers = [int(a or b) for a, b in WORKERS.findall(answer)]
    ours = f"LoadModule mpm_{mpm}_module m.so\n{text}\n"
    assert fact("workers_used", ours) == (numbers[-1] if numbers else asked,) * 2
    if threads := THREADS.search(answer):
        assert fact("threads", ours) == (int(threads[1]),) * 2
