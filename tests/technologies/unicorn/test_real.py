"""The reader against unicorn's own Configurator, with random files."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import Amount
from plimsoll.model.setting import Setting, Status, Unread
from plimsoll.technologies.unicorn.reader import READER
from support import readings
from support.counts import drawn
from support.programs import need
from support.rubies import answers

pytestmark = pytest.mark.real

ASK = """
    require "unicorn"
    File.write("unicorn.rb", question)
    config = Unicorn::Configurator.new(config_file: File.expand_path("unicorn.rb"), use_defaults: true)
    set = config.set
    names = %i[worker_processes timeout preload_app client_body_buffer_size check_client_connection
               rewindable_input worker_exec early_hints]
    names.to_h { |name| [name, set[name]] }
      .merge("listeners" => set[:listeners] == :unset ? [] : set[:listeners],
             "backlogs" => set[:listener_opts].values.map { |each| each[:backlog] }.compact)
"""

FLAGS = ["preload_app", "check_client_connection", "rewindable_input", "worker_exec", "early_hints"]
statements = st.one_of(
    st.integers(1, 40).map(lambda n: f"worker_processes {n}"),
    st.integers(3, 5_000_000).map(lambda n: f"timeout {n}"),
    st.tuples(st.sampled_from(FLAGS), st.sampled_from(["true", "false", "!true"])).map(" ".join),
    st.integers(0, 10**6).map(lambda n: f"client_body_buffer_size({n} * 2)"),
    st.tuples(st.integers(1024, 9999), st.integers(1, 2000)).map(
        lambda t: f"listen {t[0]}, backlog: {t[1]}, :tcp_nopush => true"
    ),
    st.sampled_from(
        ["listen '/run/a.sock'", "listen '127.0.0.1:9'", "n = 3\nworker_processes n + 1"]
    ),
    st.sampled_from(["# a", "before_fork do |a, b|\nend", "worker_processes 5 if ENV['NOT_SET']"]),
)
WRONG = [
    "worker_processes '2'",
    "worker_processes 0",
    "worker_processes 1.5",
    "worker_processes nil",
    "timeout 2",
    "timeout '30'",
    "preload_app 1",
    "preload_app :true",
    "listen 80, backlog: '1'",
    "pid 7",
    "worker_proceses 3",
    "timeout 30 end",
    "listen (",
    "stderr_path 'a",
]


def ask(text: str) -> Any:
    need("unicorn", "unicorn")
    with TemporaryDirectory() as folder:
        return answers(ASK, [text], Path(folder))[0]


@drawn(5, 60)
@given(text=st.lists(statements, max_size=10).map("\n".join))
def test_what_unicorn_makes_of_a_file_is_what_we_read(text: str) -> None:
    theirs = ask(text)
    assert "refused" not in theirs, (text, theirs)
    found = readings.of("unicorn", {"unicorn.rb": text}, "unicorn")
    held = {s.name: s for s in found if s.status is Status.EFFECTIVE and not s.scope}
    for name, value in theirs.items():
        if name in held:
            ours = held[name].value
            assert (ours.low if isinstance(ours, Amount) else ours) == value, (name, text)
    listens = [s for s in found if s.name == "listen"]
    assert [s.text for s in listens] == theirs["listeners"]
    last = {s.scope[-1].name: s.text for s in found if s.name == "backlog"}
    assert sorted(last.values()) == sorted(map(str, theirs["backlogs"]))


@drawn(5, 60)
@given(wrong=st.sampled_from(WRONG), before=statements, after=statements)
def test_what_unicorn_refuses_is_no_effective_setting(wrong: str, before: str, after: str) -> None:
    text = f"{before}\n{wrong}\n{after}\n"
    assert "refused" in ask(text), text
    line = before.count("\n") + 2
    ill = [i for i in READER.read(text, "unicorn.rb") if isinstance(i, Unread)]
    settings = readings.of("unicorn", {"unicorn.rb": text}, "unicorn")
    bad = [s for s in settings if s.status in (Status.REFUSED, Status.UNKNOWN_NAME)]
    places = [i.place.span for i in [*ill, *bad] if isinstance(i, Setting | Unread) and i.place]
    assert any(span.line <= line <= span.end_line for span in places), text
