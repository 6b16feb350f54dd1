"""Sidekiq's file, initializer, command line and environment."""

from __future__ import annotations

import pytest

from plimsoll.model.setting import Status, Unknown
from plimsoll.technologies.sidekiq.reader import READER
from support import readings


@pytest.mark.parametrize(
    ("text", "environment", "expected"),
    [
        (":concurrency: 10\n", {}, {"concurrency": "10"}),
        ("concurrency: 7\ntimeout: 30\n", {}, {"concurrency": "7", "timeout": "30"}),
        (
            ":concurrency: 5\nproduction:\n  :concurrency: 20\nstaging:\n  :concurrency: 9\n",
            {},
            {"production/concurrency": "20"},
        ),
        (
            ":concurrency: 5\nproduction:\n  :concurrency: 20\nstaging:\n  :concurrency: 9\n",
            {"RAILS_ENV": "staging"},
            {"staging/concurrency": "9"},
        ),
        (':concurrency: <%= ENV.fetch("N") { 5 } %>\n', {}, {"concurrency": "5"}),
        (':concurrency: <%= ENV.fetch("N") { 5 } %>\n', {"N": "12"}, {"concurrency": "12"}),
        (":concurrency: <%= Integer(ENV['N'] || 4) * 2 -%>\n", {"N": "3"}, {"concurrency": "6"}),
        ("concurrency: 1\n:concurrency: 2\n", {}, {"concurrency": "1"}),
        (":concurrency: 2\nconcurrency: 1\n", {}, {"concurrency": "1"}),
        (":a: &x\n  :b: 1\n:c: *x\n", {}, {"a.b": "1", "c.b": "1"}),
    ],
)
def test_files(text: str, environment: dict[str, str], expected: dict[str, str]) -> None:
    found = readings.of("sidekiq", {"config/sidekiq.yml": text}, "sidekiq", environment)
    assert readings.held(found) == expected


@pytest.mark.parametrize(
    "text",
    [
        ":concurrency: <%= Settings.threads %>\n",
        "<% if x %>\n:concurrency: 5\n<% else %>\n:timeout: 9\n<% end %>\n",
    ],
)
def test_a_template_is_no_fact(text: str) -> None:
    (found, *_) = readings.of("sidekiq", {"sidekiq.yml": text})
    assert isinstance(found.value, Unknown) or found.name != "concurrency"


@pytest.mark.parametrize(
    ("command", "environment", "expected"),
    [
        ("sidekiq -c 25 -t 20", {}, {"concurrency": "25", "timeout": "20"}),
        ("bundle exec sidekiq --concurrency=3", {}, {"concurrency": "3"}),
        ("sidekiq", {"RAILS_MAX_THREADS": "8"}, {"concurrency": "8"}),
        ("sidekiq -c 2", {"RAILS_MAX_THREADS": "8"}, {"concurrency": "2"}),
        ("sidekiq -q a,2 -q b -e staging", {}, {"queues": "b", "environment": "staging"}),
    ],
)
def test_command_lines(command: str, environment: dict[str, str], expected: dict[str, str]) -> None:
    assert readings.held(readings.of("sidekiq", {}, command, environment)) == expected


def test_the_file_wins_over_the_variable_and_loses_to_the_command_line() -> None:
    files = {"sidekiq.yml": ":concurrency: 6\n:timeout: 9\n"}
    found = readings.of("sidekiq", files, "sidekiq -t 20", {"RAILS_MAX_THREADS": "8"})
    assert readings.held(found) == {"concurrency": "6", "timeout": "20"}
    assert readings.included("sidekiq", "sidekiq -C config/a.yml") == ["config/a.yml"]


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"sidekiq.yml": ":concurrency: 0\n"}, ""),
        ({"sidekiq.yml": ":timeout: soon\n"}, ""),
        ({}, "sidekiq -c many"),
        ({}, "sidekiq -t"),
        ({}, "sidekiq --concurency 5"),
    ],
)
def test_what_sidekiq_does_not_start_with(files: dict[str, str], command: str) -> None:
    found = readings.of("sidekiq", files, command)
    assert [s.status for s in found if s.name != "environ"] == [Status.REFUSED]


INITIALIZER = """
Sidekiq.configure_server do |config|
  config.redis = { url: ENV.fetch("REDIS_URL", "redis://jobs:6380/1"), size: 12, network_timeout: 5 }
  config.average_scheduled_poll_interval = 15
end
Sidekiq.configure_client do |config|
  config.redis = { url: "redis://jobs:6380/1", size: 3 }
end
"""


def test_an_initializer_says_where_the_jobs_are() -> None:
    found = readings.of("sidekiq", {"config/initializers/sidekiq.rb": INITIALIZER}, "sidekiq")
    assert readings.held(found) == {
        "server/redis.url": "redis://jobs:6380/1",
        "server/redis.size": "12",
        "server/redis.network_timeout": "5",
        "average_scheduled_poll_interval": "15",
        "client/redis.url": "redis://jobs:6380/1",
        "client/redis.size": "3",
    }
    assert READER.endpoints is not None
    ends = [(e.host, e.port, e.part) for e in READER.endpoints(found)]
    assert ends == [("jobs", 6380, "redis server"), ("jobs", 6380, "redis client")]


def test_its_redis_is_that_of_a_variable_or_the_machine_s_own() -> None:
    assert READER.endpoints is not None
    told = readings.of("sidekiq", {}, "sidekiq", {"REDIS_URL": "redis://r:1"})
    assert [(e.host, e.port) for e in READER.endpoints(told)] == [("r", 1)]
    named = readings.of("sidekiq", {}, "sidekiq", {"REDIS_PROVIDER": "R", "R": "redis://p:2"})
    assert [(e.host, e.port) for e in READER.endpoints(named)] == [("p", 2)]
    plain = readings.of("sidekiq", {"sidekiq.yml": ":concurrency: 1\n"})
    assert [(e.host, e.port) for e in READER.endpoints(plain)] == [("localhost", 6379)]
