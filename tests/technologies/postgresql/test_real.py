"""The reader against running servers of PostgreSQL: what they say of their own files."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Word
from plimsoll.model.schema import Type
from plimsoll.model.setting import Formula, Setting, Status, Unread, Unset, Value
from plimsoll.model.version import Version
from plimsoll.stack.expand import Expansion
from plimsoll.stack.files import Folder
from plimsoll.stack.settle import held, settled
from plimsoll.technologies import technology
from plimsoll.technologies.postgresql.reader import READER
from plimsoll.technologies.postgresql.values import AUTOMATIC
from support.counts import drawn
from support.programs import need
from support.servers import Postgres, folder_of_nobody

pytestmark = pytest.mark.real

POSTGRESQL = technology("postgresql")
assert POSTGRESQL is not None
SCHEMA = POSTGRESQL.schema

UNITS: dict[str, int | Fraction] = {"B": 1, "kB": 1024, "8kB": 8192, "MB": 1024**2}
UNITS |= {"ms": Fraction(1, 1000), "s": 1, "min": 60}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Postgres]:
    need("initdb", "postgresql")
    with folder_of_nobody() as folder:
        made = Postgres(folder).create()
        (made.data / "postgresql.conf").unlink()
        yield made


def lay(cluster: Postgres, files: dict[str, str]) -> None:
    """The cluster's configuration: only *files*, by path in its folder."""
    for old in cluster.folder.iterdir():
        if old.suffix == ".conf":
            old.unlink()
        elif old.is_dir() and old.name != "data":
            shutil.rmtree(old)
    (cluster.data / "postgresql.auto.conf").unlink(missing_ok=True)
    for name, text in {"postgresql.conf": "", **files}.items():
        path = cluster.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        path.chmod(0o644)


def what_we_read(cluster: Postgres, *arguments: str) -> tuple[list[Setting], list[Unread]]:
    """What the stack makes of the cluster's files and of a command line."""
    expansion = Expansion(Folder(cluster.folder, excluded=("data/base/**", "data/global/**")))
    settings = expansion.file("postgresql.conf", READER)
    if (cluster.data / "postgresql.auto.conf").exists():
        settings += expansion.file("data/postgresql.auto.conf", READER)
    assert READER.arguments
    words = [Word("postgres"), *map(Word, arguments)]
    settings += expansion.items(READER.arguments(words, {}), READER, "")
    return settled(READER, SCHEMA, settings), expansion.unread


FILES = {
    "postgresql.conf": """\
# comment
Max_Connections 57        # no equals sign
shared_buffers = 16MB
work_mem = 5MB
work_mem='6MB'            # the last one wins
include 'more.conf'
include_if_exists 'absent.conf'
include_dir = 'conf.d'
commit_delay = 0x1F
log_line_prefix = 'it''s \\'%m\\' \\t\\101 '
statement_timeout = '30 s'
checkpoint_timeout = 900
effective_cache_size = '1.5GB'
random_page_cost = 1.1e0
unix_socket_permissions = 0770
autovacuum_vacuum_cost_delay = '2500us'
vacuum_cost_delay = 0.25
auto_explain.log_min_duration = '3s'
bgwriter_delay = 100.7
datestyle = 'ISO, DMY'
TIMEZONE = 'UTC'
wal_level = hot_standby
fsync = of
synchronous_commit = 'tru'
synchronous_commit = yes
jit_above_cost = -1
lock_timeout = 2000
idle_in_transaction_session_timeout = 0
temp_file_limit = -1
vacuum_mem = 70MB
log_filename = caf\u00e9
""",
    "more.conf": "work_mem = 1gb\nwork_mem = 7MB\ndeadlock_timeout = 2s\n",
    "conf.d/20.conf": "work_mem = 9MB\nlock_timeout = 3s\r\nmax_wal_size = 2048",
    "conf.d/10.conf": "work_mem = 8MB\ntemp_buffers = 1024\n",
    "conf.d/.hidden.conf": "work_mem = 1MB\n",
    "conf.d/Z.conf": "cpu_tuple_cost = .02\n",
    "conf.d/note.txt": "work_mem = 2MB\n",
    "data/postgresql.auto.conf": "work_mem = '10MB'\nbgwriter_lru_maxpages = '50'\n",
}
RENAMED = {"maintenance_work_mem": "vacuum_mem"}  # by its old name in the file
COMMAND = ("-c", "deadlock_timeout=4s", "--random-page-cost=1.5", "-N", "58", "-S", "2048")


def test_files_are_read_as_pg_file_settings_says(cluster: Postgres) -> None:
    lay(cluster, FILES)
    with cluster.running():
        rows = cluster.ask("SELECT * FROM pg_file_settings ORDER BY seqno")
    theirs = [
        (
            row["sourcefile"].removeprefix(f"{cluster.folder}/"),
            int(row["sourceline"]),
            row["name"].lower(),
            row["setting"],
            row["applied"] == "t",
        )
        for row in rows
    ]
    settings, unread = what_we_read(cluster)
    ours = []
    for each in settings:
        assert each.place
        applied = each.status is Status.EFFECTIVE
        name = RENAMED.get(each.name, each.name.lower())
        ours.append((each.place.path, each.place.span.line, name, each.text, applied))
    assert unread == []
    assert ours == theirs


def is_same(ours: Value, setting: str, row: Mapping[str, str]) -> bool:
    """Whether a value is what pg_settings has in *setting*, in the unit of *row*."""
    entry = SCHEMA.entry(row["name"])
    assert entry
    if isinstance(ours, Formula | Unset):
        return row["name"] in COMPUTED
    if isinstance(ours, bool):
        return setting == ("on" if ours else "off")
    if not isinstance(ours, Amount):
        return ours == setting
    if ours.low == UNLIMITED:
        return setting in entry.infinite
    is_octal = setting.startswith("0") and setting.isdigit()
    number = Fraction(int(setting, 8)) if is_octal else Fraction(setting)
    return ours.low == number * UNITS.get(row["unit"], 1)


# What settings.yaml gives as a formula, or not at all: the server's word is another.
COMPUTED = {
    n for n, e in SCHEMA.entries.items() if isinstance(e.default(Version("15")), Formula | Unset)
}


def test_running_values_are_ours(cluster: Postgres) -> None:
    lay(cluster, FILES)
    with cluster.running(*COMMAND):
        rows = cluster.ask(
            "SELECT * FROM pg_settings WHERE source IN ('configuration file', 'command line')"
        )
    settings, _ = what_we_read(cluster, *COMMAND)
    ours = {each.name: each for each in held(settings, READER).values()}
    wrong = []
    for row in rows:
        if row["name"] in OF_THE_TEST:
            continue
        each = ours.pop(row["name"])
        assert each.value is not None
        if not is_same(each.value, row["setting"], row):
            wrong.append((each, row["setting"]))
        if row["sourceline"]:
            place = each.place
            assert place
            assert row["sourcefile"].endswith(f"/{place.path}")
            assert place.span.line == int(row["sourceline"])
    assert wrong == []
    assert set(ours) - OF_THE_TEST == {"auto_explain.log_min_duration"}


# What the test itself says on the command line.
OF_THE_TEST = {"config_file", "listen_addresses", "fsync", "unix_socket_directories"}


def test_defaults_are_those_of_a_server_without_a_file(cluster: Postgres) -> None:
    lay(cluster, {})
    with cluster.running():
        rows = cluster.ask("SELECT * FROM pg_settings")
        names = cluster.ask("SELECT lower(name) AS name FROM pg_settings")
    wrong = []
    for row in rows:
        entry = SCHEMA.entry(row["name"])
        assert entry, row["name"]
        default = entry.default(Version("15"))
        if row["name"] in OF_THE_BUILD or isinstance(default, Formula | Unset):
            continue
        if row["name"].startswith("tcp_keepalives") or row["name"] == "max_stack_depth":
            continue  # boot_val only says that the system decides
        if not is_same(default, row["boot_val"], row):
            wrong.append((row["name"], default, row["boot_val"]))
    assert wrong == []
    assert len(names) > 300


OF_THE_BUILD = {"unix_socket_directories", "krb_server_keyfile", "dynamic_library_path"}
OF_THE_BUILD |= {"log_timezone", "TimeZone", "ssl_ciphers", "segment_size"}


# Name, raw text behind the = of a file. Whether the server takes it, and as what, it says itself.
VALUES = [
    *(("work_mem", raw) for raw in (
        "64", "64kB", "1gb", "64mb", "64M", "64KB", "4.5GB", "12 GB", "'12 GB'", "' 12  GB '",
        "'1.5GB'", "'0.3GB'", "'4.35GB'", "'70001B'", "10e3", "'10e3'", "'1e2MB'", "0x40", "0x40kB",
        "'0x1.8MB'", "0100", "'0100.0'", "09", "'09'", "'09.5'", "100.7", "100.5", "101.5", "+64",
        "-1", "63", "2147483647", "2147483648", "2TB", "1TB", "''", "'64'", "'64 '", "1e5.", "5.",
        ".5e3", "'.5e3'", ".", "64 kB", "64;", "'64'kB", "nan", "'inf'", "x", "64_", "'1e400'",
        "'64kB x'", "'64\\kB'", "'6''4'", "'\\066\\064'", "= 64", "64\r",
    )),
    *(("statement_timeout", raw) for raw in (
        "30", "30s", "'30 s'", "5m", "5min", "1.5s", "'1.5s'", "'1500us'", "1d", "1h", "30S", "0",
        "0s", "-1", "'0.4'", "25d", "24d", "10 s", "1us", "'499us'", "'501us'", "'1.0005s'",
    )),
    *(("checkpoint_timeout", raw) for raw in ("900", "15min", "29", "30", "'29500ms'", "'0.5min'")),
    *(("autovacuum_vacuum_cost_delay", raw) for raw in (
        "2", "2.5", "'2.5ms'", "'1.0005ms'", "-1", "-0.5", "100", "100.1", "'1s'", "'0.05s'", "0x2",
    )),
    *(("random_page_cost", raw) for raw in ("4", "1.1", "1.1e1", "'1.1e1'", "1e1", "'1e1'", "-1", "1kB")),
    *(("fsync", raw) for raw in (
        "on", "of", "o", "t", "TRUE", "'tru'", "y", "n", "no", "fals", "0", "1", "01", "' on'", "2",
        "offf", "''",
    )),
    *(("wal_level", raw) for raw in (
        "replica", "Replica", "repl", "hot_standby", "ARCHIVE", "'minimal'", "logical ", "on",
    )),
    *(("synchronous_commit", raw) for raw in ("on", "true", "TRUE", "yes", "1", "tru", "0", "no", "local")),
    *(("client_min_messages", raw) for raw in ("debug", "DEBUG2", "info", "error", "fatal")),
    *(("max_connections", raw) for raw in ("100", "100.7", "1e2", "0x64", "100kB", "0", "1", "262144")),
    *(("shared_buffers", raw) for raw in ("16384", "128MB", "'1.5MB'", "'100kB'", "127kB", "128kB")),
    *(("max_wal_size", raw) for raw in ("1024", "1GB", "'1500kB'", "'2500kB'", "2")),
    *(("log_min_duration_statement", raw) for raw in ("-1", "0", "'250ms'", "1s", "-2")),
    *(("max_slot_wal_keep_size", raw) for raw in ("-1", "10GB", "'-1MB'")),
    *(("unix_socket_permissions", raw) for raw in ("0777", "0770", "511", "777", "0999")),
    *(("listen_addresses", raw) for raw in (
        "*", "'*'", "localhost", "127.0.0.1", "a.b", "'a.b'", "en_US.UTF-8", "a:b/c-d", "''", "'a' b",
        "'a", "'a\\", "caf\u00e9", "'\\303\\251'", "'a\\000b'", "'a\\8'", "a'b'", "x=y", "a#b", "'#'",
    )),
]  # fmt: skip


@pytest.mark.parametrize("name", sorted({name for name, _ in VALUES}))
def test_values_are_taken_and_refused_as_by_the_server(cluster: Postgres, name: str) -> None:
    entry = SCHEMA.entry(name)
    assert entry
    wrong = []
    for raw in [raw for of, raw in VALUES if of == name]:
        lay(cluster, {"postgresql.conf": f"{name} = {raw}\n"})
        theirs = cluster.shown(name)
        settings, unread = what_we_read(cluster)
        assert unread == []
        ours = settings[0] if settings[0].status is Status.EFFECTIVE else None
        if (theirs is None) != (ours is None):
            wrong.append((raw, theirs, settings[0].reason))
        elif ours is not None and theirs is not None and not _agrees(ours, theirs):
            wrong.append((raw, theirs, str(ours.value)))
    assert wrong == []


def _agrees(ours: Setting, theirs: str) -> bool:
    entry = SCHEMA.entry(ours.name)
    assert entry
    if not isinstance(ours.value, Amount):
        shown = (
            {True: "on", False: "off"}.get(ours.value)
            if isinstance(ours.value, bool)
            else ours.value
        )
        return shown == theirs or ours.name in AUTOMATIC
    if ours.value.low == UNLIMITED:
        return theirs in entry.infinite
    return ours.value.low == Fraction(theirs) * Fraction(entry.scale or 1)


TWICE = {
    "a bad value that a later line repeats": ("work_mem = 1gb\nwork_mem = 4MB\n", True),
    "a bad value that repeats a good one": ("work_mem = 4MB\nwork_mem = 1gb\n", False),
    "a syntax error that a later line repeats": ("work_mem = 1 GB\nwork_mem = 4MB\n", False),
    "a name that nobody may set": ("block_size = 8192\n", False),
    "a name of an extension": ("my.thing = 5\n", True),
    "a name with two dots": ("my.very.thing = 5\n", False),
    "a name that does not exist": ("max_fsm_pages = 5\n", False),
    "an empty include": ("include ''\n", False),
    "an absent include": ("include 'absent.conf'\n", False),
    "an absent include that may be": ("include_if_exists 'absent.conf'\n", True),
    "an include without quotes": ("include absent.conf\n", False),
    "a byte order mark": ("\ufeffwork_mem = 4MB\n", False),
    "a line that is no setting": ("hello world again\n", False),
    "a dash in a name": ("work-mem = 4MB\n", False),
    "a form feed": ("work_mem = 4MB\f\n", False),
}


@pytest.mark.parametrize("case", TWICE)
def test_files_are_refused_as_by_the_server(cluster: Postgres, case: str) -> None:
    text, starts = TWICE[case]
    lay(cluster, {"postgresql.conf": text})
    settings, unread = what_we_read(cluster)
    unknown = [s for s in settings if "." not in s.name and SCHEMA.entry(s.name) is None]
    refused = [s for s in settings if s.status is Status.REFUSED]
    assert (cluster.shown("port") is not None) is starts
    assert (not unread and not refused and not unknown) is starts


def test_bad_value_in_a_file_is_refused_whatever_the_command_line_says(cluster: Postgres) -> None:
    lay(cluster, {"postgresql.conf": "work_mem = 1gb\n"})
    settings, _ = what_we_read(cluster, "-c", "work_mem=4MB")
    assert cluster.shown("work_mem", "-c", "work_mem=4MB") is None
    assert settings[0].status is Status.REFUSED


COMMANDS = [
    ("work_mem", ("-S", "2048")),
    ("work_mem", ("-S2048",)),
    ("work_mem", ("--work-mem=2MB",)),
    ("work_mem", ("-c", "work-mem=2MB")),
    ("work_mem", ("-cwork_mem=2MB",)),
    ("work_mem", ("-c", "work_mem=2MB", "--work_mem=3MB")),
    ("max_connections", ("-N", "50")),
    ("shared_buffers", ("-B", "1000")),
    ("port", ("-p", "6000")),
    ("fsync", ("-F",)),
    ("max_connections", ("-FN", "50")),
    ("listen_addresses", ("-i",)),
    ("listen_addresses", ("-h", "10.0.0.1")),
    ("ssl", ("-c", "ssl=off")),
    ("enable_seqscan", ("-fs",)),
    ("enable_hashjoin", ("-f", "h")),
    ("log_parser_stats", ("-tpa",)),
    ("unix_socket_directories", ("-k", "/run/x, /tmp")),
]


@pytest.mark.parametrize(("name", "words"), COMMANDS, ids=[" ".join(w) for _, w in COMMANDS])
def test_command_line_is_read_as_by_the_server(
    cluster: Postgres, name: str, words: tuple[str, ...]
) -> None:
    lay(cluster, {"postgresql.conf": "work_mem = 9MB\nmax_connections = 99\n"})
    theirs = cluster.shown(name, *words)
    settings, _ = what_we_read(cluster, *words)
    [ours] = [s for s in settings if s.name == name and s.status is Status.EFFECTIVE]
    assert theirs is not None
    assert _agrees(ours, theirs)


PIECES = [
    "work_mem", "a", "A_1", "my.thing", "a.b.c", "x-y", "=", "==", " ", "  ", "\t", "\r", "#", "# c",
    "'", "''", "'a'", "'a''b'", "\\", "'\\''", "'\\101'", "1", "-5", "0x1F", "1.5", "1.5e3", "1e3",
    ".", "1kB", "on", "localhost", "a/b:c-d", ";", "*", "\u00e9", "$x", "\f",
]  # fmt: skip


def test_lines_are_cut_as_by_the_server(cluster: Postgres) -> None:
    chance = random.Random(1876)
    lay(cluster, {})
    with cluster.running():
        for _ in range(12):
            # After 100 errors the server gives a file up.
            lines = ["".join(chance.choices(PIECES, k=chance.randint(1, 6))) for _ in range(95)]
            lay(cluster, {"postgresql.conf": "\n".join([*lines, ""])})
            said = cluster.tried("port").stderr.decode("utf-8", "surrogateescape")
            wrong = {int(n) for n in re.findall(r'syntax error in file "[^"]*" line (\d+)', said)}
            kept = ["" if n in wrong else line for n, line in enumerate(lines, start=1)]
            lay(cluster, {"postgresql.conf": "\n".join(kept)})
            rows = cluster.ask("SELECT * FROM pg_file_settings WHERE name IS NOT NULL")
            right = {int(r["sourceline"]): (r["name"].lower(), r["setting"]) for r in rows}
            ours = _as_the_server_cuts("\n".join(lines))
            odd = sorted(ours[0] ^ wrong)
            assert [(n, lines[n - 1]) for n in odd] == []
            assert ours[1] == right


def _as_the_server_cuts(text: str) -> tuple[set[int], dict[int, tuple[str, str]]]:
    """Lines that are an error, and name and text of each that is a setting."""
    wrong, right = set(), {}
    for item in READER.read(text, "postgresql.conf"):
        assert item.place
        line = item.place.span.line
        if isinstance(item, Setting) and item.status is Status.EFFECTIVE:
            right[line] = (item.name.lower(), item.text)
        else:
            wrong.add(line)
    return wrong, right


# -- drawn: whole files over many settings

# What may be set without a file, a neighbour or the machine having to fit, and has the same bounds
# in every version.
_FREE = {
    "work_mem", "temp_buffers", "statement_timeout", "lock_timeout", "deadlock_timeout",
    "checkpoint_timeout", "checkpoint_completion_target", "random_page_cost", "seq_page_cost", "effective_cache_size",
    "fsync", "full_page_writes", "synchronous_commit", "autovacuum", "autovacuum_naptime", "vacuum_cost_delay",
    "autovacuum_vacuum_cost_delay", "autovacuum_vacuum_scale_factor", "log_min_duration_statement", "temp_file_limit",
    "max_standby_streaming_delay", "wal_keep_size", "max_slot_wal_keep_size", "idle_session_timeout", "jit",
    "hash_mem_multiplier", "log_rotation_age", "bgwriter_delay", "commit_delay", "enable_seqscan",
    "wal_receiver_timeout", "wal_sender_timeout", "cursor_tuple_fraction", "log_statement",
    "constraint_exclusion", "bytea_output", "gin_pending_list_limit", "vacuum_freeze_min_age", "join_collapse_limit",
    "default_statistics_target", "effective_io_concurrency", "parallel_setup_cost", "logical_decoding_work_mem",
}  # fmt: skip
_KNOWN = [entry for name in sorted(_FREE) if (entry := SCHEMA.entry(name)) is not None]
_NOTATIONS = {
    Type.SIZE: ["kB", "MB", "GB"],
    Type.TIME: ["ms", "s", "min", "h", "us", "d"],
    Type.COUNT: [""],
    Type.NUMBER: [""],
}


@st.composite
def _line(draw: st.DrawFn, *, is_wild: bool = False) -> str:
    entry = draw(st.sampled_from(_KNOWN))
    quote = draw(st.sampled_from(["", "'"]))
    if entry.type is Type.BOOLEAN:
        value = draw(st.sampled_from(["on", "OFF", "true", "f", "yes", "0"]))
    elif entry.type is Type.ENUM:
        value = draw(st.sampled_from(entry.values))
    else:
        number = draw(
            st.sampled_from(
                ["0", "1", "5", "64", "100", "900", "1.5", "0.25", "-1", "0x20", "1e2", "010"]
            )
        )
        units = [*_NOTATIONS[entry.type], ""]
        value = number + draw(st.sampled_from(["", " "])) + draw(st.sampled_from(units))
    if is_wild:
        value = draw(
            st.sampled_from(
                ["1gb", "5m", "64M", "fast", "1 2", "", "10 kb", "1.5.2", "0x", "--1", "NaN"]
            )
        )
    equals = draw(st.sampled_from([" = ", "=", " ", "\t=\t", "  "]))
    # One spelling of each name: a bad value that another spelling repeats is looked at all the same.
    name = entry.name.upper() if len(entry.name) % 2 else entry.name
    return f"{name}{equals}{quote}{value}{quote}{draw(st.sampled_from(['', ' # why', '  ']))}"


_QUIET = st.sampled_from(
    ["", "# a comment", "my_module.thing = 'x'", "   ", "include_if_exists 'none.conf'"]
)
_ODD = st.sampled_from(
    ["work_mem", "= 5", "work_mem == 5MB", "no_such_name = 1", "work_mem = 'x", "[postgresql]", "work-mem = 5MB", "include none.conf"]
)  # fmt: skip


def _refusal(settings: Sequence[Setting], unread: Sequence[Unread]) -> list[str]:
    """Why we say that the server does not start."""
    unknown = [s for s in settings if "." not in s.name and SCHEMA.entry(s.name) is None]
    bad = [s for s in settings if s.status in (Status.REFUSED, Status.UNKNOWN_NAME)]
    return [
        *map(str, unread),
        *(f"{s.place}: {s.name} = {s.text}: {s.reason}" for s in (*unknown, *bad)),
    ]


@drawn(6, 300)
@given(
    lines=st.lists(_line() | _QUIET, min_size=1, max_size=8),
    inner=st.lists(_line() | _QUIET, max_size=3),
    auto=st.lists(_line(), max_size=2),
    odd=st.none() | st.none() | _ODD | _line(is_wild=True),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_drawn_files_are_taken_and_refused_as_by_the_server(
    cluster: Postgres,
    lines: list[str],
    inner: list[str],
    auto: list[str],
    odd: str | None,
    end: str,
) -> None:
    middle = len(lines) // 2
    own = [*lines[:middle], "include_dir 'conf.d'", *([odd] if odd else []), *lines[middle:]]
    files = {"postgresql.conf": end.join(own) + end, "conf.d/a.conf": "\n".join(inner)}
    lay(cluster, files | {"data/postgresql.auto.conf": "\n".join(auto)})
    settings, unread = what_we_read(cluster)
    mine = _refusal(settings, unread)
    ours = held([s for s in settings if s.status is Status.EFFECTIVE], READER)
    asked = next(iter(ours.values())).name if ours else "port"
    theirs = cluster.tried(asked)
    said = theirs.stderr.decode("utf-8", "surrogateescape")
    assert bool(mine) is (theirs.returncode != 0), (files, auto, mine, said)
    if not mine and ours and SCHEMA.entry(asked):
        answer = theirs.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")
        assert _agrees(next(iter(ours.values())), answer), (files, auto, asked, answer)
