"""The reader against PgBouncer: SHOW CONFIG, SHOW DATABASES, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Setting, Status, Unread, Unset, Value
from plimsoll.model.version import Version
from plimsoll.stack.expand import Expansion
from plimsoll.stack.files import Folder
from plimsoll.stack.settle import held, parts, settled
from plimsoll.technologies import technology
from plimsoll.technologies.pgbouncer.reader import READER
from support.counts import drawn
from support.pgbouncer import Answers, started
from support.programs import need
from support.servers import folder_of_nobody

pytestmark = pytest.mark.real

POOLER = technology("pgbouncer")
assert POOLER is not None
SCHEMA = POOLER.schema
VERSION = Version("1.18")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    need("pgbouncer", "pgbouncer")
    need("psql", "postgresql")
    with folder_of_nobody() as found:
        yield found


def ours(folder: Path) -> tuple[list[Setting], list[Unread]]:
    expansion = Expansion(Folder(folder))
    return settled(READER, SCHEMA, expansion.file("p.ini", READER)), expansion.unread


def shown(value: Value, entry: Entry) -> str:
    """A value as SHOW CONFIG has it."""
    if isinstance(value, Unset):
        return ""
    if not isinstance(value, Amount):
        return str(value)
    if value.low == UNLIMITED:
        return entry.infinite[0]
    number = Fraction(value.low) / Fraction(entry.scale or 1)
    return str(number) if number.denominator == 1 else f"{float(number):g}"


# What this test writes, and what SHOW CONFIG says in another way.
NOT_ASKED = {"listen_port", "auth_type", "admin_users", "unix_socket_dir", "unix_socket_mode"}
NOT_ASKED |= {"auth_query", "cancel_wait_timeout", "service_name", "user", "logfile", "pidfile"}
NOT_ASKED |= {"job_name", "listen_addr", "resolv_conf", "verbose"}
ENTRIES = [
    entry
    for key, entry in SCHEMA.entries.items()
    if "/" not in key and entry.exists_in(VERSION) and entry.name not in NOT_ASKED
]


def test_every_name_and_default_is_that_of_a_bare_server(folder: Path) -> None:
    theirs = started(folder, "")
    assert isinstance(theirs, Answers), theirs
    defaults = {e.name: shown(e.default(VERSION), e) for e in ENTRIES}
    assert defaults == {n: v for n, v in theirs.config.items() if n not in {*NOT_ASKED, "conffile"}}


NUMBERS = [
    e
    for e in ENTRIES
    if e.type in (Type.COUNT, Type.SIZE, Type.TIME) and e.name not in {"pkt_buf", "tcp_keepalive"}
    and not e.name.startswith(("tcp_", "so_", "syslog", "dns_", "sbuf", "disable", "listen"))
]  # fmt: skip
WORDS = [e for e in ENTRIES if e.name in ("pool_mode",)]
TEXTS = [
    e for e in ENTRIES if e.name in ("server_reset_query", "server_check_query", "stats_users")
]


def good(entry: Entry) -> st.SearchStrategy[str]:
    if entry.type is Type.ENUM:
        return st.sampled_from(entry.values).flatmap(lambda w: st.sampled_from([w, w.upper()]))
    if entry.type is Type.TEXT:
        return st.sampled_from(["SELECT 1; -- x", "'quoted'", "a = b", "", "# x", "a ; b"])
    plain = st.integers(1, 9999).map(str)
    if entry.type is Type.TIME and entry.name != "tcp_user_timeout":
        return plain | st.sampled_from(["1.5", ".5", "1e2", "0", "0.25", "+3"])
    return plain | st.sampled_from(["0x10", "010", "+7", "0"])


@st.composite
def line(draw: st.DrawFn) -> str:
    entry = draw(st.sampled_from([*NUMBERS, *WORDS, *TEXTS]))
    blank = st.sampled_from(["", " ", "\t"])
    before, around, behind = draw(blank), draw(blank), draw(blank)
    said = f"{before}{entry.name}{around}={around}{draw(good(entry))}{behind}"
    return draw(st.sampled_from([said, said, f"# c\n{said}", f"{said}\n; {entry.name} = x"]))


PAIRS = {
    "host": ["db", "'db'", "10.0.0.1"], "port": ["5433", "'1'"], "dbname": ["x", "'a b'", "'it''s'"],
    "pool_size": ["7", "'8'"], "reserve_pool": ["3"], "max_db_connections": ["9"],
    "min_pool_size": ["1"], "pool_mode": ["session", "statement"],
}  # fmt: skip


@st.composite
def database(draw: st.DrawFn) -> str:
    keys = draw(st.lists(st.sampled_from(sorted(PAIRS)), unique=True, max_size=5))
    equals = st.sampled_from(["=", "=", " = ", "= "])
    pairs = [f"{key}{draw(equals)}{draw(st.sampled_from(PAIRS[key]))}" for key in keys]
    return f"{draw(st.sampled_from(['a', 'b', 'c-1', 'd.e']))} = {'  '.join(pairs)}"


@drawn(few=6, many=60)
@given(said=st.lists(line(), max_size=6), databases=st.lists(database(), max_size=4))
def test_running_values_are_ours(folder: Path, said: list[str], databases: list[str]) -> None:
    text = "\n".join([*said, "[databases]", *databases]) + "\n"
    theirs = started(folder, text)
    assert isinstance(theirs, Answers), (text, theirs)
    found, unread = ours(folder)
    assert unread == []
    assert [s for s in found if s.status not in (Status.EFFECTIVE, Status.SHADOWED)] == []
    for each in held(found, READER).values():
        entry = SCHEMA.entry(each.name)
        assert entry
        assert each.value is not None
        if each.name not in NOT_ASKED:
            assert shown(each.value, entry) == theirs.config[each.name], each
    made = parts(found, READER, SCHEMA, service="p", version=VERSION)
    assert {part.name for part in made} == set(theirs.databases) - {"pgbouncer"}
    for part in made:
        row, own = theirs.databases[part.name], part.settings
        assert own["dbname"].text == row["database"]
        assert (own["port"].text if "port" in own else "5432") == row["port"]
        for key, column in (("pool_size", "pool_size"), ("reserve_pool_size", "reserve_pool"),
                            ("host", "host"), ("pool_mode", "pool_mode")):  # fmt: skip
            if key in own:
                assert own[key].text == row[column], (key, text)


BAD = [
    "max_client_conn = 1000 ; x", "max_client_conn = 10x", "max_client_conn =", "max_client_conn",
    "foo = 1", "query_timeout = 1s", "query_timeout = -1", "tcp_keepalive = off", "pool_mode = trans",
    "auth_type = foo", "MAX_client_conn = 5", "[databases]\na = host='b", "[databases]\na = foo=1",
    "[databases]\na = port=abc", "[databases]\na = pool_mode=x", "[databases]\na b = host=x",
    '[databases]\n"a" = host=x', "[users]\nu = pool_size=3", "[foo]", "[ databases ]\na=", "[Databases]\na=",
    "[databases", "%foo x", "%include none.ini", "max_client_conn: 5", "unix_socket_mode = 0800",
    "[databases] x\na=", "max_client_conn = 1 2", "default_pool_size = 1.5", "[databases]\na = host",
]  # fmt: skip


@drawn(few=6, many=60)
@given(bad=st.sampled_from(BAD), said=st.lists(line(), max_size=3))
def test_what_the_server_refuses_is_refused(folder: Path, bad: str, said: list[str]) -> None:
    text = "\n".join([*said, bad]) + "\n"
    theirs = started(folder, text)
    found, unread = ours(folder)
    refused = [s for s in found if s.status in (Status.REFUSED, Status.UNKNOWN_NAME)]
    assert isinstance(theirs, str), text
    # 1.18 does not know what later versions take for a user.
    assert [*unread, *refused] or "[users]" in bad, text
