"""The lab: how soon the whole shop is up and down, and what a killed controller leaves behind.

A cycle starts the shop, kills its controller at a random moment and clears away what it left. Cycles
that were made are kept, so that a run that was stopped goes on. With --write the figures stand in
docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import msgspec

import pages
import prove
from cycles import Cycle, killed_after
from plimsoll.drill.lab.answers import speaks_http
from plimsoll.drill.lab.lab import lab
from plimsoll.drill.lab.prepared import prepare
from plimsoll.drill.lab.shop import Shop

COMMAND = "make prove, lab"
SHOP = prove.ROOT / "examples" / "shop"
STARTS, WANTED_S = 20, 2.0
# From before anything is started until well after all is up.
EARLIEST_S, LATEST_S = 0.05, 3.0


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="prove_lab.py", description=__doc__)
    parser.add_argument("--cycles", type=int, default=100)
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    wanted = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="lab-proof-") as name:
        labs = Path(name)
        labs.chmod(0o711)
        os.environ["PLIMSOLL_LAB"] = str(labs)
        prepare(SHOP)
        cycles = list(made(wanted.cycles, labs, prove.kept("lab-cycles.jsonl")))
        times = [up_and_down() for _ in range(STARTS)]
    text = "\n".join(table(cycles, times))
    print(text)
    for each in cycles:
        for what in each.left:
            print(f"left behind: {what}")
    if wanted.write:
        pages.fill(COMMAND, text)
    usual = max(median(each) for each in zip(*times, strict=True))
    return 1 if any(each.left for each in cycles) or usual >= WANTED_S else 0


def made(number: int, labs: Path, kept: Path) -> Iterator[Cycle]:
    """That many cycles: those that were kept, and the rest made now, each at its own moment."""
    moments = random.Random(1876)  # noqa: S311 - no secret
    done = kept.read_bytes().splitlines() if kept.is_file() else []
    for turn in range(number):
        moment = moments.uniform(EARLIEST_S, LATEST_S)
        if turn < len(done):
            yield msgspec.json.decode(done[turn], type=Cycle)
            continue
        cycle = killed_after(moment, SHOP, labs)
        with kept.open("ab") as out:
            out.write(msgspec.json.encode(cycle) + b"\n")
        yield cycle


def up_and_down() -> tuple[float, float]:
    """Seconds from nothing until the shop answers, and from there until nothing is left."""
    began = time.monotonic()
    with lab() as found:
        shop = Shop(found, SHOP)
        shop.start()
        while not speaks_http(shop.ports["web"], "/", "200"):
            time.sleep(0.01)
        up = time.monotonic()
        shop.stop()
    return up - began, time.monotonic() - up


def table(cycles: Sequence[Cycle], times: Sequence[tuple[float, float]]) -> Iterator[str]:
    ups, downs = zip(*times, strict=True)
    left = sum(bool(each.left) for each in cycles)
    yield "| what | wanted | measured |"
    yield "|---|---|---|"
    for what, found in (("up: every server answers", ups), ("down: nothing is left", downs)):
        yield (
            f"| the whole shop {what}, in s; median and slowest of {len(found)} | {WANTED_S:g} | "
            f"{median(found):.2f}, {max(found):.2f} |"
        )
    yield (
        f"| {len(cycles)} controllers killed at a random moment, {sum(each.was_up for each in cycles)} "
        f"of them with all up: those that left a process, a port, a file | 0 | {left} |"
    )
    cleared = [each.cleared_s for each in cycles]
    yield f"| the clearing away, in s; median and slowest | | {median(cleared):.2f}, {max(cleared):.2f} |"
    yield ""
    yield f"Python {platform.python_version()}, {os.cpu_count()} cores, shared with other work: load average {os.getloadavg()[0]:.1f}."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
