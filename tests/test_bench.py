"""The benchmark, of processes that are nothing but Python, and the inputs that it makes."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

import bench
import inputs
from plimsoll.cli import main

EMPTY = bench.Case("empty", (sys.executable, "-c", "print('fault')"), ("fault",))
NOTES_ITS_CACHE = bench.Case(
    "first",
    (sys.executable, "-c", "import os; os.makedirs(os.environ['XDG_CACHE_HOME'] + '/full')"),
    is_first=True,
)


def test_every_case_is_run_as_often_and_a_first_run_finds_an_empty_cache(tmp_path: Path) -> None:
    # the second command fails where its folder is there already
    runs = bench.measured((EMPTY, NOTES_ITS_CACHE), tmp_path, 3)
    assert {case.name: len(of_case) for case, of_case in runs.items()} == {"empty": 3, "first": 3}
    assert all(each.seconds > 0 and each.peak_kib > 1000 for each in runs[EMPTY])


def test_a_command_that_fails_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="ended with 3"):
        bench.run((sys.executable, "-c", "raise SystemExit(3)"), tmp_path)


def test_a_tool_that_does_not_see_the_fault_is_not_measured(tmp_path: Path) -> None:
    blind = bench.Case("blind", (sys.executable, "-c", "pass"), ("fault",))
    with pytest.raises(SystemExit, match="blind does not report fault"):
        bench.measured((blind,), tmp_path, 1)


def test_the_tables_tell_medians_and_their_ratios(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "RATIOS", (bench.Ratio("a to b", "a", "b", 3),))
    one = [
        bench.Run(0.010, 0.009, 1000),
        bench.Run(0.900, 0.040, 9000),
        bench.Run(0.020, 0.010, 2000),
    ]
    two = [bench.Run(0.080, 0.020, 1000)]
    runs = {bench.Case("a", ("plimsoll",)): one, bench.Case("b", ("other",)): two}
    assert "| a | 20 | 10 | 900 | 10 | 2 |" in bench.table(runs)
    assert bench.ratios(runs)[2:] == [
        "| a to b | 3 | 0.25 | 0.5 |",
        "",
        "Most memory that plimsoll took: 2 MB; wanted: under 150.",
    ]


@pytest.mark.parametrize("what", ["nginx", "careless", "manifest", "stack"])
def test_an_input_is_the_same_from_its_seed_and_no_two_of_its_names_are(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    makers: dict[str, Callable[[Path, int, int], inputs.Input]] = {
        "nginx": inputs.nginx,
        "careless": partial(inputs.nginx, is_careless=True),
        "manifest": inputs.manifest,
        "stack": inputs.stack,
    }
    make = makers[what]
    size = {"nginx": 200, "careless": 200, "manifest": 5, "stack": 40}[what]
    one, two, other = (make(tmp_path / n, size, s) for n, s in (("a", 1), ("b", 1), ("c", 2)))

    def texts(of: inputs.Input) -> dict[str, str]:
        files = sorted(p for p in of.folder.rglob("*") if p.is_file())
        return {p.relative_to(of.folder).as_posix(): p.read_text() for p in files}

    assert texts(one) == texts(two) != texts(other)
    files = Counter(text for path, text in texts(one).items() if path != "plimsoll.yaml")
    assert max(files.values()) == 1
    assert main(["check", str(one.folder), "-q"]) == 1
    said = capsys.readouterr().out
    assert all(f"[{rule}]" in said for rule in one.faults)
