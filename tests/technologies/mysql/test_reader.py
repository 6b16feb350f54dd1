from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.place import Place, Span
from plimsoll.model.setting import Include, Setting, Status, Unknown, Unread
from plimsoll.model.version import Version
from plimsoll.stack import read_texts
from plimsoll.stack.expand import Expansion
from plimsoll.stack.files import Folder
from plimsoll.stack.settle import held, settled
from plimsoll.syntax.text import Lines, decoded, encoded
from plimsoll.technologies import technology
from plimsoll.technologies.mysql.lexer import lines
from plimsoll.technologies.mysql.reader import READER, read

MYSQL = technology("mysql")
assert MYSQL is not None
SCHEMA = MYSQL.schema
CASES = Path(__file__).resolve().parents[4] / "shared" / "cases"


def settings(text: str, path: str = "my.cnf") -> list[Setting]:
    found = list(read(text, path))
    assert all(isinstance(item, Setting) for item in found)
    return [item for item in found if isinstance(item, Setting)]


def own(text: str, version: str = "") -> list[Setting]:
    """What the server makes of lines of [mysqld]."""
    version_ = Version(version) if version else None
    return settled(READER, SCHEMA, settings("[mysqld]\n" + text), version_)


@pytest.mark.parametrize(
    ("line", "name", "text"),
    [
        ("max_connections=5", "max_connections", "5"),
        ("  Max-Connections\t=  5 \r", "max_connections", "5"),
        ("max_connections = 5 # five", "max_connections", "5"),
        ("max_connections = 5#five", "max_connections", "5"),
        ("init_connect = 'SET a # b'  # c", "init_connect", "SET a # b"),
        ('init_connect = "a \\"b\\" # c"', "init_connect", 'a "b" # c'),
        ("init_connect = it's # not a comment", "init_connect", "it's # not a comment"),
        ("init_connect = 'a\" # b", "init_connect", "'a\" # b"),
        ("init_connect = a ; b", "init_connect", "a ; b"),
        ("init_connect = a = b", "init_connect", "a = b"),
        (r"init_connect = a\nb\tc\sd\\e\qf", "init_connect", "a\nb\tc d\\e\\qf"),
        ("init_connect =", "init_connect", ""),
        ("init_connect = ''", "init_connect", ""),
        ("skip-name-resolve", "skip_name_resolve", "1"),
        ("skip_name_resolve = 0", "skip_name_resolve", "0"),
        ("skip-innodb-doublewrite", "innodb_doublewrite", "0"),
        ("skip-innodb-doublewrite = 0", "innodb_doublewrite", "1"),
        ("disable_innodb_doublewrite", "innodb_doublewrite", "0"),
        ("enable-innodb_doublewrite", "innodb_doublewrite", "1"),
        ("loose-skip-innodb-doublewrite", "innodb_doublewrite", "0"),
        ("skip-loose-innodb-doublewrite", "innodb_doublewrite", "1"),
        ("loose_max_connections = 5", "max_connections", "5"),
        ("query_cache_si = 16M", "query_cache_size", "16M"),
        ("key_buffer = 16M", "key_buffer_size", "16M"),
        ("max_conn = 7", "max_connections", "7"),
        ("log-bin", "log_bin", "1"),
        ("log-bin = /var/log/bin", "log_bin", "/var/log/bin"),
        ("slow_query_log", "slow_query_log", "1"),
    ],
)
def test_settings(line: str, name: str, text: str) -> None:
    [found] = settings(f"[mysqld]\n{line}\n")
    assert (found.name, found.text, found.status) == (name, text, Status.EFFECTIVE)


@pytest.mark.parametrize(
    ("line", "status", "reason"),
    [
        ("key_buffer = 16M", Status.EFFECTIVE, "key_buffer is short for key_buffer_size"),
        ("Key-Buff = 16M", Status.EFFECTIVE, "Key-Buff is short for key_buffer_size"),
        ("key_buffer = 1.5G", Status.REFUSED, "'.' in '1.5G' is no suffix"),
        ("key_buffer_size = 16M", Status.EFFECTIVE, ""),
        ("skip-innodb-doublewrite", Status.EFFECTIVE, ""),
        ("skip-innodb-doublewri", Status.EFFECTIVE, "is short for innodb_doublewrite"),
        ("max_conn = 5", Status.EFFECTIVE, "the server makes 10 of 5"),
        ("query_alloc_block_size = 65535", Status.EFFECTIVE, "the server rounds it to 63 KiB"),
    ],
)
def test_what_an_option_is_short_for(line: str, status: Status, reason: str) -> None:
    [found] = own(line + "\n")
    assert found.status == status
    assert reason in found.reason
    assert bool(reason) == bool(found.reason)


@pytest.mark.parametrize(
    ("line", "name", "status", "reason"),
    [
        ("tmpdir", "tmpdir", Status.REFUSED, "needs a value"),
        ("innodb_buffer_pool_load_abort", "innodb_buffer_pool_load_abort", Status.REFUSED,
         "needs a value"),
        ("slow_query = 1", "slow_query", Status.REFUSED, "may mean slow_query_log or"),
        ("set-variable = key_buffer=16M", "key_buffer_size", Status.REFUSED, "gone since 5.5"),
        ("maximum-sort_buffer_size = 1M", "sort_buffer_size", Status.IGNORED, "a session may set"),
        ("loose_foo = 1", "foo", Status.IGNORED, "goes on without it"),
        ("loose-max_connections = x", "max_connections", Status.IGNORED, "goes on without it"),
        ("innodb_bufer_pool_size = 1G", "innodb_bufer_pool_size", Status.UNKNOWN_NAME,
         "did you mean 'innodb_buffer_pool_size'?"),
        ("--max_connections = 5", "__max_connections", Status.UNKNOWN_NAME, "has no"),
        ("max_connections = 1.5", "max_connections", Status.REFUSED, "no suffix"),
        ("innodb_doublewrite = yes", "innodb_doublewrite", Status.IGNORED, "neither ON"),
    ],
)  # fmt: skip
def test_what_the_server_does_not_take(line: str, name: str, status: Status, reason: str) -> None:
    [found] = own(line + "\n")
    assert (found.name, found.status) == (name, status)
    assert reason in found.reason


@pytest.mark.parametrize("name", ["validate_password_length", "audit_log_format", "mysqlx_port"])
def test_options_of_plugins_are_never_unknown(name: str) -> None:
    [found] = own(f"{name} = 1\n", "8.0")
    assert (found.status, found.value) == (Status.EFFECTIVE, "1")


@pytest.mark.parametrize(
    ("line", "version", "status"),
    [
        ("query_cache_size = 16M", "5.7", Status.EFFECTIVE),
        ("query_cache_size = 16M", "8.0", Status.UNKNOWN_NAME),
        ("query_cache_size = 16M", "10.11", Status.EFFECTIVE),
        ("query_cache_size = 16M", "", Status.EFFECTIVE),
        ("loose_query_cache_size = 16M", "8.0", Status.IGNORED),
        ("expire_logs_days = 3", "8.0", Status.EFFECTIVE),
        ("expire_logs_days = 3", "8.4", Status.UNKNOWN_NAME),
        ("default_authentication_plugin = x", "8.4", Status.UNKNOWN_NAME),
        ("innodb_redo_log_capacity = 1G", "8.0.20", Status.UNKNOWN_NAME),
        ("innodb_redo_log_capacity = 1G", "8.0.30", Status.EFFECTIVE),
        ("innodb_redo_log_capacity = 1G", "10.11", Status.UNKNOWN_NAME),
        ("aria_pagecache_buffer_size = 1M", "8.0", Status.UNKNOWN_NAME),
        ("aria_pagecache_buffer_size = 1M", "10.6", Status.EFFECTIVE),
        ("innodb_log_files_in_group = 2", "10.11", Status.IGNORED),
        ("innodb_log_files_in_group = 2", "8.0", Status.EFFECTIVE),
        ("sql_mode = NO_AUTO_CREATE_USER", "5.7", Status.EFFECTIVE),
        ("sql_mode = NO_AUTO_CREATE_USER", "8.0", Status.REFUSED),
        ("sql_mode = NO_AUTO_CREATE_USER", "10.11", Status.EFFECTIVE),
    ],
)
def test_what_a_version_has(line: str, version: str, status: Status) -> None:
    [found] = own(line + "\n", version)
    assert found.status is status
    assert (found.reason == "") is (status is Status.EFFECTIVE)


@pytest.mark.parametrize(
    ("group", "version", "status"),
    [
        ("mysqld", "", Status.EFFECTIVE),
        ("MySQLd", "8.0", Status.EFFECTIVE),
        ("server", "8.0", Status.EFFECTIVE),
        ("mysqld ", "8.0", Status.EFFECTIVE),
        ("mysqld-8.0", "8.0.35", Status.EFFECTIVE),
        ("mysqld-5.7", "8.0.35", Status.IGNORED),
        ("mysqld-10.11", "10.11.6", Status.EFFECTIVE),
        ("mysqld-10", "10.11.6", None),
        ("mariadb", "", Status.EFFECTIVE),
        ("mariadb", "10.6", Status.EFFECTIVE),
        ("mariadb", "8.0", Status.IGNORED),
        ("mariadb-10.6", "10.11", Status.IGNORED),
        ("client-server", "10.11", Status.EFFECTIVE),
        ("galera", "8.0", Status.IGNORED),
        ("mysqldump", "8.0", None),
        (" mysqld", "8.0", None),
        ("mysqld1", "8.0", None),
    ],
)
def test_groups_that_a_server_reads(group: str, version: str, status: Status | None) -> None:
    """None: the group is another program's."""
    version_ = Version(version) if version else None
    [found] = settled(READER, SCHEMA, settings(f"[{group}]\nport = 5\n"), version_)
    if status is None:
        assert (held([found], READER), found.value) == ({}, "5")
    else:
        assert found.status is status


def test_a_group_of_one_version_needs_the_version() -> None:
    [found] = settled(READER, SCHEMA, settings("[mysqld-8.0]\nport = 5\n"))
    assert isinstance(found.value, Unknown)
    assert "[mysqld-8.0]" in found.value.reason


@pytest.mark.parametrize(
    ("group", "line", "status"),
    [
        ("myisamchk", "tokudb_cache_size = 5G", Status.MISPLACED),
        ("myisamchk", "key_buffer_size = 5M", Status.EFFECTIVE),
        ("myisamchk", "sort_buffer = 5M", Status.EFFECTIVE),
        ("client", "innodb_buffer_pool_size = 5G", Status.MISPLACED),
        ("client", "host = localhost", Status.EFFECTIVE),
        ("client", "port = 3306", Status.EFFECTIVE),
        ("mysqldump", "max_allowed_packet = 16M", Status.EFFECTIVE),
        ("mysqldump", "max_connections = 16", Status.MISPLACED),
        ("mysql", "no-auto-rehash", Status.EFFECTIVE),
        ("mysqld_safe", "open_files_limit = 1000", Status.EFFECTIVE),
        ("mysqld_safe", "innodb-buffer-pool-size = 1G", Status.MISPLACED),
        ("innodb", "innodb_buffer_pool_size = 1G", Status.MISPLACED),
        ("mysqlhotcopy", "interactive-timeout", Status.EFFECTIVE),
        ("xtrabackup", "innodb_buffer_pool_size = 1G", Status.EFFECTIVE),
    ],
)
def test_settings_in_groups_of_other_programs(group: str, line: str, status: Status) -> None:
    found = settled(READER, SCHEMA, settings(f"[{group}]\n{line}\n"))
    assert [each.status for each in found] == [status]
    assert held(found, READER) == {}


def test_a_password_of_a_client_is_a_secret() -> None:
    [found] = settled(READER, SCHEMA, settings("[client]\npassword = s3cret\n"))
    assert found.is_secret


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ("[mysqld]\nport=1\nport=2\n", "shadowed effective"),
        ("[mysqld]\nport=1\n[server]\nport=2\n[mysqld]\nPort=3\n", "shadowed shadowed effective"),
        ("[mysqld]\nport=1\n[client]\nport=2\n", "effective effective"),
        ("[client]\nport=1\nport=2\n[mysql]\nport=3\n", "shadowed effective effective"),
        ("[mysqld]\nreplicate-do-db=a\nreplicate_do_db=b\n", "effective effective"),
        ("[mysqld]\nplugin_load_add=a\nplugin-load-add=b\n", "effective effective"),
        ("[mysqld]\nkey_buffer=1M\nkey_buffer_size=2M\n", "shadowed effective"),
        ("[mysqld]\nport=x\nport=2\n", "refused effective"),
    ],
)
def test_who_wins(text: str, statuses: str) -> None:
    found = settled(READER, SCHEMA, settings(text))
    assert [str(each.status) for each in found] == statuses.split()


@pytest.mark.parametrize(
    ("line", "pattern", "is_optional"),
    [
        ("!include /etc/my.cnf.d/x.cnf", "/etc/my.cnf.d/x.cnf", False),
        ("  !include\tx.cnf  ", "x.cnf", False),
        ("!includedir /etc/mysql/conf.d/", "/etc/mysql/conf.d/*.cnf", True),
        ("!includedir conf.d", "conf.d/*.cnf", True),
        ("!include a.cnf # b", "a.cnf # b", False),
    ],
)
def test_includes(line: str, pattern: str, is_optional: bool) -> None:
    [found] = read(line + "\n", "my.cnf")
    assert isinstance(found, Include)
    assert (found.pattern, found.is_optional) == (pattern, is_optional)


@pytest.mark.parametrize(
    "line", ["!includes /x", "!nothing", "# a", "  ; a", "!include=/x", "[mysqld] # x", "[]", ""]
)
def test_lines_that_say_nothing(line: str) -> None:
    assert list(read(line + "\n", "my.cnf")) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[mysqld\nport=1\n", "a ] is missing"),
        ("[mysqld]\n = 5\n", "no name stands before ="),
        ("!include\n", "no path stands behind !include"),
        ("[mysqld]\nport = {{ port }}\n", "a template"),
        ("[mysqld]\nport = ${PORT}\n", "a template"),
        ("[mysqld]\n{% if x %}\n", "a template"),
        ("[{{ group }}]\n", "a template"),
        ("[mysqld]\ninit_connect = " + "x" * 5000, "more than 4095 bytes"),
        ("\ufeff[mysqld]\n", "a byte order mark"),
    ],
)
def test_unread(text: str, reason: str) -> None:
    [found] = [item for item in read(text, "my.cnf") if isinstance(item, Unread)]
    assert reason in found.reason
    assert found.place


def test_a_setting_before_any_group_stops_the_server() -> None:
    [found] = settings("port = 1\n")
    assert (found.status, "before any [group]" in found.reason) == (Status.REFUSED, True)


def test_settings_behind_a_byte_order_mark_are_still_read() -> None:
    found = [i for i in read("\ufeff[mysqld]\r\nport=1\r\n", "my.cnf") if isinstance(i, Setting)]
    assert [(each.name, each.status) for each in found] == [("port", Status.EFFECTIVE)]


def test_places() -> None:
    [found] = settings("[mysqld]\n  max-connections = 'a' # b\n")
    assert found.place == Place("my.cnf", Span(2, 3, 2, 24), Span(2, 21, 2, 24))
    [block] = found.scope
    assert (block.kind, block.name) == ("group", "mysqld")
    assert block.place == Place("my.cnf", Span(1, 1, 1, 9))


def test_includes_stand_at_their_place_in_order_of_name(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "my.cnf").write_text("[mysqld]\nport=1\n!includedir d\nback_log=5\n")
    (tmp_path / "d" / "b.cnf").write_text("[mysqld]\nport=3\n[client]\n")
    (tmp_path / "d" / "a.cnf").write_text("[mysqld]\nport=2\nback_log=4\n")
    (tmp_path / "d" / "c.ini").write_text("[mysqld]\nport=4\n")
    expansion = Expansion(Folder(tmp_path))
    found = settled(READER, SCHEMA, expansion.file("my.cnf", READER))
    assert expansion.unread == []
    assert [(s.name, s.text, str(s.status)) for s in found] == [
        ("port", "1", "shadowed"), ("port", "2", "shadowed"), ("back_log", "4", "shadowed"),
        ("port", "3", "effective"), ("back_log", "5", "effective"),
    ]  # fmt: skip


def test_an_include_of_itself_ends(tmp_path: Path) -> None:
    (tmp_path / "my.cnf").write_text("[mysqld]\nport=1\n!include my.cnf\n")
    expansion = Expansion(Folder(tmp_path))
    assert [s.name for s in expansion.file("my.cnf", READER)] == ["port"]
    assert ["includes itself" in str(u) for u in expansion.unread] == [True]


AUTO = """{"Version": 2, "mysql_dynamic_variables": {
  "max_connections": {"Value": "900", "Metadata": {"Host": "h", "User": "u", "Timestamp": 1}}},
 "mysql_static_variables": {"back_log": {"Value": "7", "Metadata": {}}}}
"""
AUTO_1 = """{ "Version" : 1 , "mysql_server" : {
 "max_connections" : { "Value" : "900" , "Metadata" : { "User" : "root" } } ,
 "mysql_server_static_options" : { "back_log" : { "Value" : "7" , "Metadata" : {} } } } }
"""


@pytest.mark.parametrize("text", [AUTO, AUTO_1])
def test_persisted_variables(text: str) -> None:
    found = settings(text, "data/mysqld-auto.cnf")
    assert [(s.name, s.text) for s in found] == [("max_connections", "900"), ("back_log", "7")]
    assert found[0].place
    assert found[0].place.span.line == 2


@pytest.mark.parametrize("text", ["{", '{"a": 1}', "[1]", "x", "\x01"])
def test_a_damaged_file_of_persisted_variables_is_unread(text: str) -> None:
    assert all(isinstance(i, Unread) for i in read(text, "mysqld-auto.cnf"))


def test_persisted_variables_beat_the_command_line() -> None:
    said = {
        "plimsoll.yaml": "services:\n  db: {technology: mysql, files: [mysqld-auto.cnf, my.cnf],"
        " command: mysqld --max-connections=5 --port=6}\n",
        "mysqld-auto.cnf": AUTO,
        "my.cnf": "[mysqld]\nmax_connections=4\nport=7\n",
    }
    db = read_texts(said).services["db"]
    assert (db.held["max_connections"].text, db.held["port"].text) == ("900", "6")
    shadowed = [s.text for s in db.settings if s.status is Status.SHADOWED]
    assert sorted(shadowed) == ["4", "5", "7"]


def test_only_the_file_that_the_command_line_names_is_read() -> None:
    said = {
        "plimsoll.yaml": "services:\n  db: {technology: mariadb, version: '10.11', files: [my.cnf],"
        " command: mariadbd --defaults-file=/x/own.cnf --port=6}\n",
        "x/own.cnf": "[mariadb]\nback_log=5\n",
        "my.cnf": "[mysqld]\nmax_connections=4\nport=7\n",
    }
    db = read_texts(said).services["db"]
    assert db.technology == "mysql"
    assert {n: s.text for n, s in db.held.items()} == {
        "defaults_file": "/x/own.cnf", "port": "6", "back_log": "5",
    }  # fmt: skip
    ignored = [s for s in db.settings if s.status is Status.IGNORED]
    assert {s.reason for s in ignored} == {"the command line says --defaults-file"}
    assert len(ignored) == 2


PIECES = [
    "[mysqld]",
    "[client]",
    "[",
    "]",
    "max_connections",
    "skip-",
    "loose_",
    "=",
    " ",
    "\t",
    "1G",
]
PIECES += [
    "'",
    '"',
    "\\",
    "#",
    ";",
    "\n",
    "\r\n",
    "!include ",
    "!includedir",
    "x.cnf",
    "\ufeff",
    "é",
]
PIECES += ["\udcff", "{{ x }}", "\v", "set-variable = ", "\x00"]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=4)).map("".join)


@given(TEXTS)
def test_nothing_is_lost(text: str) -> None:
    assert "".join(token.text for line in lines(text) for token in line) == text


@given(TEXTS)
def test_everything_that_is_said_stands_in_an_item_or_its_group(text: str) -> None:
    where = Lines(text, "my.cnf")
    places = []
    for item in read(text, "my.cnf"):
        assert item.place
        places.append(item.place)
        if not isinstance(item, Unread):
            places += [block.place for block in item.scope if block.place]
    ranges = [
        range(where.offset(s.line, s.column), where.offset(s.end_line, s.end_column))
        for s in (place.span for place in places)
    ]
    for token in (token for line in lines(text) for token in line):
        if token.kind not in ("space", "comment", "group", "separator"):
            assert any(token.start in r and token.end - 1 in r for r in ranges), token


@given(TEXTS, st.sampled_from(["", "5.7", "8.0", "10.11", "11"]))
def test_whatever_is_read_can_be_judged(text: str, version: str) -> None:
    found = [item for item in read(text, "my.cnf") if isinstance(item, Setting)]
    version_ = Version(version) if version else None
    assert len(settled(READER, SCHEMA, found, version_)) == len(found)


@given(TEXTS)
def test_any_text_of_persisted_variables_is_read(text: str) -> None:
    for item in read(text, "mysqld-auto.cnf"):
        assert isinstance(item, Setting | Unread)


@given(
    st.sampled_from(["init_connect", "tmpdir", "socket"]),
    st.text(st.characters(exclude_characters="\0\n{<$@", exclude_categories=["Cs"]), max_size=30),
)
def test_a_written_setting_is_read_back(name: str, text: str) -> None:
    raw = text.replace("\\", "\\\\").replace('"', '\\"')
    [found] = settings(f'[mysqld]\n {name}\t= "{raw}" \r\n')
    assert found.text == text
    assert found.place
    assert found.place.value
    assert found.place.value.end_column - found.place.value.column == len(raw) + 2


def real_files() -> list[Path]:
    found = [*Path("/etc/mysql").glob("**/*.cnf"), *CASES.glob("**/my.cnf")]
    return sorted(path for path in found if path.is_file() and "debian" not in path.name)


@pytest.mark.parametrize("path", real_files() or [None], ids=str)
def test_real_files_are_read_without_loss(path: Path | None) -> None:
    if path is None:
        pytest.skip("no option file here (Debian package mariadb-server)")
    text = decoded(path.read_bytes())
    assert encoded("".join(t.text for line in lines(text) for t in line)) == path.read_bytes()
    items = list(read(text, path.name))
    assert [item for item in items if isinstance(item, Unread)] == []
    found = settled(READER, SCHEMA, [item for item in items if isinstance(item, Setting)])
    bad = [s for s in found if s.status not in (Status.EFFECTIVE, Status.SHADOWED)]
    assert [s.name for s in bad] == (["tokudb_cache_size"] if path.parent.name == "MC-044" else [])


def test_hostile_texts_are_read_in_no_time() -> None:
    assert len(list(read("[mysqld]\n" + "port=1\n" * 40_000, "my.cnf"))) == 40_000
    assert len(list(read("[mysqld]\nx=" + "'\\" * 1_000_000, "my.cnf"))) == 1
    assert len(list(read("[" * 5_000 + "\n" + "[a]" * 5_000, "my.cnf"))) == 2
