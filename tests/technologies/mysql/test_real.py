"""The reader against MariaDB: my_print_defaults says who wins, the server itself what values become."""

from __future__ import annotations

import subprocess
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Word
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Origin, Setting, Status, Unread
from plimsoll.model.version import Version
from plimsoll.stack.expand import Expansion
from plimsoll.stack.files import Folder
from plimsoll.stack.settle import held, settled
from plimsoll.syntax.text import encoded
from plimsoll.technologies import technology
from plimsoll.technologies.mysql.groups import GROUP
from plimsoll.technologies.mysql.names import option
from plimsoll.technologies.mysql.options import REQUIRED, SIGNED
from plimsoll.technologies.mysql.reader import READER, read
from support.counts import drawn
from support.mariadb import REALS, variables
from support.programs import need

pytestmark = pytest.mark.real

MYSQL = technology("mysql")
assert MYSQL is not None
SCHEMA = MYSQL.schema
_SECONDS = 30


@pytest.fixture(scope="module", autouse=True)
def _server() -> None:
    need("mariadbd", "mariadb-server-core")
    need("my_print_defaults", "mariadb-client-core")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mysql")


def run(*words: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        list(map(str, words)), capture_output=True, timeout=_SECONDS, check=False, cwd="/"
    )


@cache
def version() -> Version:
    said = run(need("mariadbd", "mariadb-server-core"), "--version").stdout.decode()
    return Version(said.partition("Ver ")[2])


@cache
def untouched() -> dict[str, str]:
    said = variables("--no-defaults")
    assert isinstance(said, dict)
    return said


def ours(text: str) -> list[Setting]:
    found = list(read(text, "my.cnf"))
    assert all(isinstance(item, Setting) for item in found)
    return settled(READER, SCHEMA, [i for i in found if isinstance(i, Setting)], version())


def shown(setting: Setting) -> str:
    """A value as the server's table has it."""
    entry = SCHEMA.entry(setting.name)
    value = setting.value
    assert entry
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if not isinstance(value, Amount):
        return str(value)
    if value.low == UNLIMITED:
        return entry.infinite[0]
    number = Fraction(value.low) / Fraction(entry.scale or 1)
    is_real = entry.name in REALS or entry.type is Type.NUMBER
    return f"{float(number):.6g}" if is_real else str(number)


# What depends on this machine or on other settings, is the other name of one, or brings 10.11 down.
NOT_ASKED = {
    "aria_checkpoint_interval", "aria_log_dir_path", "back_log", "core_file", "log_bin",
    "lower_case_table_names", "log_warnings", "max_connections", "max_relay_log_size",
    "max_session_mem_used", "open_files_limit", "port", "slave_parallel_threads",
    "table_open_cache", "table_open_cache_instances", "thread_cache_size", "tmp_memory_table_size",
    "innodb_open_files", "log_slow_query_time", "log_slow_min_examined_row_limit", "verbose",
    "log_slow_query", "optimizer_adjust_secondary_key_costs", "max_binlog_size", "memlock",
    "slave_parallel_mode", "performance_schema_max_statement_classes",
    "ignore_builtin_innodb", "thread_pool_size", "max_digest_length", "large_pages", "host_cache_size",
}  # fmt: skip


@cache
def entries() -> list[Entry]:
    kinds = {Type.BOOLEAN, Type.ENUM, Type.COUNT, Type.SIZE, Type.TIME, Type.NUMBER}
    known = untouched()
    return [
        entry
        for entry in SCHEMA.entries.values()
        if entry.type in kinds
        and entry.exists_in(version())
        and entry.name in known
        and entry.name not in NOT_ASKED
        and not entry.name.startswith(("wsrep_", "debug_"))
    ]


def test_every_option_of_the_server_is_a_setting() -> None:
    not_options = {"large_files_support", "lower_case_file_system", "protocol_version", "server_uid",
                   "system_time_zone", "wsrep_patch_version", "help", "verbose", "version"}  # fmt: skip
    names = {n for n in untouched() if not n.startswith("version_")} - not_options
    known = {e.name for e in SCHEMA.entries.values() if e.exists_in(version())}
    assert {n for n in names if n} <= known | {"getopt_prefix_matching"}


def test_defaults_are_the_servers() -> None:
    wrong = []
    for entry in entries():
        default = SCHEMA.default(entry.name, version())
        assert default
        theirs = untouched()[entry.name]
        if not str(default.value).startswith("s.") and shown(default) != theirs:
            wrong.append((entry.name, default.value, theirs))
    assert wrong == [], wrong


def numbers(entry: Entry) -> st.SearchStrategy[str]:
    plain = st.integers(0, 40) | st.integers(0, 10**6) | st.integers(0, 10**11)
    if entry.name in REALS or entry.type is Type.NUMBER:
        return st.sampled_from(["1", "1.5", "0", ".5", "2e1", "+3", "10", ""])
    suffixed = st.tuples(
        st.integers(0, 99), st.sampled_from("kKmMgG"), st.sampled_from(["", "B", "b x"])
    )
    return (
        plain.map(str)
        | suffixed.map(lambda t: f"{t[0]}{t[1]}{t[2]}")
        | st.sampled_from(["+7", "007", ""])
    )


def good(entry: Entry) -> st.SearchStrategy[str]:
    """Values that the server takes for *entry*, some of which it changes."""
    if entry.type is Type.BOOLEAN:
        return st.sampled_from(["ON", "off", "1", "0", "true", "False", "'ON'", "OFF # x"])
    if entry.type is Type.ENUM:
        words = [w for w in entry.values if w]
        index = st.integers(0, len(entry.values) - 1).map(str)
        return st.sampled_from([*words, *map(str.upper, words), *map(str.lower, words)]) | index
    return numbers(entry)


def bad(entry: Entry) -> st.SearchStrategy[str]:
    if entry.type is Type.ENUM:
        return st.sampled_from(["no such word", "99", "-1", "1x"])
    if entry.name in REALS or entry.type is Type.NUMBER:
        return st.sampled_from(["abc", "1k", "1.5.5", "x", "--1"])
    wrong = [
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
    ]
    return st.sampled_from([*wrong, *([] if entry.name in SIGNED else ["-5", "-1G"])])


PREFIXES = ["", "loose_", "LOOSE-"]


@st.composite
def written(draw: st.DrawFn) -> tuple[str, str]:
    """A setting's name, and a line that sets it."""
    entry = draw(st.sampled_from(entries()))
    name = entry.name.replace("_", draw(st.sampled_from("-_")))
    if entry.type is Type.BOOLEAN and entry.name not in REQUIRED and draw(st.booleans()):
        line = draw(st.sampled_from(["", "skip-", "disable_", "enable-", "loose-skip_"])) + name
        return entry.name, line + draw(st.sampled_from(["", "", " = 0", "=1"]))
    return entry.name, f"{draw(st.sampled_from(PREFIXES))}{name} = {draw(good(entry))}"


@drawn(few=8, many=120)
@given(said=st.lists(written(), min_size=1, max_size=8))
def test_values_are_the_servers(folder: Path, said: list[tuple[str, str]]) -> None:
    text = "[mysqld]\n" + "".join(f"{line}\n" for _, line in said)
    (folder / "my.cnf").write_text(text)
    theirs = variables(f"--defaults-file={folder}/my.cnf")
    assert isinstance(theirs, dict), theirs
    found = ours(text)
    assert [s for s in found if s.status in (Status.REFUSED, Status.UNKNOWN_NAME)] == []
    effective = {s.name: s for s in found if s.status is Status.EFFECTIVE}
    for name in {name for name, _ in said}:
        expected = shown(effective[name]) if name in effective else untouched()[name]
        assert theirs[name] in (expected, untouched()[name] if expected == "" else expected), text


@st.composite
def wrong_line(draw: st.DrawFn) -> str:
    others = [e for e in entries() if e.type is not Type.BOOLEAN]
    numeric = [e for e in others if not option(f"{e.name}_x").is_of_a_plugin]
    entry = draw(st.sampled_from(numeric))
    name = entry.name
    kind = draw(st.integers(0, 5))
    if kind < 3:
        return f"{name} = {draw(bad(entry))}"
    if kind == 3:
        return f"{name}_x = {draw(st.integers(0, 9))}"
    if kind == 4:
        return draw(st.sampled_from(["--", "-", "no-such-", "x_"])) + name + " = 1"
    return draw(
        st.sampled_from(["tmpdir", "slow_query = 1", "table_open = 5", "set-variable = port=1"])
    )


@drawn(few=8, many=120)
@given(line=wrong_line())
def test_what_the_server_refuses_is_refused(folder: Path, line: str) -> None:
    (folder / "wrong.cnf").write_text(f"[mysqld]\n{line}\n")
    theirs = variables(f"--defaults-file={folder}/wrong.cnf")
    [found] = ours(f"[mysqld]\n{line}\n")
    is_bad = found.status in (Status.REFUSED, Status.UNKNOWN_NAME)
    assert is_bad is isinstance(theirs, str), (line, theirs if isinstance(theirs, str) else found)


PIECES = ["x1", "x2", "=", " ", "\t", "'", '"', "\\", "#", ";", "a b", "\r", "\\t", "\\s", "\\\\", "\\q",
          "\v", "é", "[", "]", "!", "\\'", '\\"', "=x", ":"]  # fmt: skip
GROUPS = [
    "[mysqld]",
    "[server] # x",
    "[MYSQLD ]",
    "[client]",
    "[ mysqld]",
    "[mariadb]",
    "[mysqld-5.7]",
]


@st.composite
def option_files(draw: st.DrawFn) -> str:
    line = st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).map("".join)
    lines = draw(st.lists(line | st.sampled_from(GROUPS), max_size=12))
    return draw(st.sampled_from(GROUPS)) + "\n" + "".join(f"{each}\n" for each in lines)


def printed(settings: list[Setting], text: str) -> list[bytes]:
    """Effective options as my_print_defaults prints them; names as they are written."""
    rows = []
    for each in settings:
        assert each.place
        span = each.place.span
        written_ = text.split("\n")[span.line - 1][span.column - 1 :]
        name = written_[: len(each.name)]
        has_value = each.place.value is not None or written_[len(name) :].lstrip(
            " \t\r\v"
        ).startswith("=")
        rows.append(encoded(f"--{name}" + (f"={each.text}" if has_value else "")))
    return rows


@drawn(few=40, many=400)
@given(text=option_files())
def test_lines_are_cut_as_by_the_server(folder: Path, text: str) -> None:
    (folder / "cut.cnf").write_bytes(encoded(text))
    program = need("my_print_defaults", "mariadb-client-core")
    done = run(program, f"--defaults-file={folder}/cut.cnf", "--mariadbd")
    items = list(read(text, "cut.cnf"))
    if done.returncode:
        assert any(
            isinstance(i, Unread) or (isinstance(i, Setting) and i.status is Status.REFUSED)
            for i in items
        )
        return
    settings = READER.in_version([i for i in items if isinstance(i, Setting)], version())  # type: ignore[misc]
    mine = [s for s in settings if s.scope[-1].kind == GROUP and s.status is not Status.IGNORED]
    # A line without a name is an error of the server's, not of the file's.
    rows = done.stdout.split(b"\n")[:-1]
    theirs = [r for r in rows if r.startswith(b"--") and not r.startswith(b"--=")]
    assert printed(mine, text) == theirs


TREE = {
    "my.cnf": "[mysqld]\nport=1\n!includedir {0}/d\nback_log=5\n!include {0}/none.cnf\n[client]\nport=9\n",
    "d/b.cnf": "[mysqld]\nport=3\n[client]\nport=8\n",
    "d/a.cnf": "[mysqld]\nport=2\nconnect_timeout=4\n!include {0}/deep.cnf\n",
    "d/c.ini": "[mysqld]\nport=4\n",
    "d/9.cnf": "[mysqld]\nconnect_timeout=9\n",
    "d/B.cnf": "[mariadb]\nnet_retry_count=7\n",
    "deep.cnf": "[mysqld]\nwait_timeout=77\nback_log=6\n",
    "own.cnf": "[mysqld]\nport=11\n",
}
COMMANDS: list[tuple[str, ...]] = [
    ("--defaults-file={0}/my.cnf",),
    ("--defaults-file={0}/my.cnf", "--port=21", "--skip-name-resolve", "--net-retry-count", "5"),
    ("--defaults-file={0}/own.cnf", "-P", "22", "--loose-foo=1", "--back-log=7", "--back_log=8"),
    ("--no-defaults", "-P23", "--wait-timeout=5"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=range(len(COMMANDS)))
def test_files_and_command_lines_are_the_servers(tmp_path: Path, command: tuple[str, ...]) -> None:
    for name, text in TREE.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text.replace("{0}", str(tmp_path)))
    words = [word.replace("{0}", str(tmp_path)) for word in command]
    theirs = variables(*words)
    assert isinstance(theirs, dict), theirs
    assert READER.arguments
    expansion = Expansion(Folder(tmp_path))
    items = READER.arguments([Word("mariadbd"), *map(Word, words)], {})
    found = settled(READER, SCHEMA, expansion.items(items, READER, ""), version())
    mine = {n: s for n, s in held(found, READER).items() if n in theirs}
    assert mine
    assert {n: shown(s) for n, s in mine.items()} == {n: theirs[n] for n in mine}
    changed = {n for n, value in theirs.items() if value != untouched()[n]}
    assert changed - {"server_uid", "thread_cache_size", "table_open_cache"} <= set(mine)


@pytest.mark.parametrize("word", ["--defaults-file=/x", "--no-defaults"])
def test_what_says_which_files_has_to_come_first(word: str) -> None:
    assert READER.arguments
    words = ["--no-defaults", "--port=5", word]
    [*_, last] = READER.arguments([Word("mariadbd"), *map(Word, words)], {})
    assert isinstance(last, Setting)
    assert (last.status, last.origin) == (Status.REFUSED, Origin.COMMAND_LINE)
    assert isinstance(variables(*words), str)
