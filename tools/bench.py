"""Time and peak memory of whole processes: what a person or a hook waits for.

The runs of all cases are interleaved, so that a busy minute of the machine hits all alike; the
median is told. With --write the table stands in docs/benchmarks.md, between its markers.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import pages

ROOT = Path(__file__).resolve().parent.parent
RUNS = 15

PYTHON = sys.executable
PLIMSOLL = str(Path(sys.executable).parent / "plimsoll")


@dataclass(frozen=True, slots=True)
class Case:
    """A command. *is_first*: each run finds an empty cache."""

    name: str
    command: tuple[str, ...]
    is_first: bool = False


CASES = (
    Case("`python -c pass`", (PYTHON, "-c", "pass")),
    Case("`plimsoll --version`", (PLIMSOLL, "--version")),
    Case("`plimsoll check examples/shop`", (PLIMSOLL, "check", "examples/shop")),
    Case("the same, nothing cached", (PLIMSOLL, "check", "examples/shop"), is_first=True),
)


@dataclass(frozen=True, slots=True)
class Run:
    seconds: float
    peak_kib: int


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench.py", description="How long a check takes.")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    wanted = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="plimsoll-bench-") as folder:
        text = table(measured(Path(folder)))
    print(text)
    if wanted.write:
        pages.fill("make bench", text)
    return 0


def measured(folder: Path) -> dict[Case, list[Run]]:
    """The runs of every case, after one that fills its cache."""
    runs: dict[Case, list[Run]] = {case: [] for case in CASES}
    for case in CASES:
        run(case.command, folder / "cache")
    for number in range(RUNS):
        for case in CASES:
            cache = folder / (f"empty-{number}" if case.is_first else "cache")
            runs[case].append(run(case.command, cache))
    return runs


def run(command: tuple[str, ...], cache: Path) -> Run:
    """One process from its start to its end."""
    own = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    own.pop("PYTHONDONTWRITEBYTECODE", None)  # else every run compiles what an installation has
    start = perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, env=own, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"bench: {' '.join(command)} ended with {process.returncode}: nothing to measure")
    return Run(seconds, usage.ru_maxrss)


def table(runs: dict[Case, list[Run]]) -> str:
    """As Markdown, with what it was measured on."""
    lines = ["| | median ms | fastest | slowest | peak MiB |", "|---|---|---|---|---|"]
    for case, of_case in runs.items():
        times = [each.seconds * 1000 for each in of_case]
        peak = median(each.peak_kib for each in of_case) / 1024
        spread = f"{min(times):.0f} | {max(times):.0f}"
        lines.append(f"| {case.name} | {median(times):.0f} | {spread} | {peak:.0f} |")
    return "\n".join([*lines, "", f"Median of {RUNS} interleaved runs. {surroundings()}"])


def surroundings() -> str:
    """What was measured, and on what."""
    said = [
        f"{printed(PLIMSOLL, '--version')} ({printed('git', 'rev-parse', '--short', 'HEAD')})",
        f"Python {platform.python_version()}",
        f"{platform.system()} {platform.release()} on {platform.machine()}",
        f"{os.cpu_count()} cores",
    ]
    return ", ".join(said) + "."


def printed(*command: str) -> str:
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
