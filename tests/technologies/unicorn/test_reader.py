"""unicorn's file and command line: what each says, what it refuses, and who wins."""

from __future__ import annotations

import pytest

from plimsoll.model.quantity import Amount
from plimsoll.model.setting import Status
from plimsoll.technologies.unicorn.reader import READER
from support import readings


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (
            "unicorn.rb",
            "worker_processes 4\ntimeout 30",
            {"worker_processes": "4", "timeout": "30"},
        ),
        ("unicorn.rb", "preload_app true", {"preload_app": "true"}),
        (
            "unicorn.rb",
            "listen 8080, :tcp_nopush => true, backlog: 64",
            {
                "0.0.0.0:8080/listen": "0.0.0.0:8080",
                "0.0.0.0:8080/tcp_nopush": "true",
                "0.0.0.0:8080/backlog": "64",
            },
        ),
        ("unicorn.rb", "listen 'unix:/run/a'", {"/run/a/listen": "/run/a"}),
        ("unicorn.rb", "after_fork do |s, w|\n  timeout 9\nend", {"after_fork": "function"}),
        ("containers/app.yml", "env:\n  UNICORN_WORKERS: 3\n", {"worker_processes": "3"}),
        ("containers/app.yml", "params:\n  UNICORN_WORKERS: 3\n", {}),
    ],
)
def test_files(path: str, text: str, expected: dict[str, str]) -> None:
    assert readings.held(readings.of("unicorn", {path: text})) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("worker_processes '4'", "whole number"),
        ("worker_processes 0", "at least 1"),
        ("timeout 2", "at least 3"),
        ("preload_app 'yes'", "true or false"),
        ("listen 80, backlog: '5'", "whole number"),
        ("pid 5", "path"),
    ],
)
def test_what_unicorn_does_not_start_with(text: str, reason: str) -> None:
    found = [s for s in readings.of("unicorn", {"unicorn.rb": text}) if s.status is Status.REFUSED]
    assert len(found) == 1
    assert reason in found[0].reason


def test_a_variable_is_a_text_and_so_refused() -> None:
    text = "worker_processes ENV['N'] || 2"
    assert readings.held(readings.of("unicorn", {"unicorn.rb": text}, "unicorn")) == {
        "worker_processes": "2"
    }
    (found, *_) = readings.of("unicorn", {"unicorn.rb": text}, "unicorn", {"N": "3"})
    assert found.status is Status.REFUSED


def test_a_long_timeout_is_cut() -> None:
    (found,) = readings.of("unicorn", {"unicorn.rb": "timeout 99_999_999"})
    assert isinstance(found.value, Amount)
    assert found.value.low == 30 * 86_400


def test_the_command_line_names_file_and_addresses() -> None:
    command = "bundle exec unicorn_rails -c config/unicorn.rb -l 127.0.0.1:81 -E production -D"
    assert readings.included("unicorn", command) == ["config/unicorn.rb"]
    assert readings.held(readings.of("unicorn", {}, command)) == {
        "127.0.0.1:81/listen": "127.0.0.1:81",
        "environment": "production",
        "daemonize": "true",
    }


def test_where_it_listens() -> None:
    found = readings.of("unicorn", {"unicorn.rb": "listen '/run/u.sock'\nlisten 3000"})
    assert READER.endpoints is not None
    ends = [(e.host, e.port, e.socket) for e in READER.endpoints(found)]
    assert ends == [("", None, "/run/u.sock"), ("0.0.0.0", 3000, "")]  # noqa: S104
    (default,) = READER.endpoints([])
    assert default.port == 8080
