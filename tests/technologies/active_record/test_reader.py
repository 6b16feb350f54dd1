"""database.yml: which environment counts, what ERB comes to, where the databases are."""

from __future__ import annotations

import pytest

from plimsoll.model.quantity import Amount
from plimsoll.model.setting import Status, Unknown
from plimsoll.technologies.active_record.reader import READER
from support import readings

FILE = """\
default: &default
  adapter: postgresql
  pool: <%= ENV.fetch("RAILS_MAX_THREADS") { 5 } %>
  variables:
    statement_timeout: 15s
production:
  <<: *default
  host: db.internal
  checkout_timeout: 2.5
staging:
  <<: *default
  pool: 9
"""
SEVERAL = """\
production:
  primary:
    adapter: mysql2
    host: a
    pool: 3
  replica:
    adapter: mysql2
    host: b
    replica: true
"""


def of(text: str, environment: dict[str, str] | None = None) -> dict[str, str]:
    found = readings.of("active-record", {"config/database.yml": text}, "", environment)
    return readings.held(found)


def test_the_environment_of_production_counts_unless_another_is_set() -> None:
    assert of(FILE) == {
        "production/adapter": "postgresql",
        "production/pool": "5",
        "production/variables.statement_timeout": "15s",
        "production/host": "db.internal",
        "production/checkout_timeout": "2.5",
    }
    assert of(FILE, {"RAILS_ENV": "staging"})["staging/pool"] == "9"


@pytest.mark.parametrize(("threads", "pool"), [(None, "5"), ("16", "16")])
def test_a_variable_in_it_is_resolved(threads: str | None, pool: str) -> None:
    environment = {"RAILS_ENV": "production"} | ({"RAILS_MAX_THREADS": threads} if threads else {})
    assert of(FILE, environment)["production/pool"] == pool


def test_all_else_in_erb_is_a_template() -> None:
    text = "production:\n  adapter: mysql2\n  pool: <%= Settings.pool %>\n"
    found = readings.of("active-record", {"database.yml": text})
    pool = next(s for s in found if s.name == "pool")
    assert isinstance(pool.value, Unknown)
    assert pool.value.reason.startswith("template: ")
    assert pool.place is not None
    assert (pool.place.span.line, pool.place.span.column) == (3, 3)


def test_several_databases_are_parts_of_their_own() -> None:
    assert of(SEVERAL) == {
        "primary/adapter": "mysql2",
        "primary/host": "a",
        "primary/pool": "3",
        "replica/adapter": "mysql2",
        "replica/host": "b",
        "replica/replica": "true",
    }
    found = readings.of("active-record", {"database.yml": SEVERAL})
    assert READER.endpoints is not None
    ends = [(e.host, e.port, e.technology, e.part) for e in READER.endpoints(found)]
    assert ends == [
        ("a", 3306, "mysql", "database primary"),
        ("b", 3306, "mysql", "database replica"),
    ]


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        ("adapter: postgresql\n  host: h\n  port: 6432", ("h", 6432, "", "postgresql")),
        ("adapter: postgresql\n  host: /run/pg", ("", None, "/run/pg/.s.PGSQL.5432", "postgresql")),
        ("url: postgres://u:p@h:1/d?pool=7", ("h", 1, "", "postgresql")),
        ("url: mysql2://h/d", ("h", 3306, "", "mysql")),
        ("adapter: trilogy", ("localhost", 3306, "", "mysql")),
        ("adapter: sqlite3\n  database: a", ("", None, "", "")),
        ("adapter: postgresql\n  host: <%= x %>", ("", None, "", "postgresql")),
    ],
)
def test_where_the_database_is(lines: str, end: tuple[str, int | None, str, str]) -> None:
    found = readings.of("active-record", {"database.yml": f"production:\n  {lines}\n"})
    assert READER.endpoints is not None
    (got,) = READER.endpoints(found)
    assert (got.host, got.port, got.socket, got.technology) == end


def test_the_query_of_a_url_holds_settings() -> None:
    assert of("production:\n  url: postgres://h/d?pool=7\n")["production/pool"] == "7"


def test_database_url_wins_over_the_file() -> None:
    text = "production:\n  adapter: postgresql\n  url: postgres://old/d\n  pool: 3\n"
    found = of(text, {"DATABASE_URL": "postgres://new/d?pool=9"})
    assert found["production/url"] == "postgres://new/d?pool=9"
    assert found["production/pool"] == "9"


def test_common_variables_count_where_no_file_is() -> None:
    assert of("", {"DB_POOL": "25"}) == {"environment/pool": "25"}
    text = "production:\n  adapter: postgresql\n  pool: 3\n"
    found = readings.of("active-record", {"database.yml": text}, "", {"DB_POOL": "25"})
    assert [s.status for s in found if s.text == "25"] == [Status.IGNORED]


def test_gitlab_s_file_gives_its_database() -> None:
    text = "gitlab_rails['db_pool'] = 10\ngitlab_rails['db_host'] = 'h'\nexternal_url 'x'\n"
    found = readings.of("active-record", {"gitlab.rb": text})
    assert readings.held(found) == {"gitlab_rails/pool": "10", "gitlab_rails/host": "h"}


@pytest.mark.parametrize(("text", "value"), [("0", "never"), ("300", "5 min"), ("2.5", "2.5 s")])
def test_times_are_seconds(text: str, value: str) -> None:
    found = readings.of("active-record", {"database.yml": f"production:\n  idle_timeout: {text}\n"})
    assert isinstance(found[0].value, Amount)
    assert str(found[0].value) == value


@pytest.mark.parametrize("text", ["production: [", "a: *b", "<% if x %>\n  - a: : b\n<% end %>"])
def test_what_is_no_yaml_is_unread(text: str) -> None:
    assert readings.unread("active-record", text, "database.yml")
