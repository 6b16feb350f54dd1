"""What a start script leaves of the limits that it was given."""

from __future__ import annotations

import pytest

from plimsoll.stack import read_texts

COMPOSE = """\
services:
  queue:
    image: rabbitmq:3.12
    command: [/start.sh]
    volumes: [./start.sh:/start.sh]
    ulimits: {nofile: {soft: 2000, hard: 4000}}
"""


@pytest.mark.parametrize(
    ("line", "soft", "hard"),
    [
        ("ulimit -n 1024", 1024, 1024),
        ("ulimit -Sn 1024", 1024, 4000),
        ("ulimit -S -n 3000", 3000, 4000),
        ("ulimit -Hn 3000", 2000, 3000),
        ("ulimit -n", 2000, 4000),
        ("ulimit -c 0", 2000, 4000),
        ("f() { ulimit -n 1024; }", 2000, 4000),
        ("if t; then ulimit -n 1024; fi", 2000, 4000),
    ],
)
def test_a_script_between_the_container_and_the_server(line: str, soft: int, hard: int) -> None:
    script = f"#!/bin/sh\n{line}\nexec rabbitmq-server\n"
    service = read_texts({"compose.yaml": COMPOSE, "start.sh": script}).services["queue"]
    found = [service.limit(f"nofile_{kind}") for kind in ("soft", "hard")]
    assert [str(each.amount) for each in found] == [str(soft), str(hard)]
    innermost = found[0].layers[-1].place
    assert innermost is not None
    assert innermost.path == ("start.sh" if soft != 2000 else "compose.yaml")
