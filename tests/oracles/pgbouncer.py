"""PgBouncer: lines of its file, under a limit of descriptors; SHOW CONFIG says what runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hypothesis import strategies as st

from oracles.oracle import Answer, Case, Fate, Held, Line, Oracle, told
from plimsoll.model.schema import Entry, Type
from plimsoll.technologies import technology
from support.pgbouncer import HEAD, started
from support.programs import need
from support.servers import folder_of_nobody

POOLER = technology("pgbouncer")
assert POOLER is not None
SCHEMA = POOLER.schema

_NAMES = (
    "max_client_conn", "default_pool_size", "min_pool_size", "reserve_pool_size", "max_db_connections",
    "max_user_connections", "query_timeout", "query_wait_timeout", "client_idle_timeout", "client_login_timeout",
    "idle_transaction_timeout", "server_lifetime", "server_idle_timeout", "server_connect_timeout", "server_login_retry",
    "server_check_delay", "autodb_idle_timeout", "stats_period", "reserve_pool_timeout",
    "server_round_robin", "log_connections", "pool_mode", "server_reset_query",
)  # fmt: skip
_WRONG = ["1000 ; x", "10x", "", "1s", "-1", "off", "trans", "1 2", "yes", "5min", "1k"]
_LINES = [
    "max_client_conn", "foo = 1", "MAX_client_conn = 5", "[foo]", "[databases", "%foo x", "%include none.ini",
    "max_client_conn: 5", "unix_socket_mode = 0800", "[databases]\na = host='b", "[databases]\na = foo=1",
    "[databases]\na = port=abc", "[databases]\na = pool_mode=x", "[databases]\na b = host=x", "[databases]\na = host",
]  # fmt: skip
_DATABASES = [
    "a = host=db",
    "b = host='db' port=5433 pool_size=7",
    "* = host=db dbname='it''s'",
    "c-1 = pool_mode = session",
    "* = port=abc",
    "* = host='b",
]


def _right(entry: Entry) -> st.SearchStrategy[str]:
    if entry.type is Type.ENUM:
        return st.sampled_from([*entry.values, *map(str.upper, entry.values)])
    if entry.type is Type.TEXT:
        return st.sampled_from(["SELECT 1; -- x", "'quoted'", "a = b", "", "# x", "a ; b"])
    plain = st.integers(1, 9999).map(str)
    if entry.name in ("server_round_robin", "log_connections"):
        return st.sampled_from(["0", "1"])
    if entry.type is Type.TIME:
        return plain | st.sampled_from(["1.5", ".5", "1e2", "0", "0.25", "+3"])
    return plain | st.sampled_from(["0x10", "010", "+7"])


@st.composite
def _line(draw: st.DrawFn) -> Line:
    entry = SCHEMA.entry(draw(st.sampled_from(_NAMES)))
    assert entry
    text = draw(_right(entry))
    around = draw(st.sampled_from(["", " ", "\t"]))
    return Line(
        entry.name,
        text,
        f"{entry.name}{around}={around}{text}{draw(st.sampled_from(['', '', '  ']))}",
    )


@st.composite
def _fault(draw: st.DrawFn) -> Line:
    if draw(st.booleans()):
        return Line("", "", draw(st.sampled_from(_LINES)))
    return _written(draw(st.sampled_from(_NAMES)), draw(st.sampled_from(_WRONG)))


def _written(name: str, text: str) -> Line:
    return Line(name, text, f"{name} = {text}")


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    limit = draw(st.none() | st.none() | st.sampled_from([300, 1024, 2048]))
    lines = draw(st.lists(_line(), min_size=1, max_size=4))
    if limit:
        lines.append(_written("max_client_conn", str(draw(st.integers(100, 2 * limit)))))
    databases = draw(st.lists(st.sampled_from(_DATABASES), max_size=3, unique=True))
    fault = [draw(_fault())] if draw(st.integers(0, 2)) == 0 else []
    is_section = any(line.written.startswith("[") for line in fault)
    lines = [*lines, *fault] if not is_section else lines
    lines += [Line("", "", "\n".join(["[databases]", *databases]))] if databases else []
    return Case((*lines, *(fault if is_section else ())), limit)


_SPELLED = [
    *(Case((_written("max_client_conn", clients), _written("default_pool_size", pool), Line("", "", databases)), 300)
      for clients, pool, databases in (("100", "20", "[databases]\na = host=db"), ("1000", "50", "[databases]\na = host=db"),
                                       ("1000", "50", "[databases]\na = host=db\nb = host=db\nc = host=db"))),
    Case((Line("", "", "[databases]\n* = host=db dbname='it''s' ; x"),)),
    Case((_written("query_timeout", "1.5"),)), Case((Line("", "", "; query_timeout = x"),)),
    Case((Line("", "", "[users]\nbob = pool_mode=session"),)),
]  # fmt: skip


def files(case: Case) -> dict[str, str]:
    return {"p.ini": f"{HEAD}unix_socket_dir = /run\n{_text(case)}"}


def _text(case: Case) -> str:
    return "".join(f"{line.written}\n" for line in case.lines)


def ask(cases: Sequence[Case]) -> Iterator[Answer]:
    need("psql", "postgresql")
    with folder_of_nobody() as folder:
        for case in cases:
            said = started(folder, _text(case), case.nofile)
            if isinstance(said, str):
                yield Answer(said)
                continue
            is_short = case.nofile is not None and said.files > case.nofile
            yield Answer(
                held=_held(said.config), said={"max_client_conn": Fate.ALTERED} if is_short else {}
            )


def _held(config: dict[str, str]) -> dict[str, Held]:
    return {name: told(config[name], entry) for name in _NAMES if (entry := SCHEMA.entry(name))}


ORACLE = Oracle(
    "pgbouncer", "pgbouncer", "pgbouncer", _cases(), _SPELLED, ask, files, spared="the server starts",
    saying={"pgbouncer-exceeds-descriptors": ("max_client_conn", Fate.ALTERED)},
)  # fmt: skip
