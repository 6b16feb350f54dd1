"""Every reader under a coverage-guided fuzzer, several at once; what was done is not done again.

    tools/fuzz.py            FUZZ_SECONDS (60) for each reader, FUZZ_JOBS (2) of them at once
    tools/fuzz.py NAME ...   these readers only
    tools/fuzz.py --write    the table of what was done, into docs/benchmarks.md

A run that ends early is taken up where it stopped. A reader whose folder changed is done anew.
Texts that a reader fails on are in .fuzz/: `tools/fuzz_one.py .fuzz/FILE` reads one again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import bootstrap
import pages
from plimsoll.technologies import names, technology

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".fuzz"
RECORD = KEPT / "record.json"
ATHERIS = "3.0.0"


@dataclass(frozen=True, slots=True)
class Run:
    """What was done with a reader. *digest*: of its folder, as it was."""

    seconds: int
    texts: int
    failures: int
    digest: str


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="fuzz.py", description="No text may break a reader.")
    parser.add_argument("names", nargs="*", help="of technologies; all by default")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    wanted = parser.parse_args(words)
    seconds = int(os.environ.get("FUZZ_SECONDS", "60"))
    asked = [n for n in wanted.names or readers() if not is_done(n, seconds)]
    folder = fuzzer()
    with ThreadPoolExecutor(int(os.environ.get("FUZZ_JOBS", "2"))) as pool:
        for name, run in zip(
            asked, pool.map(lambda n: fuzzed(n, seconds, folder), asked), strict=True
        ):
            keep(name, run)
            print(f"fuzz: {name}: {run.texts:,} texts in {run.seconds} s, {run.failures} failures")
    done = record()
    if wanted.write:
        pages.fill("make fuzz", table(done))
    return 1 if any(done[n].failures for n in wanted.names or done) else 0


def readers() -> list[str]:
    """Every technology that reads something."""
    found = [technology(name) for name in names()]
    return [each.name for each in found if each and (each.reader or each.manifest)]


def fuzzed(name: str, seconds: int, folder: Path) -> Run:
    """A process of its own for that time; what it prints is in .fuzz/NAME.log."""
    KEPT.mkdir(exist_ok=True)
    before = set(kept(name))
    log = KEPT / f"{name}.log"
    path = os.pathsep.join((str(folder), str(ROOT / "tools")))
    with log.open("wb") as out:
        done = subprocess.run(
            [sys.executable, str(ROOT / "tools" / "fuzz_one.py"), name, str(seconds)],
            env={**os.environ, "PYTHONPATH": path}, stdout=out, stderr=out, cwd=ROOT, check=False,
        )  # fmt: skip
    said = log.read_text("utf-8", "replace")
    found = re.search(r"number_of_executed_units:\s*(\d+)", said)
    failures = len(set(kept(name)) - before) + (done.returncode != 0)
    return Run(seconds, int(found[1]) if found else 0, failures, digest(name))


def kept(name: str) -> Iterable[Path]:
    return KEPT.glob(f"{name}.{'[0-9a-f]' * 12}")


def fuzzer() -> Path:
    """The folder with the fuzzer, which is got once: it is large, and only this needs it."""
    folder = ROOT / ".tools" / f"atheris-{ATHERIS}"
    if not folder.is_dir():
        uv = bootstrap.find_uv() or bootstrap.get_uv()
        partial = folder.with_name(f"{folder.name}.{os.getpid()}")
        options = ["--quiet", "--python", sys.executable, "--target", str(partial)]
        command = [str(uv), "pip", "install", *options, f"atheris=={ATHERIS}"]
        subprocess.run(command, env=bootstrap.environment(), check=True)
        partial.rename(folder)
    return folder


# -------------------------------------------------------------------------------- what was done


def is_done(name: str, seconds: int) -> bool:
    known = record().get(name)
    return known is not None and known.seconds >= seconds and known.digest == digest(name)


def record() -> dict[str, Run]:
    said = json.loads(RECORD.read_text()) if RECORD.is_file() else {}
    return {name: Run(**each) for name, each in said.items()}


def keep(name: str, run: Run) -> None:
    known = record() | {name: run}
    RECORD.write_text(json.dumps({n: asdict(r) for n, r in sorted(known.items())}, indent=1))


def digest(name: str) -> str:
    folder = ROOT / "src" / "plimsoll" / "technologies" / name.replace("-", "_")
    found = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


def table(done: dict[str, Run]) -> str:
    return "\n".join(_rows(done))


def _rows(done: dict[str, Run]) -> Iterator[str]:
    yield "| reader | seconds | texts | failures |"
    yield "|---|---|---|---|"
    for name, run in sorted(done.items()):
        yield f"| {name} | {run.seconds} | {run.texts:,} | {run.failures} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
