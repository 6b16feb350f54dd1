"""Time and peak memory of whole processes: what a person or a hook waits for, beside the peers.

The runs of all cases are interleaved, so that a busy minute of the machine hits all alike; the
median is told. Inputs are made from a seed, and every tool has to report the fault planted in its
input, else there is nothing to measure. With --write the tables stand in docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import bootstrap
import costs
import inputs
import pages

ROOT = Path(__file__).resolve().parent.parent
RUNS = 15
SEED = 20261120

PYTHON = sys.executable
# The peers: what each is measured on is all that it reads of ours.
GIXY, CHECKOV = ("gixy-ng", "0.2.59"), ("checkov", "3.3.30")

NGINX_LINES = 10_000
GROWTH = (4, 20, 100, 300)  # services


@dataclass(frozen=True, slots=True)
class Case:
    """A command. *expects*: what its output has to hold. *is_first*: each run finds no cache."""

    name: str
    command: tuple[str, ...]
    expects: tuple[str, ...] = ()
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    seconds: float
    peak_kib: int


@dataclass(frozen=True, slots=True)
class Ratio:
    """A claim: how many times as long one case takes as another, and the most that it may."""

    name: str
    ours: str
    theirs: str
    most: float


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench.py", description="How long a check takes.")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    parser.add_argument("--runs", type=int, default=RUNS, help=f"of each case (default: {RUNS})")
    wanted = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="plimsoll-bench-") as folder:
        all_cases = cases(Path(folder), ours(), peer(*GIXY), peer(*CHECKOV))
        text = report(measured(all_cases, Path(folder), wanted.runs), wanted.runs)
        text = "\n".join([text, "", *costs.tables(costed(Path(folder)))]).rstrip()
    print(text)
    if wanted.write:
        pages.fill("make bench", text)
    return 0


def ours() -> Path:
    """The folder with our program, in an environment that has what it needs and nothing else."""
    folder = ROOT / ".tools" / "plimsoll"
    own = {**bootstrap.environment(), "UV_PROJECT_ENVIRONMENT": str(folder)}
    uv = str(bootstrap.find_uv() or bootstrap.get_uv())
    wanted = [uv, "sync", "-q", "--frozen", "--no-dev", "--python", PYTHON]
    subprocess.run(wanted, cwd=ROOT, env=own, check=True)
    return folder / "bin"


def peer(name: str, version: str) -> Path:
    """The folder with a peer's programs, in an environment of its own in .tools."""
    folder = ROOT / ".tools" / f"{name}-{version}"
    if not folder.is_dir():
        uv = str(bootstrap.find_uv() or bootstrap.get_uv())
        own = bootstrap.environment()
        subprocess.run([uv, "venv", "-q", "--python", PYTHON, str(folder)], env=own, check=True)
        python = ["--python", str(folder / "bin" / "python")]
        subprocess.run(
            [uv, "pip", "install", "-q", *python, f"{name}=={version}"], env=own, check=True
        )
    return folder / "bin"


# --------------------------------------------------------------------------------------- the cases

SHOP, SHOP_NGINX = (
    "`plimsoll check examples/shop`: all services, all rules",
    "gixy-ng on its nginx.conf",
)
LONG, LONG_GIXY = f"plimsoll on an nginx.conf of {NGINX_LINES:,} lines", "gixy-ng on the same"
CARELESS = "plimsoll on one as long, each upstream of which breaks rules"
MANIFEST, MANIFEST_CHECKOV = "plimsoll on one Kubernetes manifest", "checkov on the same"
FIRST = "the shop, first run after installation"


def cases(folder: Path, own: Path, gixy: Path, checkov: Path) -> list[Case]:
    """Everything that is measured, with its input."""
    plimsoll = str(own / "plimsoll")
    long = inputs.nginx(folder / "nginx", NGINX_LINES, SEED)
    careless = inputs.nginx(folder / "careless", NGINX_LINES, SEED, is_careless=True)
    manifest = inputs.manifest(folder / "manifest", 1, SEED)
    check_shop = (plimsoll, "check", "examples/shop", "--fail-on", "low")
    shop_nginx = str(ROOT / "examples" / "shop" / "nginx" / "nginx.conf")
    return [
        Case("`python -c pass`", (PYTHON, "-c", "pass")),
        Case("`plimsoll --version`", (plimsoll, "--version")),
        Case(SHOP, check_shop, ("nothing found in 4 services",)),
        Case(FIRST, check_shop, ("nothing found in 4 services",), is_first=True),
        Case(SHOP_NGINX, (str(gixy / "gixy"), shop_nginx), ("Total issues",)),
        Case(LONG, (plimsoll, "check", str(long.folder)), long.faults),
        Case(
            LONG_GIXY,
            (str(gixy / "gixy"), str(long.folder / "nginx.conf")),
            (inputs.GIXY_FAULT,),
        ),
        Case(CARELESS, (plimsoll, "check", str(careless.folder)), careless.faults),
        Case(MANIFEST, (plimsoll, "check", str(manifest.folder)), manifest.faults),
        Case(
            MANIFEST_CHECKOV,
            (
                str(checkov / "checkov"),
                "--framework",
                "kubernetes",
                "-f",
                str(manifest.folder / "app.yaml"),
            ),
            (inputs.CHECKOV_FAULT,),
        ),
        *_growing(folder, plimsoll),
    ]


def _growing(folder: Path, plimsoll: str) -> Iterator[Case]:
    for services in GROWTH:
        made = inputs.stack(_grown(folder, services), services, SEED)
        command = (plimsoll, "check", str(made.folder))
        yield Case(f"plimsoll on a stack of {services} services", command, made.faults)


def _grown(folder: Path, services: int) -> Path:
    return folder / f"stack-{services}"


def costed(folder: Path) -> Mapping[str, Path]:
    """The stacks on which every rule is measured."""
    most = max(GROWTH)
    return {
        "the shop": ROOT / "examples" / "shop",
        f"a stack of {most} services": _grown(folder, most),
    }


RATIOS = (
    Ratio("the shop against gixy-ng on its nginx.conf", SHOP, SHOP_NGINX, 3),
    Ratio("10,000 lines of nginx against gixy-ng", LONG, LONG_GIXY, 1.5),
    Ratio("one manifest against checkov", MANIFEST, MANIFEST_CHECKOV, 1 / 8),
    Ratio("first run after installation against a cached one", FIRST, SHOP, 3),
)


# ------------------------------------------------------------------------------------- measuring


def measured(all_cases: Sequence[Case], folder: Path, runs: int) -> dict[Case, list[Run]]:
    """The runs of every case, after one that fills its cache and shows what it reports."""
    found: dict[Case, list[Run]] = {case: [] for case in all_cases}
    for case in all_cases:
        said = run(case.command, folder / "cache")[1]
        missing = [each for each in case.expects if each not in said]
        if missing:
            sys.exit(f"bench: {case.name} does not report {', '.join(missing)}:\n{said[-2000:]}")
    for number in range(runs):
        for case in all_cases:
            cache = folder / (f"empty-{number}" if case.is_first else "cache")
            found[case].append(run(case.command, cache)[0])
    return found


def run(command: tuple[str, ...], cache: Path) -> tuple[Run, str]:
    """One process from its start to its end, and what it said. 0 and 1 are answers."""
    own = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    own.pop("PYTHONDONTWRITEBYTECODE", None)  # else every run compiles what an installation has
    with tempfile.TemporaryFile() as out:
        start = perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, env=own, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = out.read().decode("utf-8", "replace")
    if process.returncode not in (0, 1):
        sys.exit(f"bench: {' '.join(command)} ended with {process.returncode}:\n{said[-2000:]}")
    return Run(seconds, usage.ru_maxrss), said


# --------------------------------------------------------------------------------------- telling


def report(runs: Mapping[Case, Sequence[Run]], count: int) -> str:
    """As Markdown: every case, the ratios that are claimed, and what it was measured on."""
    told = f"Median of {count} interleaved runs of new processes. {surroundings()}"
    return "\n".join([*table(runs), "", *ratios(runs), "", told])


def table(runs: Mapping[Case, Sequence[Run]]) -> list[str]:
    lines = ["| | median ms | fastest | slowest | peak MiB |", "|---|---|---|---|---|"]
    for case, of_case in runs.items():
        times = [each.seconds * 1000 for each in of_case]
        peak = median(each.peak_kib for each in of_case) / 1024
        spread = f"{min(times):.0f} | {max(times):.0f}"
        lines.append(f"| {case.name} | {median(times):.0f} | {spread} | {peak:.0f} |")
    return lines


def ratios(runs: Mapping[Case, Sequence[Run]]) -> list[str]:
    middle = {case.name: median(each.seconds for each in of_case) for case, of_case in runs.items()}
    lines = ["| ratio of medians | wanted at most | measured |", "|---|---|---|"]
    for each in RATIOS:
        if each.ours in middle and each.theirs in middle:
            found = middle[each.ours] / middle[each.theirs]
            lines.append(f"| {each.name} | {each.most:.3g} | {found:.2g} |")
    return lines


def surroundings() -> str:
    """What was measured, and on what."""
    said = [
        f"{printed(PYTHON, '-m', 'plimsoll.cli', '--version')} ({printed('git', 'rev-parse', '--short', 'HEAD')})",
        *(f"{name} {version}" for name, version in (GIXY, CHECKOV)),
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
