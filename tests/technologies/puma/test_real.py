"""The reader against Puma's own: what its configuration makes of random files."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import Amount
from plimsoll.model.reader import Word
from plimsoll.model.setting import Formula, Item, Setting, Status
from plimsoll.model.version import Version
from plimsoll.stack.settle import settled
from plimsoll.syntax.python import carried
from plimsoll.technologies import technology
from plimsoll.technologies.puma.reader import READER
from support.counts import drawn
from support.programs import need
from support.puma import configured

pytestmark = pytest.mark.real

PUMA = technology("puma")
assert PUMA is not None
SCHEMA = PUMA.schema
VERSION = "5.6.5"  # the defaults that are compared are the same in every 5.6

TIMES = (
    "persistent_timeout",
    "first_data_timeout",
    "worker_timeout",
    "worker_boot_timeout",
    "worker_shutdown_timeout",
)

number = st.integers(0, 400)


def _written(value: int) -> st.SearchStrategy[str]:
    """Ways to write a number, some of which ask the environment."""
    return st.sampled_from(
        [
            str(value),
            f'Integer("{value}")',
            f"{value * 2} / 2",
            f'Integer(ENV.fetch("COUNT_A") {{ {value} }})',
            f'(ENV["COUNT_B"] || {value}).to_i',
            f"[{value}, 0].max",
            f'"{value}".to_i',
            f"{value} + 1 - 1",
            f"true ? {value} : 7",
            f"({value})",
        ]
    )


amount = number.flatmap(_written)


@st.composite
def statements(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["workers", "threads", "time", "bind", "flag", "local", "other"]))
    if kind == "workers":
        return f"workers {draw(amount)}"
    if kind == "threads":
        low = draw(st.integers(0, 20))
        return f"threads({low}, {low + draw(st.integers(1, 9))})"
    if kind == "time":
        return f"{draw(st.sampled_from(TIMES))} {draw(st.integers(6, 99).flatmap(_written))}"
    if kind == "bind":
        url = draw(st.sampled_from(["tcp://127.0.0.1:9000", "unix:///tmp/a.sock?backlog=64"]))
        return draw(st.sampled_from([f"bind '{url}'", f'bind "{url}" unless false', "port 3000"]))
    if kind == "flag":
        answer = draw(st.sampled_from(["", " true", " false", "(false)"]))
        return f"{draw(st.sampled_from(['preload_app!', 'queue_requests']))}{answer}"
    if kind == "local":
        return f"n = {draw(st.integers(1, 30))}\nthreads n, n * 2\nworkers n if n > 5"
    return draw(
        st.sampled_from(
            [
                "# comment",
                "on_worker_boot do |i|\n  workers 99 # of nobody\nend",
                "=begin\nworkers 77\n=end",
                "def helper(a) = a",
                "force_shutdown_after 15",
                "before_fork { nil }",
                "environment ENV.fetch('RAILS_ENV') { 'development' }",
                "text = <<~END\n  workers 55\nEND",
                "if ENV['COUNT_A']\n  workers 3\nelse\n  workers 4\nend",
                "case 1\nwhen 2\n  # nothing\nend",
            ]
        )
    )


WRONG = [
    "persistent_timeout 'x'",
    "threads 5, 1",
    "threads 0, 0",
    "worker_boot_timeout nil",
    "worker_shutdown_timeout :abc",
    "first_data_timeout '12s'",
    "workers 2 if (",
    "threads 1, 2 end",
    "bind 'unclosed",
    "persistent_timeout [1",
    "persistant_timeout 20",
    "worker_timeuot 20",
]
environments = st.dictionaries(
    st.sampled_from(
        ["COUNT_A", "COUNT_B", "WEB_CONCURRENCY", "PUMA_MAX_THREADS", "MAX_THREADS", "MIN_THREADS"]
    ),
    st.integers(1, 60).map(str),
)


def ours(text: str, environment: dict[str, str]) -> list[Setting]:
    words = {name: Word(value) for name, value in environment.items()}
    assert READER.arguments is not None
    told = [i for i in READER.arguments([Word("puma")], words) if isinstance(i, Setting)]
    read = [i for i in READER.read(text, "puma.rb") if isinstance(i, Setting)]
    return settled(READER, SCHEMA, [*read, *told, carried(words)])


def as_theirs(setting: Setting) -> object:
    if isinstance(setting.value, Amount):
        low = setting.value.low
        return -1 if low == float("inf") else float(low)
    return setting.value


@drawn(5, 60)
@given(text=st.lists(statements(), max_size=12).map("\n".join), environment=environments)
def test_what_puma_makes_of_a_file_is_what_we_read(text: str, environment: dict[str, str]) -> None:
    need("puma", "puma")
    with TemporaryDirectory() as folder:
        question = {"text": text, "environment": environment}
        theirs: Any = configured([question], Path(folder))[0]
    assert "refused" not in theirs, theirs
    found = ours(text, environment)
    held = {s.name: s for s in found if s.status is Status.EFFECTIVE and not s.scope}
    for name, value in theirs.items():
        if name == "binds":
            binds = [s.text for s in found if s.name == "bind" and s.status is Status.EFFECTIVE]
            assert (binds or ["tcp://0.0.0.0:9292"]) == value, text
        elif name in held:
            assert as_theirs(held[name]) == value, (name, text)
        else:
            default = SCHEMA.default(name, Version(VERSION))
            assert default is not None
            if value is not None and not isinstance(default.value, Formula):
                assert as_theirs(default) == value, name


@drawn(5, 60)
@given(wrong=st.sampled_from(WRONG), before=statements(), after=statements())
def test_what_puma_refuses_is_no_effective_setting(wrong: str, before: str, after: str) -> None:
    text = f"{before}\n{wrong}\n{after}\n"
    need("puma", "puma")
    with TemporaryDirectory() as folder:
        question = {"text": text, "environment": {}}
        theirs: Any = configured([question], Path(folder))[0]
    assert "refused" in theirs, text
    line = before.count("\n") + 2
    items = list(READER.read(text, "puma.rb"))
    settings = settled(READER, SCHEMA, [i for i in items if isinstance(i, Setting)])
    ill: list[Item] = [i for i in items if not isinstance(i, Setting)]
    ill += [s for s in settings if s.status in (Status.REFUSED, Status.UNKNOWN_NAME)]
    assert any(i.place and i.place.span.line <= line <= i.place.span.end_line for i in ill), (
        text,
        items,
    )
