"""Puma: lines of puma.rb; its own configuration says what they come to."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from oracles.oracle import Answer, Case, Held, Line, Oracle
from support.puma import configured

_TIMES = [
    "persistent_timeout",
    "first_data_timeout",
    "worker_timeout",
    "worker_boot_timeout",
    "worker_shutdown_timeout",
]
_QUIET = [
    "# comment", "on_worker_boot do |i|\n  workers 99 # of nobody\nend", "=begin\nworkers 77\n=end", "force_shutdown_after 15",
    "before_fork { nil }", "environment ENV.fetch('RAILS_ENV') { 'development' }", "text = <<~END\n  workers 55\nEND",
    "case 1\nwhen 2\n  # nothing\nend", "bind 'tcp://127.0.0.1:9000'", "port 3000",
]  # fmt: skip
_WRONG = [
    "persistent_timeout 'x'", "threads 5, 1", "threads 0, 0", "worker_boot_timeout nil", "worker_shutdown_timeout :abc",
    "first_data_timeout '12s'", "workers 2 if (", "threads 1, 2 end", "bind 'unclosed", "persistent_timeout [1",
    "persistant_timeout 20", "worker_timeuot 20", "worker_timeout 3",
]  # fmt: skip


def _number(value: int) -> st.SearchStrategy[str]:
    """Ways to write it; what the environment may change is refused by nobody beforehand."""
    ways = [
        str(value),
        f'Integer("{value}")',
        f"{value * 2} / 2",
        f"[{value}, 0].max",
        f'"{value}".to_i',
        f"{value} + 1 - 1",
    ]
    asking = [f'ENV.fetch("COUNT_A") {{ {value} }}.to_i'] if value > 5 else []
    return st.sampled_from([*ways, *asking, f"true ? {value} : 7"])


@st.composite
def _line(draw: st.DrawFn) -> list[Line]:
    kind = draw(st.integers(0, 6))
    if kind < 2:
        value = draw(st.integers(0, 40))
        odd = draw(st.sampled_from(["'{}x'", "'{}.9'", '"{}"', "{}.7"])).format(value)
        return [
            _written("workers", odd.strip("'\""), odd)
            if draw(st.booleans())
            else _written("workers", str(value), draw(_number(value)))
        ]
    if kind == 2:
        low, high = draw(st.integers(0, 20)), draw(st.integers(1, 30))
        return [
            Line("min_threads", str(low), f"threads {low}, {high}"),
            Line("max_threads", str(high), ""),
        ]
    if kind < 5:
        value = draw(st.integers(1, 99))
        return [_written(draw(st.sampled_from(_TIMES)), str(value), draw(_number(value)))]
    if kind == 5:
        text = draw(st.sampled_from(["true", "false"]))
        name, written = draw(
            st.sampled_from([("preload_app", "preload_app!"), ("queue_requests", "queue_requests")])
        )
        return [Line(name, text, f"{written} {text}")]
    return [Line("", "", draw(st.sampled_from(_QUIET)))]


def _written(name: str, text: str, value: str = "") -> Line:
    return Line(name, text, f"{name} {value or text}")


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    lines = [line for each in draw(st.lists(_line(), min_size=1, max_size=5)) for line in each]
    if draw(st.integers(0, 3)) == 0:
        lines.append(Line("", "", draw(st.sampled_from(_WRONG))))
    return Case(tuple(lines))


_SPELLED = [Case((Line("", "", text),)) for text in _WRONG[:3]]


def files(case: Case) -> dict[str, str]:
    return {"puma.rb": "".join(f"{line.written}\n" for line in case.lines if line.written)}


def ask(cases: Sequence[Case]) -> Iterator[Answer]:
    questions = [{"text": files(case)["puma.rb"], "environment": {}} for case in cases]
    with tempfile.TemporaryDirectory(prefix="plimsoll-") as folder:
        for said in configured(questions, Path(folder)):
            yield (
                Answer(str(said["refused"]))
                if "refused" in said
                else Answer(held=dict(_held(said)))
            )


def _held(said: dict[str, Any]) -> Iterator[tuple[str, Held]]:
    for name in ("workers", "min_threads", "max_threads", *_TIMES, "preload_app", "queue_requests"):
        value = said[name]
        if isinstance(value, bool):
            yield name, value
        elif value is not None:
            yield name, Fraction(value)


ORACLE = Oracle("puma", "puma", "puma", _cases(), _SPELLED, ask, files)
