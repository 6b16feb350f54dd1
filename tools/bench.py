"""Time and peak memory of whole processes: what a person or a hook waits for, beside the peers.

The runs of all cases are interleaved, so that a busy minute of the machine hits all alike; the
median is told, of the clock and of the processors' time, which other work disturbs less. Inputs are
made from a seed, and every tool has to report the fault planted in its input, else there is nothing
to measure. With --write the tables stand in docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import bootstrap
import inputs
import pages
from plimsoll import __version__

ROOT = Path(__file__).resolve().parent.parent
RUNS = 15
SEED = 20261120

PYTHON = sys.executable
# The peers: what each is measured on is all that it reads of ours.
GIXY, CHECKOV = ("gixy-ng", "0.2.59"), ("checkov", "3.3.30")

NGINX_LINES = 10_000
GROWTH = (1, 4, 20, 100, 300)  # services
MOST_MB = 150
_BEFORE_OTHERS = (
    -5
)  # the niceness of all that is measured, where it may be less than that of others


@dataclass(frozen=True, slots=True)
class Case:
    """A command. *expects*: what its output has to hold. *is_first*: each run finds no cache.

    *before*: what is done before each run.
    """

    name: str
    command: tuple[str, ...]
    expects: tuple[str, ...] = ()
    is_first: bool = False
    before: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class Run:
    """*seconds*: by the clock. *busy*: of the processors, for it and for the kernel on its behalf."""

    seconds: float
    busy: float
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
    with suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, _BEFORE_OTHERS)
    with tempfile.TemporaryDirectory(prefix="plimsoll-bench-") as folder:
        all_cases = cases(Path(folder), ours(), peer(*GIXY), peer(*CHECKOV))
        text = report(measured(all_cases, Path(folder), wanted.runs), wanted.runs)
        import costs  # only now: a process is measured with all that the one that starts it takes

        text = "\n".join([text, "", *costs.tables(costed(Path(folder)))]).rstrip()
    print(text)
    if wanted.write:
        pages.fill("make bench", text)
    return 0


def ours() -> Path:
    """The folder with our program: an environment with it as it is installed, and what it needs."""
    folder = ROOT / ".tools" / "plimsoll"
    own = {**bootstrap.environment(), "UV_PROJECT_ENVIRONMENT": str(folder)}
    uv = str(bootstrap.find_uv() or bootstrap.get_uv())
    wanted = [uv, "sync", "-q", "--frozen", "--no-dev", "--no-editable", "--python", PYTHON]
    # pip and Debian compile what they install.
    wanted += ["--compile-bytecode", "--reinstall-package", "plimsoll"]
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

SHOP = "plimsoll on the shop of examples/: all services, all rules"
FIRST = "the same, first run after installation"
UNCOMPILED = "the same, of an installation that compiles no Python (uv)"
SHOP_GIXY = "gixy-ng on the shop's nginx"
LONG = f"plimsoll on {NGINX_LINES:,} lines of nginx"
LONG_GIXY = "gixy-ng on the same"
CARELESS = "plimsoll on as many, each upstream and location of which breaks a rule"
MANIFEST = "plimsoll on one Kubernetes manifest"
MANIFEST_CHECKOV = "checkov on the same"


def cases(folder: Path, own: Path, gixy: Path, checkov: Path) -> list[Case]:
    """Everything that is measured, with its input."""
    plimsoll = str(own / "plimsoll")
    shop = inputs.shop(folder / "shop")
    long = inputs.nginx(folder / "nginx", NGINX_LINES, SEED)
    careless = inputs.nginx(folder / "careless", NGINX_LINES, SEED, is_careless=True)
    manifest = inputs.manifest(folder / "manifest", 1, SEED)
    check_shop = (plimsoll, "check", str(shop.folder))

    def on_nginx(given: inputs.Input, conf: str) -> tuple[str, ...]:
        return str(gixy / "gixy"), str(given.folder / conf)

    on_manifest = ("--framework", "kubernetes", "-f", str(manifest.folder / "app.yaml"))
    return [
        Case("`python -c pass`", (PYTHON, "-c", "pass")),
        Case("`plimsoll --version`", (plimsoll, "--version")),
        Case(SHOP, check_shop, shop.faults),
        Case(FIRST, check_shop, shop.faults, is_first=True),
        Case(UNCOMPILED, check_shop, shop.faults, is_first=True, before=lambda: uncompile(own)),
        Case(SHOP_GIXY, on_nginx(shop, "nginx/nginx.conf"), (inputs.GIXY_FAULT,)),
        Case(LONG, (plimsoll, "check", str(long.folder)), long.faults),
        Case(LONG_GIXY, on_nginx(long, "nginx.conf"), (inputs.GIXY_FAULT,)),
        Case(CARELESS, (plimsoll, "check", str(careless.folder)), careless.faults),
        Case(MANIFEST, (plimsoll, "check", str(manifest.folder)), manifest.faults),
        Case(MANIFEST_CHECKOV, (str(checkov / "checkov"), *on_manifest), (inputs.CHECKOV_FAULT,)),
        *_growing(folder, plimsoll),
    ]


def uncompile(own: Path) -> None:
    """Takes away what Python compiled of the packages of an environment."""
    for compiled in own.parent.rglob("__pycache__"):
        shutil.rmtree(compiled)


def _growing(folder: Path, plimsoll: str) -> Iterator[Case]:
    for services in GROWTH:
        made = inputs.stack(_grown(folder, services), services, SEED)
        yield Case(_stack_of(services), (plimsoll, "check", str(made.folder)), made.faults)


def _grown(folder: Path, services: int) -> Path:
    return folder / f"stack-{services}"


def _stack_of(services: int) -> str:
    return f"plimsoll on a stack of {services} services"


def costed(folder: Path) -> Mapping[str, Path]:
    """The stacks on which every rule is measured."""
    most = max(GROWTH)
    return {"the shop": inputs.SHOP, f"a stack of {most} services": _grown(folder, most)}


RATIOS = (
    Ratio("the shop against gixy-ng on its nginx", SHOP, SHOP_GIXY, 3),
    Ratio("10,000 lines of nginx against gixy-ng", LONG, LONG_GIXY, 1.5),
    Ratio("one manifest against checkov", MANIFEST, MANIFEST_CHECKOV, 1 / 8),
    Ratio("first run after installation against a cached one", FIRST, SHOP, 3),
    Ratio("300 services against 100", _stack_of(300), _stack_of(100), 3),
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
            case.before()
            cache = folder / (f"empty-{case.name}-{number}" if case.is_first else "cache")
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
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss), said


# --------------------------------------------------------------------------------------- telling


def report(runs: Mapping[Case, Sequence[Run]], count: int) -> str:
    """As Markdown: every case, how it grows, what is claimed, and what it was measured on."""
    told = f"Median of {count} interleaved runs of new processes. {surroundings()}"
    return "\n".join([*table(runs), "", *growth(runs), "", *ratios(runs), "", told])


def table(runs: Mapping[Case, Sequence[Run]]) -> list[str]:
    lines = [
        "| | median ms | fastest | slowest | processor ms | peak MB |",
        "|---|---|---|---|---|---|",
    ]
    for case, of_case in runs.items():
        times = [each.seconds * 1000 for each in of_case]
        spread = f"{min(times):.0f} | {max(times):.0f} | {_busy(of_case) * 1000:.0f}"
        lines.append(f"| {case.name} | {median(times):.0f} | {spread} | {_peak(of_case):.0f} |")
    return lines


def growth(runs: Mapping[Case, Sequence[Run]]) -> list[str]:
    """What each service more costs, between two sizes of a stack."""
    found = {case.name: of_case for case, of_case in runs.items()}
    lines = ["| services | processor ms | ms for each one more | peak MB |", "|---|---|---|---|"]
    before = None
    for services in GROWTH:
        if _stack_of(services) not in found:
            continue
        of_case = found[_stack_of(services)]
        busy = _busy(of_case) * 1000
        each = f"{(busy - before[1]) / (services - before[0]):.2f}" if before else ""
        lines.append(f"| {services} | {busy:.0f} | {each} | {_peak(of_case):.0f} |")
        before = services, busy
    return lines


def ratios(runs: Mapping[Case, Sequence[Run]]) -> list[str]:
    found = {case.name: of_case for case, of_case in runs.items()}
    lines = [
        "| ratio of medians | wanted at most | by the clock | of the processor |",
        "|---|---|---|---|",
    ]
    for each in RATIOS:
        if each.ours in found and each.theirs in found:
            ours, theirs = found[each.ours], found[each.theirs]
            clock, busy = _clock(ours) / _clock(theirs), _busy(ours) / _busy(theirs)
            lines.append(f"| {each.name} | {each.most:.3g} | {clock:.2g} | {busy:.2g} |")
    peak = max((_peak(of) for case, of in runs.items() if "plimsoll" in case.command[0]), default=0)
    return [*lines, "", f"Most memory that plimsoll took: {peak:.0f} MB; wanted: under {MOST_MB}."]


def _clock(runs: Sequence[Run]) -> float:
    return median(each.seconds for each in runs)


def _busy(runs: Sequence[Run]) -> float:
    return median(each.busy for each in runs)


def _peak(runs: Sequence[Run]) -> float:
    """In MB."""
    return median(each.peak_kib for each in runs) * 1024 / 1_000_000


def surroundings() -> str:
    """What was measured, and on what."""
    said = [
        f"plimsoll {__version__} ({printed('git', 'rev-parse', '--short', 'HEAD')})",
        *(f"{name} {version}" for name, version in (GIXY, CHECKOV)),
        f"Python {platform.python_version()}",
        f"{platform.system()} {platform.release()} on {platform.machine()}",
        f"{os.cpu_count()} cores",
        f"niceness {os.getpriority(os.PRIO_PROCESS, 0)}",
    ]
    return ", ".join(said) + "."


def printed(*command: str) -> str:
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
