"""The benchmark, of processes that are nothing but Python."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import bench

EMPTY = bench.Case("empty", (sys.executable, "-c", "pass"))
NOTES_ITS_CACHE = bench.Case(
    "first",
    (sys.executable, "-c", "import os; os.makedirs(os.environ['XDG_CACHE_HOME'] + '/full')"),
    is_first=True,
)


def test_every_case_is_run_as_often_and_a_first_run_finds_an_empty_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "CASES", (EMPTY, NOTES_ITS_CACHE))
    monkeypatch.setattr(bench, "RUNS", 3)
    runs = bench.measured(tmp_path)  # the command fails where its folder is there already
    assert {case.name: len(of_case) for case, of_case in runs.items()} == {"empty": 3, "first": 3}
    assert all(each.seconds > 0 and each.peak_kib > 1000 for each in runs[EMPTY])


def test_a_command_that_fails_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="ended with 3"):
        bench.run((sys.executable, "-c", "raise SystemExit(3)"), tmp_path)


def test_the_table_tells_medians(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "surroundings", lambda: "Here.")
    runs = [bench.Run(0.010, 1024), bench.Run(0.900, 9216), bench.Run(0.020, 2048)]
    assert "| empty | 20 | 10 | 900 | 2 |" in bench.table({EMPTY: runs}).splitlines()
