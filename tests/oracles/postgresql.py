"""PostgreSQL: lines of postgresql.conf and its command line; pg_settings says what runs."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from hypothesis import strategies as st

from oracles.oracle import Answer, Case, Held, Line, Oracle, told, within
from plimsoll.model.schema import Type
from plimsoll.technologies import technology
from support.servers import Postgres, folder_of_nobody

POSTGRESQL = technology("postgresql")
assert POSTGRESQL is not None
SCHEMA = POSTGRESQL.schema

# What may be set without a file, a neighbour or the machine having to fit, in every version, and
# whatever is asked afterwards (a short statement_timeout ends the question).
_NAMES = (
    "work_mem", "temp_buffers", "lock_timeout", "deadlock_timeout", "checkpoint_timeout",
    "checkpoint_completion_target", "random_page_cost", "seq_page_cost", "effective_cache_size",
    "full_page_writes", "synchronous_commit", "autovacuum", "autovacuum_naptime", "vacuum_cost_delay",
    "autovacuum_vacuum_cost_delay", "autovacuum_vacuum_scale_factor", "log_min_duration_statement",
    "temp_file_limit", "max_standby_streaming_delay", "max_slot_wal_keep_size", "jit", "hash_mem_multiplier",
    "log_rotation_age", "bgwriter_delay", "commit_delay", "enable_seqscan", "wal_receiver_timeout",
    "wal_sender_timeout", "cursor_tuple_fraction", "log_statement", "bytea_output", "gin_pending_list_limit",
    "vacuum_freeze_min_age", "join_collapse_limit", "default_statistics_target", "parallel_setup_cost",
    "max_wal_size", "min_wal_size", "maintenance_work_mem", "max_parallel_workers", "max_worker_processes",
    "idle_in_transaction_session_timeout",
)  # fmt: skip
# What has to fit each other: a few values, some of which do not.
_TOGETHER = {
    "max_connections": ["5", "8", "20", "100", "100.7"],
    "superuser_reserved_connections": ["0", "3", "5", "8", "19"],
    "reserved_connections": ["0", "4"],
    "wal_level": ["minimal", "replica", "logical", "hot_standby", "Minimal"],
    "max_wal_senders": ["0", "2"],
    "archive_mode": ["off", "on"],
    "shared_buffers": ["1024", "16MB", "100kB", "'1.5MB'", "64mb"],
    "max_stack_depth": ["1MB", "100MB", "50kB"],
    "io_workers": ["3", "64"],
    "autovacuum_max_workers": ["3", "20"],
}
_UNITS = {Type.SIZE: ["kB", "MB", "GB"], Type.TIME: ["ms", "s", "min", "h", "us", "d"]}
_NUMBERS = ["0", "1", "5", "64", "100", "900", "1.5", "0.25", "100.7", "-1", "0x20", "1e2", "010"]
_WRONG = [
    "1gb",
    "5m",
    "64M",
    "64mb",
    "fast",
    "1 2",
    "",
    "10 kb",
    "1.5.2",
    "0x",
    "--1",
    "NaN",
    "4.5GB",
    "12 GB",
]
_LINES = ["work_mem", "= 5", "work_mem == 5MB", "no_such_name = 1", "work_mem = 'x", "[postgresql]", "work-mem = 5MB",
          "include none.conf", "wal_keep_segments = 5", "stats_temp_directory = 'x'", "old_snapshot_threshold = -1"]  # fmt: skip


@st.composite
def _line(draw: st.DrawFn) -> Line:
    name = draw(st.sampled_from(_NAMES))
    entry = SCHEMA.entry(name)
    assert entry
    if entry.type is Type.BOOLEAN:
        text = draw(st.sampled_from(["on", "OFF", "true", "f", "yes", "0"]))
    elif entry.type is Type.ENUM:
        text = draw(st.sampled_from(entry.values))
    elif draw(st.integers(0, 2)):
        text = draw(within(entry))
    else:
        unit = draw(st.sampled_from([*_UNITS.get(entry.type, []), ""]))
        text = draw(st.sampled_from(_NUMBERS)) + draw(st.sampled_from(["", "", " "])) + unit
    quote = draw(st.sampled_from(["", "'"])) if " " not in text else "'"
    equals = draw(st.sampled_from([" = ", "=", " ", "\t=\t"]))
    return Line(
        name,
        text,
        f"{_spelled(name)}{equals}{quote}{text}{quote}{draw(st.sampled_from(['', ' # why']))}",
    )


@st.composite
def _fitting(draw: st.DrawFn) -> Line:
    name = draw(st.sampled_from(sorted(_TOGETHER)))
    return _written(name, draw(st.sampled_from(_TOGETHER[name])))


@st.composite
def _wrong(draw: st.DrawFn) -> Line:
    if draw(st.booleans()):
        line = draw(st.sampled_from(_LINES))
        return Line(line.partition(" ")[0], "", line)
    return _written(draw(st.sampled_from(_NAMES)), draw(st.sampled_from(_WRONG)))


def _written(name: str, text: str) -> Line:
    return Line(name, text, f"{_spelled(name)} = {text}")


def _spelled(name: str) -> str:
    """One spelling of each name: a bad value that another spelling repeats is looked at all the same."""
    return name.upper() if len(name) % 2 else name


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    lines = draw(st.lists(_line(), min_size=1, max_size=3))
    lines += draw(st.lists(_fitting(), max_size=2))
    if draw(st.integers(0, 3)) == 0:
        lines.insert(draw(st.integers(0, len(lines))), draw(_wrong()))
    return Case(tuple(lines))


_SPELLED = [
    Case((_written(name, text),))
    for name, texts in {
        "work_mem": ["1gb", "64mb", "64M", "4.5GB", "12 GB", "10e3", "'4.5GB'", "'12 GB'", "64", "0x40", "100.7"],
        "statement_timeout": ["5m", "30", "'30 s'"],
        "checkpoint_timeout": ["900"],
        "shared_buffers": ["16384"],
        "max_wal_size": ["1024"],
    }.items()
    for text in texts
] + [
    Case((Line("work_mem", "64MB", "work_mem 64MB"),)),
    Case((_written("work_mem", "4MB"), _written("work_mem", "8MB"))),
    Case((Line("work_mem", "8MB", "-c work_mem=8MB"), _written("work_mem", "4MB"))),
    Case((Line("work_mem", "7MB", "ALTER SYSTEM work_mem = '7MB'"), _written("work_mem", "9MB"))),
    Case((_written("max_connections", "5"), _written("superuser_reserved_connections", "5"))),
    Case((_written("wal_level", "minimal"),)),
    Case((_written("wal_level", "minimal"), _written("max_wal_senders", "0"), _written("archive_mode", "on"))),
    Case((_written("min_wal_size", "2GB"), _written("max_wal_size", "1GB"))),
    Case((_written("max_parallel_workers", "100"), _written("max_worker_processes", "8"))),
    Case((_written("max_stack_depth", "100MB"),)),
]  # fmt: skip

_AUTO = "ALTER SYSTEM "


def files(case: Case) -> dict[str, str]:
    own = [w for line in case.lines if not (w := line.written).startswith(("-c ", _AUTO))]
    auto = [w.removeprefix(_AUTO) for line in case.lines if (w := line.written).startswith(_AUTO)]
    return {name: "".join(f"{line}\n" for line in lines)
            for name, lines in {"postgresql.conf": own, "postgresql.auto.conf": auto}.items() if lines or name == "postgresql.conf"}  # fmt: skip


def command(case: Case) -> list[str]:
    words = [
        word
        for line in case.lines
        if line.written.startswith("-c ")
        for word in line.written.split()
    ]
    return ["postgres", *words] if words else []


def ask(cases: Sequence[Case], programs: Path | None = None) -> Iterator[Answer]:
    with folder_of_nobody() as folder:
        cluster = Postgres(folder, programs).create()
        for case in cases:
            texts = {"postgresql.auto.conf": "", **files(case)}
            for name, text in texts.items():
                path = (cluster.data if "auto" in name else folder) / name
                path.write_text(text)
                path.chmod(0o644)
            refused = cluster.tried("port", *command(case)[1:])
            yield Answer(refused.stderr.decode()) if refused.returncode else _started(cluster, case)


def _started(cluster: Postgres, case: Case) -> Answer:
    try:
        with cluster.running(*command(case)[1:]):
            rows = cluster.ask("SELECT name, setting FROM pg_settings")
    except RuntimeError as problem:
        return Answer(str(problem))
    return Answer(held={row["name"]: _held(row) for row in rows if SCHEMA.entry(row["name"])})


def _held(row: dict[str, str]) -> Held:
    entry = SCHEMA.entry(row["name"])
    assert entry
    return told(row["setting"], entry)


ORACLE = Oracle(
    "postgresql", "postgres", "postgresql", _cases(), _SPELLED, ask, files, command,
    refusing=["postgresql-parameter-gone", "postgresql-reserved-swallow-connections", "postgresql-wal-level-refused", "postgresql-value-out-of-range"],
)  # fmt: skip


def of(programs: Path) -> Oracle:
    """The same questions to another version: the folder of its `initdb` and `postgres`."""
    words = [str(programs / "postgres"), "--version"]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    version = re.findall(r"\d+(?:\.\d+)+", said)[0]
    return replace(ORACLE, ask=partial(ask, programs=programs), version=lambda: version)
