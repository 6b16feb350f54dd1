"""What the rules' language makes of the facts of MySQL and MariaDB."""

from __future__ import annotations

import pytest

from plimsoll.check.language import Num, Thing
from plimsoll.check.library import knowledge
from plimsoll.check.world.base import thing
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.quantity import KIB, MIB, UNLIMITED, Number
from plimsoll.stack import read_texts


def fact(name: str, conf: str, version: str, more: str = "") -> tuple[Number, Number]:
    stack = read_texts(
        {
            "plimsoll.yaml": "services:\n"
            f'  db: {{technology: mysql, version: "{version}", files: [my.cnf]{more}}}\n',
            "my.cnf": f"[mysqld]\n{conf}",
        }
    )
    db = thing(stack.services["db"])
    assert isinstance(db, Thing)
    found = StackWorld(stack, knowledge()).attribute(db, name)
    assert isinstance(found, Num)
    return found.low, found.high


@pytest.mark.parametrize(
    ("name", "conf", "version", "expected"),
    [
        ("concurrency", "max_connections=500\n", "8.0", 500),
        ("request_timeout", "", "8.0", UNLIMITED),
        ("request_timeout", "max_execution_time=1500\n", "8.0", 1.5),
        ("request_timeout", "max_statement_time=1.5\n", "10.11", 1.5),
        ("idle_keepalive", "", "8.0", 28_800),
        ("backlog", "", "10.11", 80),
        ("backlog", "max_connections=2000\n", "10.11", 450),
        ("backlog", "max_connections=2000\n", "8.0", 2000),
        # What 10.11 asked for.
        ("descriptors", "", "10.11", 32_184),
        ("descriptors", "max_connections=2000\n", "10.11", 34_033),
        ("descriptors", "max_connections=500\ntable_open_cache=400\n", "10.11", 6933),
        ("descriptors", "max_connections=903\ntable_open_cache=10000\n", "5.7", 20_913),
        ("descriptors", "open_files_limit=90000\n", "8.0", 90_000),
        ("engine_caches", "", "10.11", 256 * MIB),
        ("engine_caches", "", "8.0", 8 * MIB),
        ("engine_caches", "query_cache_type=1\nquery_cache_size=16M\n", "10.11", 272 * MIB),
        ("engine_caches", "tokudb_cache_size=1G\n", "10.11", 1280 * MIB),
        ("engine_caches", "query_cache_size=16M\n", "10.11", 272 * MIB),
        ("engine_caches", "query_cache_size=16M\n", "5.7", 8 * MIB),
        ("innodb_buffer_pool_size", "", "10.11", 128 * MIB),
        ("innodb_buffer_pool_size", "", "8.0.36", 128 * MIB),
        ("redo_capacity", "", "10.11", 96 * MIB),
        ("redo_capacity", "", "8.0.29", 96 * MIB),
        ("redo_capacity", "", "8.0.30", 100 * MIB),
        ("redo_capacity", "innodb_log_file_size=1G\n", "8.0.30", 2048 * MIB),
        ("redo_capacity", "innodb_log_file_size=1G\ninnodb_redo_log_capacity=8G\n", "8.4.0",
         8192 * MIB),
        ("memory_floor", "innodb_buffer_pool_size=1000M\n", "8.0", 1124 * MIB),
        ("per_connection", "", "8.0", (128 + 256 + 256 + 256 + 1024 + 32) * KIB),
        ("per_connection", "", "5.7", (128 + 256 + 256 + 256 + 256 + 32 + 16 * 1024) * KIB),
    ],
)  # fmt: skip
def test_facts(name: str, conf: str, version: str, expected: Number) -> None:
    assert fact(name, conf, version) == (expected, expected)


@pytest.mark.parametrize(("hard", "expected"), [(32_184, 32_184), (32_183, 1024)])
def test_it_gets_the_descriptors_that_it_wants_or_keeps_its_soft_limit(
    hard: int, expected: int
) -> None:
    limits = f", limits: {{nofile_soft: 1024, nofile_hard: {hard}}}"
    assert fact("nofile", "", "10.11", limits) == (expected, expected)


@pytest.mark.parametrize(
    ("memory", "pool"), [("900MiB", 128), ("2GiB", 1024), ("4GiB", 2048), ("8GiB", 6144)]
)
def test_a_dedicated_server_sizes_its_pool_by_its_memory(memory: str, pool: int) -> None:
    found = fact(
        "innodb_buffer_pool_size", "innodb_dedicated_server\n", "8.0.36", f", memory: {memory}"
    )
    assert found == (pool * MIB, pool * MIB)
