from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.check.language import Num, Thing
from plimsoll.check.library import knowledge
from plimsoll.check.world.base import thing
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.place import Place, Span
from plimsoll.model.quantity import UNLIMITED, Amount, Number
from plimsoll.model.reader import Word
from plimsoll.model.setting import Formula, Include, Item, Origin, Setting, Status, Unread
from plimsoll.model.version import Version
from plimsoll.stack import read_texts
from plimsoll.stack.expand import Expansion
from plimsoll.stack.files import Folder
from plimsoll.stack.settle import parts, settled
from plimsoll.syntax.ini import tokens
from plimsoll.syntax.text import Lines, decoded
from plimsoll.technologies import technology
from plimsoll.technologies.pgbouncer.names import KEYS, OF_IMAGES, RENAMED
from plimsoll.technologies.pgbouncer.reader import DIALECT, READER, read

POOLER = technology("pgbouncer")
assert POOLER is not None
SCHEMA = POOLER.schema
CASES = Path(__file__).resolve().parents[4] / "shared" / "cases"


def settings(text: str) -> list[Setting]:
    found = list(read(text, "p.ini"))
    assert all(isinstance(item, Setting) for item in found)
    return settled(READER, SCHEMA, [item for item in found if isinstance(item, Setting)])


def own(text: str) -> list[Setting]:
    return settings("[pgbouncer]\n" + text)


@pytest.mark.parametrize(
    ("line", "name", "text"),
    [
        ("max_client_conn=5", "max_client_conn", "5"),
        ("  max_client_conn\t=  5 \r", "max_client_conn", "5"),
        ("server_reset_query = DISCARD ALL # x", "server_reset_query", "DISCARD ALL # x"),
        ("server_reset_query = DISCARD ALL ; x", "server_reset_query", "DISCARD ALL ; x"),
        ("server_reset_query = 'DISCARD ALL'", "server_reset_query", "'DISCARD ALL'"),
        ("server_reset_query =", "server_reset_query", ""),
        ("auth_query = SELECT a = b", "auth_query", "SELECT a = b"),
    ],
)
def test_settings(line: str, name: str, text: str) -> None:
    [found] = own(line + "\n")
    assert (found.name, found.text, found.status) == (name, text, Status.EFFECTIVE)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("max_client_conn = 0x10", Amount.of(16)),
        ("max_client_conn = 010", Amount.of(8)),
        ("max_client_conn = -1", Amount.of(-1)),
        ("max_db_connections = 0", Amount.of(UNLIMITED)),
        ("pool_mode = Transaction", "transaction"),
        ("unix_socket_mode = 0770", "0770"),
    ],
)
def test_values(line: str, value: object) -> None:
    [found] = own(line + "\n")
    assert found.value == value


@pytest.mark.parametrize(
    ("text", "seconds"), [("1.5", "1.5 s"), ("1e1", "10 s"), (".5", "500 ms"), ("0", "never")]
)
def test_seconds_may_have_fractions(text: str, seconds: str) -> None:
    [found] = own(f"query_timeout = {text}\n")
    assert str(found.value) == seconds


@pytest.mark.parametrize(
    ("line", "status", "reason"),
    [
        ("max_client_conn = 1000 ; x", Status.REFUSED, "no whole number"),
        ("max_client_conn = 1000x", Status.REFUSED, "no whole number"),
        ("max_client_conn = 5.0", Status.REFUSED, "no whole number"),
        ("max_client_conn =", Status.REFUSED, "no whole number"),
        ("query_timeout = 1s", Status.REFUSED, "no number of seconds"),
        ("query_timeout = -1", Status.REFUSED, "no number of seconds"),
        ("tcp_keepalive = off", Status.REFUSED, "no whole number"),
        ("pool_mode = trans", Status.REFUSED, "none of session"),
        ("unix_socket_mode = 0800", Status.REFUSED, "not octal"),
        ("max_client_con = 5", Status.UNKNOWN_NAME, "did you mean 'max_client_conn'?"),
        ("MAX_client_conn = 5", Status.UNKNOWN_NAME, "has no"),
    ],
)
def test_what_the_server_does_not_take(line: str, status: Status, reason: str) -> None:
    [found] = own(line + "\n")
    assert found.status is status
    assert reason in found.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[pgbouncer]\nmax_client_conn\n", "a syntax error, not name = value"),
        ("[pgbouncer]\na b = 1\n", "a syntax error"),
        ("[pgbouncer] x\n", "a syntax error"),
        ("[pgbouncer\n", "a syntax error"),
        ("[pgbouncer]\n%foo x\n", "a syntax error"),
        ("[Databases]\n", "there is no section [Databases]"),
        ("[ databases ]\n", "there is no section [ databases ]"),
        ("[database]\n", "did you mean 'databases'?"),
        ("\ufeff[pgbouncer]\n", "a byte order mark"),
        ("[databases]\na = host='b\n", "a syntax error in a connection string"),
        ("[databases]\na = host\n", "a syntax error in a connection string"),
        ("[pgbouncer]\nlisten_port = {{ port }}\n", "a template"),
        ("[pgbouncer]\nlisten_port = ${PORT}\n", "a template"),
        ("{% if x %}\n", "a template"),
    ],
)
def test_unread(text: str, reason: str) -> None:
    [found] = [item for item in read(text, "p.ini") if isinstance(item, Unread)]
    assert reason in found.reason
    assert found.place


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a = host=b port=1", {"dbname": "a", "host": "b", "port": "1"}),
        ("* = host=b", {"dbname": "*", "host": "b"}),
        ("a =", {"dbname": "a"}),
        ("a = host = x  port= 5", {"dbname": "a", "host": "x", "port": "5"}),
        ("a = dbname='x y' host='it''s'", {"dbname": "x y", "host": "it's"}),
        ("a = dbname='' port=1", {"dbname": "", "port": "1"}),
        ("a = reserve_pool=5", {"dbname": "a", "reserve_pool_size": "5"}),
        ("a-b.c = pool_mode=session", {"dbname": "a-b.c", "pool_mode": "session"}),
    ],
)
def test_connection_strings(line: str, expected: dict[str, str]) -> None:
    found = settings(f"[databases]\n{line}\n")
    assert {each.name: each.text for each in found} == expected
    assert {each.status for each in found} == {Status.EFFECTIVE}
    assert {each.scope[-1].name for each in found} == {line.partition(" =")[0]}


def test_an_unknown_key_of_a_connection_string_stops_the_server() -> None:
    *_, found = settings("[databases]\na = pol_size=5\n")
    assert found.status is Status.UNKNOWN_NAME
    assert "did you mean 'pool_size'?" in found.reason


def test_a_password_is_a_secret() -> None:
    [_, found] = settings("[databases]\na = password=s3cret\n")
    assert found.is_secret


def test_databases_users_and_peers_are_parts() -> None:
    text = "[databases]\na = pool_size=7\nb=\n[users]\nu = pool_mode=session\n[peers]\n1 = host=x\n"
    found = settings(text)
    made = parts(found, READER, SCHEMA, service="p", version=None)
    assert [(part.type, part.name) for part in made] == [
        ("database", "a"), ("database", "b"), ("user", "u"), ("peer", "1"),
    ]  # fmt: skip
    default = SCHEMA.default("pool_size", None, "database")
    assert default
    assert default.value == Formula("s.default_pool_size")


def test_places() -> None:
    text = "[databases]\na = host=b dbname='c d'\n"
    host, dbname = settings(text)
    assert host.place == Place("p.ini", Span(2, 5, 2, 11), Span(2, 10, 2, 11))
    assert dbname.place == Place("p.ini", Span(2, 12, 2, 24), Span(2, 19, 2, 24))
    assert host.scope[-1].place == Place("p.ini", Span(2, 1, 2, 24))


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ("[pgbouncer]\nlisten_port=1\nlisten_port=2\n", "shadowed effective"),
        ("[databases]\na = host=x\nb = host=y\n", "effective effective effective effective"),
        ("[databases]\na = host=x\na = port=1\n", "shadowed shadowed effective effective"),
        ("[pgbouncer]\nlisten_port=1\n[databases]\na = port=2\n", "effective effective effective"),
        ("listen_port=1\n", "refused"),
    ],
)
def test_who_wins(text: str, statuses: str) -> None:
    assert sorted(str(s.status) for s in settings(text)) == sorted(statuses.split())


def test_a_database_that_is_written_twice_is_one_part() -> None:
    found = settings("[databases]\na = host=x pool_size=5\na = port=1\n")
    made = parts(found, READER, SCHEMA, service="p", version=None)
    assert [sorted(part.settings) for part in made] == [["dbname", "port"]]


def test_includes(tmp_path: Path) -> None:
    (tmp_path / "p.ini").write_text("[pgbouncer]\nlisten_port=1\n%include own.ini\nlisten_port=2\n")
    (tmp_path / "own.ini").write_text("max_client_conn=77\n[databases]\nz = pool_size=3\n")
    expansion = Expansion(Folder(tmp_path))
    found = settled(READER, SCHEMA, expansion.file("p.ini", READER))
    assert expansion.unread == []
    assert [(s.name, s.text, str(s.status)) for s in found] == [
        ("listen_port", "1", "shadowed"), ("max_client_conn", "77", "effective"),
        ("dbname", "z", "effective"), ("pool_size", "3", "effective"),
        ("listen_port", "2", "effective"),
    ]  # fmt: skip


def asked(*words: str, **environment: str) -> list[Item]:
    assert READER.arguments
    return list(READER.arguments([*map(Word, words)], {n: Word(v) for n, v in environment.items()}))


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("pgbouncer -d /etc/pgbouncer/pgbouncer.ini", ["/etc/pgbouncer/pgbouncer.ini"]),
        ("/usr/sbin/pgbouncer -qR -u pooler p.ini", ["user=pooler", "p.ini"]),
        ("pgbouncer --user=pooler --quiet p.ini", ["user=pooler", "p.ini"]),
        ("pgbouncer -upooler p.ini -v", ["user=pooler", "p.ini"]),
        ("pgbouncer --version", []),
        (
            "pgbouncer --nothing p.ini",
            ["pgbouncer refuses this word: it has no such option", "p.ini"],
        ),
    ],
)
def test_command_lines(command: str, expected: list[str]) -> None:
    shown = []
    for item in asked(*command.split()):
        if isinstance(item, Setting):
            shown.append(f"{item.name}={item.text}")
        else:
            shown.append(item.pattern if isinstance(item, Include) else item.reason)
    assert shown == expected


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"POOL_MODE": "transaction", "MAX_CLIENT_CONN": "5000"},
         [("max_client_conn", "5000"), ("pool_mode", "transaction")]),
        ({"PGBOUNCER_POOL_MODE": "session", "PGBOUNCER_PORT": "1"},
         [("listen_port", "1"), ("pool_mode", "session")]),
        ({"DB_HOST": "db", "DB_PORT": "5433", "DB_PASSWORD": "s"}, [("host", "db"), ("port", "5433")]),
        ({"POOL_MODE": "", "USER": "x", "PATH": "/bin"}, []),
    ],
)  # fmt: skip
def test_the_environment_of_images(
    environment: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    found = [i for i in asked("pgbouncer", **environment) if isinstance(i, Setting)]
    assert sorted((s.name, s.text) for s in found) == expected
    assert {s.origin for s in found} <= {Origin.ENVIRONMENT}


def test_a_compose_service_has_the_settings_of_its_environment() -> None:
    compose = "services:\n  p:\n    image: edoburu/pgbouncer\n    environment:\n"
    compose += "      - MAX_CLIENT_CONN=5000\n      - DEFAULT_POOL_SIZE=600\n      - DB_HOST=db\n"
    compose += "  db:\n    image: postgres:16\n"
    stack = read_texts({"docker-compose.yml": compose})
    held = stack.services["p"].held
    assert (held["max_client_conn"].value, held["default_pool_size"].value) == (
        Amount.of(5000), Amount.of(600),
    )  # fmt: skip
    assert held["max_client_conn"].place
    assert held["max_client_conn"].place.span.line == 5
    assert [(link.source, link.target) for link in stack.links] == [("p", "db")]


def test_endpoints() -> None:
    text = "[databases]\na = host=h1,h2 port=1\nb=host=/run\n[pgbouncer]\nlisten_addr=*\n"
    assert READER.endpoints
    found = [(e.side, e.host, e.port, e.socket, e.part) for e in READER.endpoints(settings(text))]
    assert found == [
        ("listens", "", 6432, "", ""),
        ("listens", "", None, "/tmp/.s.PGSQL.6432", ""),  # noqa: S108 - the server's default
        ("connects", "h1", 1, "", "a"),
        ("connects", "h2", 1, "", "a"),
        ("connects", "", None, "/run/.s.PGSQL.5432", "b"),
    ]


@pytest.mark.parametrize(
    ("users", "text", "expected"),
    [
        (1, "[pgbouncer]\nmax_client_conn=100\n[databases]\na=\n", 132),
        (1, "[pgbouncer]\nmax_client_conn=1000\ndefault_pool_size=50\n[databases]\na=\n", 1062),
        (
            1,
            "[pgbouncer]\nmax_client_conn=1000\ndefault_pool_size=50\n[databases]\na=\nb=\nc=\n",
            1162,
        ),
        (1, "[pgbouncer]\nmax_client_conn=1000\n[databases]\na=pool_size=3\nb=pool_size=4\n", 1019),
        (4, "[pgbouncer]\n[databases]\na=\nb=pool_size=7\nc=user=u\n", 240),
    ],
)
def test_descriptors_are_what_the_server_says_it_may_need(
    users: int, text: str, expected: int
) -> None:
    found = _worth(f"measured: {{p.users: {users}}}", text, "descriptors")
    assert (found.low, found.high) == (expected, expected)


def test_where_nobody_counts_the_users_there_is_at_least_one() -> None:
    found = _worth("", "[pgbouncer]\n[databases]\na=\n", "descriptors")
    assert (found.low, found.high) == (132, UNLIMITED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (20, UNLIMITED)),
        ("max_db_connections=50\n", (20, 50)),
        ("max_user_connections=8\n", (8, UNLIMITED)),
        ("[databases]\na=host=db\n", (20, UNLIMITED)),
        ("[databases]\na=host=db user=u\n", (20, 20)),
        ("[databases]\na=host=db user=u reserve_pool=5\n", (25, 25)),
        ("[databases]\n*=host=db user=u\n", (20, UNLIMITED)),
        ("[databases]\na=host=db user=u pool_size=90 max_db_connections=30\n", (30, 30)),
    ],
)
def test_a_database_has_a_pool_for_each_user(text: str, expected: tuple[Number, Number]) -> None:
    stated = "  db: {technology: postgresql}\nlinks: [{from: p, to: db}]"
    found = _worth(stated, f"[pgbouncer]\n{text}", "connections")
    assert (found.low, found.high) == expected


def _worth(stated: str, text: str, name: str) -> Num:
    """A fact of a PgBouncer with *text*, or of the link that it opens."""
    said = {
        "plimsoll.yaml": f"services:\n  p: {{technology: pgbouncer, files: [p.ini]}}\n{stated}\n",
        "p.ini": text,
    }
    stack = read_texts(said)
    owner = thing(stack.links[0] if stack.links else stack.services["p"])
    assert isinstance(owner, Thing)
    found = StackWorld(stack, knowledge()).attribute(owner, name)
    assert isinstance(found, Num)
    return found


def test_every_name_that_the_reader_knows_is_a_setting() -> None:
    for section, kind in (("databases", "database"), ("users", "user"), ("peers", "peer")):
        for name in KEYS[section]:
            assert SCHEMA.entry(RENAMED.get(name, name), kind), name
    assert all(SCHEMA.entry(name) for name in OF_IMAGES)


@pytest.mark.parametrize(("version", "prepared"), [("1.18", 0), ("1.22", 0), ("1.24", 200)])
def test_prepared_statements_by_version(version: str, prepared: int) -> None:
    default = SCHEMA.default("max_prepared_statements", Version(version))
    assert default
    assert default.value == Amount.of(prepared)


PIECES = [
    "[pgbouncer]",
    "[databases]",
    "[users]",
    "a",
    "=",
    " ",
    "'",
    "''",
    "host=",
    "pool_size=5",
    ";",
]
PIECES += [
    "#",
    "\n",
    "\r\n",
    "%include ",
    "*",
    "é",
    "\udcff",
    "{{",
    "\ufeff",
    "[",
    "]",
    "\t",
    "x y",
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=4)).map("".join)


@given(TEXTS)
def test_everything_that_is_said_stands_in_an_item(text: str) -> None:
    where = Lines(text, "p.ini")
    places = []
    for item in read(text, "p.ini"):
        assert item.place
        places.append(item.place)
        if not isinstance(item, Unread):
            places += [block.place for block in item.scope if block.place]
    ranges = [
        range(where.offset(s.line, s.column), where.offset(s.end_line, s.end_column))
        for s in (place.span for place in places)
    ]
    for token in tokens(text, DIALECT):
        if token.kind in ("key", "value", "junk"):
            assert any(token.start in r and token.end - 1 in r for r in ranges), token


@given(TEXTS)
def test_whatever_is_read_can_be_judged(text: str) -> None:
    found = [item for item in read(text, "p.ini") if isinstance(item, Setting)]
    assert len(settled(READER, SCHEMA, found)) == len(found)


def real_files() -> list[Path]:
    found = [
        Path("/etc/pgbouncer/pgbouncer.ini"),
        *Path("/usr/share/doc/pgbouncer").glob("**/*.ini"),
    ]
    return sorted(path for path in (*found, *CASES.glob("**/pgbouncer.ini")) if path.is_file())


@pytest.mark.parametrize("path", real_files() or [None], ids=str)
def test_real_files_are_read(path: Path | None) -> None:
    if path is None:
        pytest.skip("no file of PgBouncer here (Debian package pgbouncer)")
    items = list(read(decoded(path.read_bytes()), path.name))
    assert [item for item in items if isinstance(item, Unread)] == []
    found = settled(READER, SCHEMA, [item for item in items if isinstance(item, Setting)])
    assert {each.status for each in found} <= {Status.EFFECTIVE}


def test_hostile_texts_are_read_in_no_time() -> None:
    assert len(list(read("[pgbouncer]\n" + "a=1\n" * 40_000, "p.ini"))) == 40_000
    assert len(list(read("[databases]\na=" + "host=x " * 20_000, "p.ini"))) == 20_001
    assert len(list(read("[databases]\na=host='" + "''" * 500_000, "p.ini"))) == 2
