"""A running PostgreSQL, asked through psql.

Sources: PostgreSQL manual, pg_settings, pg_db_role_setting, postmaster.pid (storage file layout).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.live import Answer, Asking, Live, Server, Source, Told
from plimsoll.model.place import Place, Span

_READ_ONLY = {
    "PGOPTIONS": "-c default_transaction_read_only=on -c statement_timeout=2000 -c lock_timeout=500",
    "PGCONNECT_TIMEOUT": "2",
    "PGAPPNAME": "plimsoll audit",
}
# A row's reset value is what a new session gets, whatever this session's own options say.
_SETTINGS = """
SELECT name, reset_val, coalesce(unit, ''), source, coalesce(sourcefile, ''),
       coalesce(sourceline, 0), pending_restart, vartype, context
FROM pg_settings ORDER BY name"""
_OVERRIDES = """
SELECT coalesce(r.rolname, ''), coalesce(d.datname, ''), unnest(s.setconfig)
FROM pg_db_role_setting s
LEFT JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase
ORDER BY 1, 2, 3"""
_SESSIONS = """
SELECT count(*), count(*) FILTER (WHERE backend_start < pg_conf_load_time()),
       extract(epoch FROM pg_conf_load_time()), extract(epoch FROM pg_postmaster_start_time())
FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"""

_SOURCES = {
    "default": Source.DEFAULT,
    "configuration file": Source.FILE,
    "command line": Source.COMMAND_LINE,
    "environment variable": Source.ENVIRONMENT,
}
_ALTERED = "postgresql.auto.conf"
# Of this session, its role and its database, not of the server.
_OWN = frozenset(
    {
        *("session", "client", "override", "interactive", "test"),
        *("user", "database", "database user", "global"),
    }
)
_UNIT = re.compile(r"(\d+)(kB|MB)")


def ask(server: Server, asking: Asking) -> None:
    words = list(server.main.words)
    folder = words[words.index("-D") + 1] if "-D" in words[:-1] else server.main.folder
    told = asking.read("postmaster.pid", f"{folder}/postmaster.pid").text.splitlines()
    if len(told) < 5 or not told[3].isdecimal():
        return
    port, sockets, address = told[3], told[4], (told[5:6] or [""])[0]
    host = sockets.split(",")[0] or ("localhost" if address in ("*", "") else address)
    queries = (("settings", _SETTINGS), ("overrides", _OVERRIDES), ("sessions", _SESSIONS))
    psql = ("psql", "-XwqAt", "-h", host, "-p", port, "-d", "postgres")
    for name, query in queries:
        answer = asking.run(
            name,
            (*psql, "-c", f"COPY ({query}) TO STDOUT CSV"),
            environment=_READ_ONLY,
        )
        if answer.failure:
            return


def told(_server: Server, answers: Mapping[str, Answer]) -> Iterator[Told]:
    for name, text, unit, source, file, line, pending, kind, context in _rows(answers, "settings"):
        if source in _OWN or context == "internal":
            continue
        where = _SOURCES.get(source, Source.UNKNOWN)
        place = None
        if file:
            place = Place(file, Span(int(line), 1, int(line), 1))
            where = Source.ALTERED if file.endswith(f"/{_ALTERED}") else where
        yield Told(name, _written(text, unit, kind), where, place, is_pending=pending == "t")
    for role, database, pair in _rows(answers, "overrides"):
        name, _, text = pair.partition("=")
        source = Source.ROLE if role else Source.DATABASE
        yield Told(name, text, source, whom=" in ".join(filter(None, (role, database))))


def _written(text: str, unit: str, kind: str) -> str:
    """A value with the unit in which the server counts (8kB, 16MB, ms), as a file would say it."""
    if kind not in ("integer", "real") or text.startswith("-") or not unit:
        return text
    blocks = _UNIT.fullmatch(unit)
    return f"{int(text) * int(blocks[1])}{blocks[2]}" if blocks else f"{text}{unit}"


def files(_: Server, answers: Mapping[str, Answer]) -> Sequence[str]:
    told = {row[0]: row[1] for row in _rows(answers, "settings")}
    main = told.get("config_file", "")
    folder = told.get("data_directory", "")
    return tuple(each for each in (main, f"{folder}/{_ALTERED}" if folder else "") if each)


def version(answers: Mapping[str, Answer]) -> str:
    told = {row[0]: row[1] for row in _rows(answers, "settings")}
    return told.get("server_version", "").split(" ")[0]


def _rows(answers: Mapping[str, Answer], name: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(answers.get(name, Answer()).text))


LIVE = Live(ask=ask, told=told, files=files, version=version)
