"""Puma's file, command line and environment: what each says, and who wins."""

from __future__ import annotations

import pytest

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.setting import Formula, Origin, Status, Unknown
from plimsoll.technologies.puma.reader import READER
from support import readings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("workers 3", {"workers": "3"}),
        ("threads 1, 5", {"min_threads": "1", "max_threads": "5"}),
        ("threads 4", {"min_threads": "4", "max_threads": "4"}),
        ("n = 6\nthreads n, n", {"min_threads": "6", "max_threads": "6"}),
        ("preload_app!", {"preload_app": "true"}),
        ("preload_app! false", {"preload_app": "false"}),
        ("force_shutdown_after", {"force_shutdown_after": "forever"}),
        ("port 3000", {"tcp://0.0.0.0:3000/bind": "tcp://0.0.0.0:3000"}),
        ("port 3000, '::1'", {"tcp://::1:3000/bind": "tcp://::1:3000"}),
        ("workers 2 if true", {"workers": "2"}),
        ("workers 2 if false", {}),
        ("workers 1\nworkers 2", {"workers": "2"}),
        ("on_worker_boot do\n  workers 9\nend", {"on_worker_boot": "function"}),
        ("puma['worker_processes'] = 8\nsidekiq['concurrency'] = 2", {"workers": "8"}),
        ("\ufeffworkers 2\r\n", {"workers": "2"}),
    ],
)
def test_files(text: str, expected: dict[str, str]) -> None:
    assert readings.held(readings.of("puma", {"config/puma.rb": text})) == expected


def test_the_query_of_an_address_is_in_its_block() -> None:
    found = readings.of("puma", {"puma.rb": "bind 'tcp://127.0.0.1:9?low_latency=true&backlog=64'"})
    assert [(s.name, s.text) for s in found if s.scope] == [
        ("bind", "tcp://127.0.0.1:9?low_latency=true&backlog=64"),
        ("backlog", "64"),
    ]
    assert {s.scope for s in found if s.name in ("bind", "backlog")} == {found[0].scope}


@pytest.mark.parametrize(
    ("command", "environment", "expected"),
    [
        ("puma -w 2 -t 5:9", {}, {"workers": "2", "min_threads": "5", "max_threads": "9"}),
        ("puma -w2 --threads=3", {}, {"workers": "2", "min_threads": "3", "max_threads": "3"}),
        ("bundle exec puma --work 4", {}, {"workers": "4"}),
        ("puma -p 80", {}, {"tcp://0.0.0.0:80/bind": "tcp://0.0.0.0:80"}),
        ("puma", {"WEB_CONCURRENCY": "3"}, {"workers": "3"}),
        ("puma", {"MAX_THREADS": "7", "PUMA_MAX_THREADS": "8"}, {"max_threads": "8"}),
        ("puma -w 1", {"WEB_CONCURRENCY": "3"}, {"workers": "1"}),
        ("puma", {"RAILS_MAX_THREADS": "3"}, {}),  # puma.rb asks for it, not Puma
        ("bin/rails server -p 3001", {}, {"tcp://localhost:3001/bind": "tcp://localhost:3001"}),
        ("rails s -b 0.0.0.0", {}, {"tcp://0.0.0.0:3000/bind": "tcp://0.0.0.0:3000"}),
    ],
)
def test_command_lines(command: str, environment: dict[str, str], expected: dict[str, str]) -> None:
    assert readings.held(readings.of("puma", {}, command, environment)) == expected


def test_a_file_wins_over_variables_and_loses_to_the_command_line() -> None:
    files = {"config/puma.rb": "workers 2\nthreads 2, 4\nbind 'tcp://a:1'"}
    found = readings.of("puma", files, "puma -w 3 -b tcp://b:2", {"MAX_THREADS": "9"})
    assert readings.held(found) == {
        "workers": "3",
        "min_threads": "2",
        "max_threads": "4",
        "tcp://b:2/bind": "tcp://b:2",
    }
    lost = {s.text: s.winner for s in found if s.status is Status.SHADOWED}
    assert {text: winner.text for text, winner in lost.items() if winner} == {
        "2": "3",
        "9": "4",
        "tcp://a:1": "tcp://b:2",
    }


@pytest.mark.parametrize(
    ("environment", "holds"),
    [({}, "5"), ({"RACK_ENV": "production"}, "5"), ({"RAILS_ENV": "staging"}, "2")],
)
def test_the_file_of_an_environment_is_read_before_the_common_one(
    environment: dict[str, str], holds: str
) -> None:
    files = {"config/puma.rb": "workers 2", "config/puma/production.rb": "workers 5"}
    found = readings.of("puma", files, "puma", environment)
    assert readings.held(found) == {"workers": holds} | (
        {"environment": next(iter(environment.values()))} if environment else {}
    )


def test_options_name_the_file() -> None:
    assert readings.included("puma", "puma -C config/prod.rb") == ["config/prod.rb"]
    assert readings.included("puma", "puma --config=a.rb") == ["a.rb"]


def test_variables_that_a_file_asks_for() -> None:
    text = 'workers ENV.fetch("WEB_CONCURRENCY") { 2 }\nthreads 1, Integer(ENV["N"] || 5)\n'
    assert readings.held(readings.of("puma", {"puma.rb": text}, "puma"))["workers"] == "2"
    found = readings.of("puma", {"puma.rb": text}, "puma", {"WEB_CONCURRENCY": "6"})
    assert readings.held(found) == {"workers": "6", "min_threads": "1", "max_threads": "5"}
    five = next(s for s in found if s.name == "max_threads")
    assert (five.origin, five.reason) == (Origin.FILE, "unless the environment sets N")


@pytest.mark.parametrize(
    ("text", "status", "reason"),
    [
        ("threads 5, 1", Status.REFUSED, "above the maximum"),
        ("threads 0, 0", Status.REFUSED, "at least 1"),
        ("persistent_timeout 'x'", Status.REFUSED, "no number"),
        ("worker_timeuot 30", Status.UNKNOWN_NAME, "did you mean worker_timeout?"),
        ("workers 2 if rand > 1", Status.EFFECTIVE, ""),
    ],
)
def test_what_puma_says_no_to(text: str, status: Status, reason: str) -> None:
    (first, *_) = readings.of("puma", {"puma.rb": text})
    assert first.status is status
    assert reason in first.reason


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("workers :auto", Formula("-ceil(-s.cores)")),
        ("workers Etc.nprocessors", Formula("s.cores_seen")),
        ("workers '3 or so'", Amount.of(3)),
        ("workers rand(3)", Unknown("computed: rand(3)")),
    ],
)
def test_what_a_number_of_workers_means(text: str, value: object) -> None:
    (found,) = readings.of("puma", {"puma.rb": text})
    assert found.value == value


def test_forever_is_never() -> None:
    (found,) = readings.of("puma", {"puma.rb": "force_shutdown_after :forever"})
    assert isinstance(found.value, Amount)
    assert found.value.low == UNLIMITED


def test_where_it_listens() -> None:
    text = "bind 'unix:///run/a.sock'\nbind 'tcp://[::1]:3000'\nbind \"tcp://#{x}:1\""
    found = readings.of("puma", {"puma.rb": text})
    assert READER.endpoints is not None
    ends = [(e.host, e.port, e.socket) for e in READER.endpoints(found)]
    assert ends[:2] == [("", None, "/run/a.sock"), ("::1", 3000, "")]
    (default,) = READER.endpoints([])
    assert (default.host, default.port) == ("0.0.0.0", 9292)  # noqa: S104


@pytest.mark.parametrize("text", ["workers 2\nthreads 1, (", "workers 'x\n", "end"])
def test_what_is_no_ruby_is_unread(text: str) -> None:
    assert readings.unread("puma", text, "puma.rb")
