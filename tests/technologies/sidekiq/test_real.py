"""The reader against Sidekiq's own reading of options and files."""

from __future__ import annotations

import shlex
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import Amount
from plimsoll.model.setting import Status
from support import readings
from support.counts import drawn
from support.programs import need
from support.rubies import answers

pytestmark = pytest.mark.real

ASK = """
    ENV.delete_if { |name, _| name =~ /_ENV$|RAILS_MAX_THREADS|COUNT/ }
    question["environment"].each { |name, text| ENV[name] = text }
    require "sidekiq/cli"
    $stderr.reopen("/dev/null")
    Sidekiq.options = Sidekiq::DEFAULTS.dup
    File.write("sidekiq.yml", question["text"])
    cli = Sidekiq::CLI.instance
    cli.send(:setup_options, ["-C", "sidekiq.yml", "-r", "sidekiq.yml", *question["words"]])
    cli.send(:validate!)
    {concurrency: Sidekiq.options[:concurrency].to_i, timeout: Sidekiq.options[:timeout].to_i}
"""
lines = st.one_of(
    st.tuples(st.sampled_from(["concurrency", "timeout"]), st.integers(1, 99)).map(
        lambda t: f":{t[0]}: {t[1]}"
    ),
    st.integers(1, 99).map(lambda n: f"concurrency: '{n}'"),
    st.integers(1, 9).map(lambda n: f":concurrency: <%= ENV.fetch('COUNT') {{ {n} }} %>"),
    st.integers(1, 9).map(lambda n: f":timeout: <%= Integer(ENV['COUNT'] || {n}) * 2 %>"),
    st.integers(1, 99).map(lambda n: f"production:\n  :concurrency: {n}"),
    st.integers(1, 99).map(lambda n: f"staging:\n  :concurrency: {n}\n  :timeout: {n}"),
    st.just(":queues:\n  - default\n  - [mailers, 2]"),
)
options = st.one_of(
    st.integers(1, 99).map(lambda n: ["-c", str(n)]),
    st.integers(1, 99).map(lambda n: [f"--timeout={n}"]),
    st.integers(1, 99).map(lambda n: [f"-t{n}"]),
    st.just(["-q", "low,2", "-v"]),
)
environments = st.fixed_dictionaries(
    {"RAILS_ENV": st.sampled_from(["production", "staging"])},
    optional={
        "RAILS_MAX_THREADS": st.integers(1, 50).map(str),
        "COUNT": st.integers(1, 50).map(str),
    },
)
WRONG_LINES = [
    ":concurrency: 0",
    ":timeout: x",
    ":concurrency: -1",
    ":concurrency: [",
    "timeout: ''",
]
WRONG_WORDS = [["-c", "x"], ["-t", "1.5"], ["-c"], ["--concurency", "5"], ["-c", ""], ["-z"]]


def ask(text: str, words: list[str], environment: dict[str, str]) -> Any:
    need("sidekiq", "ruby-sidekiq")
    question: object = {"text": text, "words": words, "environment": environment}
    with TemporaryDirectory() as folder:
        return answers(ASK, [question], Path(folder))[0]


@drawn(4, 60)
@given(
    text=st.lists(lines, max_size=5, unique_by=lambda t: t.partition(":")[0] or t[:6]).map(
        lambda given: "\n".join(given) + "\n"
    ),
    words=st.lists(options, max_size=2, unique_by=lambda o: o[0][:3]).map(
        lambda given: [w for each in given for w in each]
    ),
    environment=environments,
)
def test_what_sidekiq_makes_of_them_is_what_we_read(
    text: str, words: list[str], environment: dict[str, str]
) -> None:
    theirs = ask(text, words, environment)
    assert "refused" not in theirs, (text, words, theirs)
    command = shlex.join(["sidekiq", *words])
    found = readings.of("sidekiq", {"sidekiq.yml": text}, command, environment)
    defaults = {"concurrency": 10, "timeout": 25}  # of 6.4
    for name, value in theirs.items():
        held = [s.value for s in found if s.name == name and s.status is Status.EFFECTIVE]
        ours = held[0].low if held and isinstance(held[0], Amount) else defaults[name]
        assert ours == value, (name, text, words, environment)


@drawn(4, 60)
@given(
    text=st.sampled_from(WRONG_LINES), words=st.none() | st.sampled_from(WRONG_WORDS), good=lines
)
def test_what_sidekiq_refuses_is_no_effective_setting(
    text: str, words: list[str] | None, good: str
) -> None:
    environment = {"RAILS_ENV": "test"}
    text = f"{good if words else text}\n"
    assert "refused" in ask(text, words or [], environment), (text, words)
    found = readings.of(
        "sidekiq", {"sidekiq.yml": text}, shlex.join(["sidekiq", *(words or [])]), environment
    )
    ill = readings.unread("sidekiq", text, "sidekiq.yml")
    assert ill or any(s.status is Status.REFUSED for s in found), (text, words, found)
