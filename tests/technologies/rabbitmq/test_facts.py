"""What the rules' language makes of RabbitMQ's facts."""

from __future__ import annotations

import pytest

from plimsoll.check.language import Num, needs
from plimsoll.check.library import knowledge
from plimsoll.check.world.base import thing
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.quantity import GIB, UNLIMITED, Number
from plimsoll.stack import read_texts


def number(name: str, conf: str, version: str = "3.12") -> Number:
    queue = f'{{technology: rabbitmq, version: "{version}", memory: 1GiB, files: [rabbitmq.conf]}}'
    said = f"hosts: {{a: {{memory: 10GiB, cores: 2}}}}\nservices:\n  queue: {queue}\n"
    said = said.replace("memory: 1GiB,", "memory: 1GiB, host: a,")
    stack = read_texts({"plimsoll.yaml": said, "rabbitmq.conf": conf})
    found = StackWorld(stack, knowledge()).attribute(thing(stack.services["queue"]), name)
    assert isinstance(found, Num)
    assert found.low == found.high, needs(found)
    return found.low


RELATIVE = "vm_memory_high_watermark.relative = 0.5\n"


@pytest.mark.parametrize(
    ("name", "conf", "version", "expected"),
    [
        ("concurrency", "", "3.12", UNLIMITED),
        ("concurrency", "connection_max = 500\n", "3.12", 500),
        ("backlog", "tcp_listen_options.backlog = 4096\n", "3.12", 4096),
        ("threads", "", "3.12", 2),
        ("memory_detected", "", "3.12", 10 * GIB),
        ("memory_detected", "", "4.1", GIB),
        ("memory_detected", "total_memory_available_override_value = 2GiB\n", "3.12", 2 * GIB),
        ("watermark", "", "3.12", 4 * GIB),
        ("watermark", RELATIVE, "4.0", GIB // 2),
        ("watermark", "vm_memory_high_watermark.absolute = 3GiB\n", "3.12", 3 * GIB),
        ("watermark", f"vm_memory_high_watermark.absolute = 3GiB\n{RELATIVE}", "3.12", 5 * GIB),
        ("memory_worst", "vm_memory_high_watermark.absolute = 1GB\n", "3.12", 2 * 10**9),
    ],
)
def test_facts(name: str, conf: str, version: str, expected: int) -> None:
    assert number(name, conf, version) == expected
