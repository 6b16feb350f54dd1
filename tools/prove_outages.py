"""The shop holds its load, and each of its variants has its outage under the same load.

Each variant is deployed to a sound shop that has the load already. What was measured of one is kept,
so that a run that was stopped goes on. With --write the figures stand in docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

import outages
import pages
import prove
import variants
from outages import OUTAGES, RATE, SETTLED_S, TIMEOUT_S, VISITORS, Outage, Phase

COMMAND = "make prove, outages"
SHOP = variants.ROOT / variants.SHOP
SOUND = "the shop as it is"
HELD_S, BEFORE_S, AFTER_S = 60.0, 12.0, 16.0
# What the visitors' errors are at most in a sound shop, and at least in an outage.
SOUND_ERRORS, OUTAGE_ERRORS = 0.01, 0.2


class Felt(Struct, frozen=True):
    """What visitors felt: seconds, the share of errors, answers in the worst second."""

    p50: float
    p95: float
    p99: float
    errors: float
    least: int


class Measured(Struct, frozen=True):
    """One variant: its evidence and what visitors felt, before and after it."""

    name: str
    sound: Felt
    faulty: Felt
    evidence: tuple[float, float] = (0.0, 0.0)
    is_proved: bool = True


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="prove_outages.py", description=__doc__)
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    wanted = parser.parse_args(words)
    held = kept(SOUND) or keep(holding())
    found = [kept(each.variant) or keep(replayed(each)) for each in OUTAGES]
    text = "\n".join(table(held, found))
    print(text)
    if wanted.write:
        pages.fill(COMMAND, text)
    return 0 if held.is_proved and all(each.is_proved for each in found) else 1


def holding() -> Measured:
    with outages.sound_shop(SHOP) as shop:
        phase = outages.watched(shop, HELD_S)
    felt = felt_by(phase)
    return Measured(SOUND, felt, felt, is_proved=felt.errors <= SOUND_ERRORS)


def replayed(outage: Outage) -> Measured:
    variant = variants.read_variant(SHOP.with_name(f"{outage.variant}.patch"))
    with tempfile.TemporaryDirectory() as folder, outages.sound_shop(SHOP) as shop:
        before = outages.watched(shop, BEFORE_S)
        outages.deploy(shop, variants.lay_out(variant, Path(folder)))
        after = outages.watched(shop, AFTER_S)
    sound, faulty = felt_by(before), felt_by(after)
    evidence = outage.of(before), outage.of(after)
    is_outage = sound.errors <= SOUND_ERRORS and faulty.errors >= OUTAGE_ERRORS
    return Measured(outage.variant, sound, faulty, evidence, is_outage and outage.proves(*evidence))


def felt_by(phase: Phase) -> Felt:
    report = phase.report.after(SETTLED_S)
    p50, p95, p99 = (report.percentile(share) for share in (0.5, 0.95, 0.99))
    least = min(each.answered for each in report.seconds())
    return Felt(p50, p95, p99, report.error_share(), least)


def kept(name: str) -> Measured | None:
    path = prove.kept(f"outages-{name.replace(' ', '-')}.json")
    return msgspec.json.decode(path.read_bytes(), type=Measured) if path.is_file() else None


def keep(measured: Measured) -> Measured:
    """Only what is proved: what is not is tried again."""
    if measured.is_proved:
        path = prove.kept(f"outages-{measured.name.replace(' ', '-')}.json")
        path.write_bytes(msgspec.json.encode(measured))
    return measured


def table(held: Measured, found: Sequence[Measured]) -> Iterator[str]:
    felt = held.sound
    yield (
        f"{RATE:g} requests a second, one in {VISITORS} a report; an answer after {TIMEOUT_S:g} s is an "
        f"error. The shop as it is, for {HELD_S:g} s: p50 {felt.p50 * 1000:.0f} ms, p95 "
        f"{felt.p95 * 1000:.0f} ms, p99 {felt.p99 * 1000:.0f} ms, {felt.errors:.1%} errors, "
        f"{felt.least} answers in its worst second."
    )
    yield ""
    yield "| variant | evidence | before | after | errors before | after | p50 before | after | proved |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for outage, each in zip(OUTAGES, found, strict=True):
        before, after = map(number, each.evidence)
        yield (
            f"| {each.name} | {outage.evidence} | {before} | {after} | "
            f"{each.sound.errors:.1%} | {each.faulty.errors:.0%} | "
            f"{each.sound.p50 * 1000:.0f} ms | {each.faulty.p50 * 1000:.0f} ms | "
            f"{'yes' if each.is_proved else 'NO'} |"
        )
    yield ""
    yield f"Python {platform.python_version()}, one processor for the servers and one for the load."


def number(value: float) -> str:
    return f"{value:.2f}" if 0 < value < 1 else f"{value:,.0f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
