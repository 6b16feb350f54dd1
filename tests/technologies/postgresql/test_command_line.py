from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Item, Origin, Setting, Unread
from plimsoll.technologies.postgresql.command_line import arguments


def read(*words: str, **environment: str) -> list[Item]:
    return list(arguments([*map(Word, words)], {n: Word(v) for n, v in environment.items()}))


def shown(items: list[Item]) -> list[str]:
    """Settings as name=text, includes as a path (? where it may be absent)."""
    lines = []
    for item in items:
        if isinstance(item, Setting):
            lines.append(f"{item.name}={item.text}")
        elif isinstance(item, Include):
            lines.append(item.pattern + ("?" if item.is_optional else ""))
        else:
            lines.append(item.reason)
    return lines


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("postgres -c work_mem=4MB", ["work_mem=4MB"]),
        ("postgres -cwork_mem=4MB", ["work_mem=4MB"]),
        ("postgres -c work-mem=4MB", ["work_mem=4MB"]),
        ("postgres --work-mem=4MB", ["work_mem=4MB"]),
        ("postgres -c log_line_prefix=a=b", ["log_line_prefix=a=b"]),
        ("postgres -c search_path=", ["search_path="]),
        ("postgres -c ext.name=1", ["ext.name=1"]),
        (
            "postgres -N 200 -B 16384 -S 64",
            ["max_connections=200", "shared_buffers=16384", "work_mem=64"],
        ),
        (
            "postmaster -p5433 -h 0.0.0.0 -k /tmp",
            ["port=5433", "listen_addresses=0.0.0.0", "unix_socket_directories=/tmp"],
        ),
        ("postgres -i -F -l", ["listen_addresses=*", "fsync=off", "ssl=on"]),
        ("postgres -FN 50", ["fsync=off", "max_connections=50"]),
        ("postgres -fs -f h", ["enable_seqscan=off", "enable_hashjoin=off"]),
        ("postgres -t pa", ["log_parser_stats=on"]),
        ("postgres -d 3 -r x -e", []),
        ("-c max_connections=5", ["max_connections=5"]),
        ("docker-entrypoint.sh postgres -c port=1", ["port=1"]),
        ("gosu postgres postgres -c port=1", ["port=1"]),
        ("/usr/lib/postgresql/15/bin/postgres -p 1", ["port=1"]),
        ("postgres", []),
        ("postgres --single -D /data", []),
        ("postgres --version", []),
    ],
)
def test_options(command: str, expected: list[str]) -> None:
    items = read(*command.split())
    assert shown(items) == expected
    assert all(s.origin is Origin.COMMAND_LINE for s in items if isinstance(s, Setting))


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("postgres -D /data", ["/data/postgresql.conf?", "/data/postgresql.auto.conf?"]),
        (
            "postgres -D /data/ -c config_file=/etc/postgresql.conf",
            [
                "/etc/postgresql.conf",
                "/data/postgresql.auto.conf?",
                "config_file=/etc/postgresql.conf",
            ],
        ),
        ("postgres --config-file=/e/p.conf", ["/e/p.conf", "config_file=/e/p.conf"]),
        (
            "postgres --data_directory=/d",
            ["/d/postgresql.conf?", "/d/postgresql.auto.conf?", "data_directory=/d"],
        ),
        (
            "pg_ctl start -w -l log -D /data -t 30",
            ["/data/postgresql.conf?", "/data/postgresql.auto.conf?"],
        ),
    ],
)
def test_files(command: str, expected: list[str]) -> None:
    assert shown(read(*command.split())) == expected


@pytest.mark.parametrize("option", [["-o", "{}"], ["-o{}"], ["--options", "{}"], ["--options={}"]])
def test_pg_ctl_hands_on_a_command_line(option: list[str]) -> None:
    words = [word.format("-c work_mem='4 MB' -p 5433") for word in option]
    assert shown(read("pg_ctl", "start", *words)) == ["work_mem=4 MB", "port=5433"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["postgres", "-c", "work_mem"], "a name, = and a value belong there"),
        (["postgres", "--work_mem"], "a name, = and a value belong there"),
        (["postgres", "-c"], "-c needs a value"),
        (["postgres", "-p", "1", "-N"], "-N needs a value"),
        (["postgres", "start"], "it is no option"),
        (["pg_ctl", "-o", "-c 'x"], "no closing quotation"),
    ],
)
def test_refused(words: list[str], reason: str) -> None:
    found = read(*words)[-1]
    assert isinstance(found, Unread)
    assert reason in found.reason


def test_environment() -> None:
    items = read("postgres", PGPORT="5433", PGDATA="/data", PGOPTIONS="-c x=1", POSTGRES_DB="shop")
    assert shown(items) == ["port=5433", "/data/postgresql.conf?", "/data/postgresql.auto.conf?"]
    assert isinstance(items[0], Setting)
    assert items[0].origin is Origin.ENVIRONMENT
    assert "/d/postgresql.conf?" in shown(read("postgres", "-D", "/d", PGDATA="/data"))


def test_places() -> None:
    word = Word("work_mem=4MB", Place("compose.yaml", Span(7, 11, 7, 23)))
    [found] = arguments([Word("postgres"), Word("-c"), word], {})
    assert found.place == Place("compose.yaml", Span(7, 11, 7, 23), Span(7, 20, 7, 23))


@given(
    st.lists(
        st.sampled_from(["postgres", "-c", "-o", "a=b", "--", "-", "-N", "-x", "'"])
        | st.text(max_size=6)
    )
)
def test_no_command_line_is_too_much(words: list[str]) -> None:
    for program in ("postgres", "pg_ctl"):
        assert all(item is not None for item in read(program, *words))
