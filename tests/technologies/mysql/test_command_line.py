from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Item, Origin, Setting, Status, Unread
from plimsoll.stack import read_texts
from plimsoll.technologies.mysql.command_line import arguments


def read(command: str) -> list[Item]:
    return list(arguments([*map(Word, command.split())], {}))


def shown(items: list[Item]) -> list[str]:
    lines = []
    for item in items:
        if isinstance(item, Setting):
            lines.append(f"{item.name}={item.text}")
        else:
            lines.append(item.pattern if isinstance(item, Include) else item.reason)
    return lines


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("mysqld --max-connections=5", ["max_connections=5"]),
        ("mysqld --max_connections 5 --port=1", ["max_connections=5", "port=1"]),
        ("--max-connections=5", ["max_connections=5"]),
        ("docker-entrypoint.sh mysqld --sql-mode=", ["sql_mode="]),
        ("/usr/sbin/mariadbd --skip-name-resolve -P 3307", ["skip_name_resolve=1", "port=3307"]),
        ("mysqld -P3307 -u mysql -h/data", ["port=3307", "user=mysql", "datadir=/data"]),
        ("mysqld --log-bin --loose-foo=1", ["log_bin=1", "foo=1"]),
        ("mysqld --innodb-doublewrite=0 -- --port=1", ["innodb_doublewrite=0"]),
        ("mysqld_safe --open-files-limit=9", ["open_files_limit=9"]),
        ("mysqld --defaults-file=/x/my.cnf --port=1",
         ["defaults_file=/x/my.cnf", "/x/my.cnf", "port=1"]),
        ("mysqld --defaults-extra-file=/x/my.cnf", ["defaults_extra_file=/x/my.cnf", "/x/my.cnf"]),
        ("mysqld --no-defaults --port=1", ["no_defaults=", "port=1"]),
        ("mysqld --help --verbose", []),
        ("mysqld", []),
        ("mysqld -O key_buffer_size=1M", ["key_buffer_size=1M"]),
        ("mysqld word", ["the server refuses this word: it is no option"]),
        ("mysqld -P", ["the server refuses this word: -P needs a value"]),
    ],
)  # fmt: skip
def test_words(command: str, expected: list[str]) -> None:
    assert shown(read(command)) == expected


@pytest.mark.parametrize(
    ("command", "name", "reason"),
    [
        ("mysqld --port=1 --defaults-file=/x", "defaults_file", "has to be the first"),
        ("mysqld --tmpdir", "tmpdir", "needs a value"),
        ("mysqld -O port=1", "port", "gone since 5.5"),
        ("mysqld --slow-query=1", "slow_query", "may mean"),
    ],
)
def test_words_that_stop_the_server(command: str, name: str, reason: str) -> None:
    *_, found = read(command)
    assert isinstance(found, Setting)
    assert (found.name, found.status, found.origin) == (name, Status.REFUSED, Origin.COMMAND_LINE)
    assert reason in found.reason


def test_the_command_of_a_container_with_its_mounted_file() -> None:
    compose = (
        "services:\n  db:\n    image: mariadb:10.11\n"
        "    command: --max-connections=500 --innodb-buffer-pool-size=1G\n"
        '    volumes: ["./my.cnf:/etc/mysql/conf.d/my.cnf"]\n'
        "    environment: {MARIADB_ROOT_PASSWORD: s3cret}\n"
    )
    stack = read_texts({"docker-compose.yml": compose, "my.cnf": "[mariadb]\nmax_connections=4\n"})
    db = stack.services["db"]
    assert (db.technology, str(db.version)) == ("mysql", "10.11")
    assert db.held["max_connections"].text == "500"
    assert [s.text for s in db.settings if s.status is Status.SHADOWED] == ["4"]
    assert db.held["innodb_buffer_pool_size"].place
    assert db.held["innodb_buffer_pool_size"].place.span.line == 4


@pytest.mark.parametrize("name", ["mysql", "mariadb", "percona"])
def test_the_names_of_the_technology(name: str) -> None:
    said = {"plimsoll.yaml": f"services: {{db: {{technology: {name}, files: [my.cnf]}}}}\n",
            "my.cnf": "[mysqld]\nport=1\n"}  # fmt: skip
    db = read_texts(said).services["db"]
    assert (db.technology, db.held["port"].text) == ("mysql", "1")


WORDS = [
    "mysqld",
    "--port",
    "--port=1",
    "-P",
    "-P1",
    "--",
    "-",
    "--skip-x",
    "--no-defaults",
    "--defaults-file",
]


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=5)))
def test_any_words_are_read(words: list[str]) -> None:
    for item in arguments([*map(Word, words)], {}):
        assert isinstance(item, Setting | Include | Unread)
