"""MariaDB: lines of my.cnf, under a limit of descriptors; `--help --verbose` says what runs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from oracles.oracle import Answer, Case, Held, Line, Oracle, told, within
from plimsoll.model.schema import Entry, Type
from plimsoll.technologies import technology
from plimsoll.technologies.mysql.options import REQUIRED
from support.mariadb import REALS, variables

MYSQL = technology("mysql")
assert MYSQL is not None
SCHEMA = MYSQL.schema

_NAMES = (
    "innodb_buffer_pool_size", "key_buffer_size", "sort_buffer_size", "join_buffer_size", "read_buffer_size",
    "max_allowed_packet", "wait_timeout", "interactive_timeout", "connect_timeout", "net_read_timeout",
    "max_connect_errors", "table_definition_cache", "innodb_log_file_size", "innodb_log_buffer_size",
    "innodb_flush_log_at_trx_commit", "innodb_io_capacity", "innodb_lock_wait_timeout", "innodb_file_per_table",
    "query_cache_size", "query_cache_limit", "long_query_time", "max_heap_table_size", "tmp_table_size", "sync_binlog",
    "thread_stack", "slow_query_log", "skip_name_resolve", "max_statement_time", "innodb_stats_persistent",
    "binlog_format", "innodb_max_dirty_pages_pct", "read_only", "local_infile", "myisam_sort_buffer_size",
    "group_concat_max_len", "lock_wait_timeout", "net_buffer_length", "max_sort_length", "bulk_insert_buffer_size",
)  # fmt: skip
_SUFFIXED = st.builds(
    "{}{}{}".format, st.integers(0, 99), st.sampled_from("kKmMgG"), st.sampled_from(["", "", "B", "b x"])
)  # fmt: skip
_WRONG = [
    "1.5G",
    "1 G",
    "0x10",
    "abc",
    "1_000",
    "99999999999999999999",
    "5%",
    "12Z",
    "1,5",
    "x1",
    "-5",
    "1e3",
    "1e2",
]
_LINES = [
    "no_such_name = 1",
    "max_connectionz = 5",
    "slow_query = 1",
    "table_open = 5",
    "set-variable = port=1",
    "-- x",
]
_TRUTHS = ["ON", "off", "1", "0", "true", "False", "'ON'", "OFF # x", "maybe", "2"]


def _right(entry: Entry) -> st.SearchStrategy[str]:
    if entry.type is Type.BOOLEAN:
        return st.sampled_from(_TRUTHS)
    if entry.type is Type.ENUM:
        return st.sampled_from([each for each in entry.values if each])
    if entry.name in REALS:
        return st.sampled_from(["1", "1.5", "0", ".5", "2e1", "+3", "10"])
    return st.one_of(within(entry), st.integers(0, 10**11).map(str), _SUFFIXED)


@st.composite
def _line(draw: st.DrawFn) -> Line:
    entry = SCHEMA.entry(draw(st.sampled_from(_NAMES)))
    assert entry
    name = entry.name.replace("_", draw(st.sampled_from("-_")))
    if entry.type is Type.BOOLEAN and entry.name not in REQUIRED and draw(st.booleans()):
        prefix, text = draw(
            st.sampled_from([("", "1"), ("skip-", "0"), ("disable_", "0"), ("enable-", "1")])
        )
        return Line(entry.name, text, prefix + name)
    text = draw(_right(entry))
    return Line(
        entry.name,
        text.partition(" #")[0],
        f"{draw(st.sampled_from(['', '', 'loose_']))}{name} = {text}",
    )


@st.composite
def _wrong(draw: st.DrawFn) -> Line:
    if draw(st.integers(0, 2)) == 0:
        line = draw(st.sampled_from(_LINES))
        return Line(line.partition(" ")[0], "", line)
    return _written(draw(st.sampled_from(_NAMES)), draw(st.sampled_from(_WRONG)))


def _written(name: str, text: str) -> Line:
    return Line(name, text, f"{name} = {text}")


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    lines = draw(st.lists(_line(), min_size=1, max_size=5))
    if draw(st.integers(0, 3)) == 0:
        lines.append(draw(_wrong()))
    if draw(st.integers(0, 4)):
        return Case(tuple(lines))
    own = [line for line in lines if line.name not in ("max_connections", "table_open_cache")]
    files = draw(st.integers(430, 9000))
    wanted = _written("max_connections", str(draw(st.integers(10, min(files - 30, 4000)))))
    return Case((*own, wanted, _written("table_open_cache", "2000")), files)


_SPELLED = [
    *(Case((_written("innodb_buffer_pool_size", text),)) for text in ("128MB", "1GB", "1TB", "1.5G", "1 G", "0x10", "1e3")),
    Case((_written("key_buffer_size", "1"),)),
    Case((_written("max_connections", "5"),)),
    Case((_written("wait_timeout", "999999999"),)),
    Case((Line("max_connections", "77", "max_connectio = 77"),)),
    Case((Line("max_connections", "77", "max-connections = 77"),)),
    Case((_written("max_connections", "100"), _written("max_connections", "200"))),
    *(Case((_written("max_connections", clients),), files) for files, clients in ((1024, "151"), (1024, "500"), (1024, "600"), (4096, "300"), (4096, "3900"))),
]  # fmt: skip


def files(case: Case) -> dict[str, str]:
    return {"my.cnf": "[mysqld]\n" + "".join(f"{line.written}\n" for line in case.lines)}


def ask(cases: Sequence[Case]) -> Iterator[Answer]:
    with tempfile.TemporaryDirectory(prefix="plimsoll-") as folder:
        path = Path(folder) / "my.cnf"
        for case in cases:
            path.write_text(files(case)["my.cnf"])
            said = variables(f"--defaults-file={path}", nofile=case.nofile)
            yield Answer(said) if isinstance(said, str) else Answer(held=dict(_held(said)))


def _held(said: dict[str, str]) -> Iterator[tuple[str, Held]]:
    for name in _asked():
        if name in said:
            entry = SCHEMA.entry(name)
            assert entry
            yield name, told(said[name], entry)


@cache
def _asked() -> tuple[str, ...]:
    return (*_NAMES, "max_connections", "table_open_cache")


ORACLE = Oracle(
    "mysql", "mariadbd", "mariadb-server-core", _cases(), _SPELLED, ask, files,
    altering=["mysql-cut-by-descriptors"],
)  # fmt: skip
