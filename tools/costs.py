"""What each rule costs on a stack: the time of the processor that its evaluation takes.

A fact that several rules ask for is calculated for the first of them, which pays for all.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import process_time

from plimsoll.check import check, load_rules
from plimsoll.model.rule import Rule
from plimsoll.model.stack import Stack
from plimsoll.stack import read_stack

RUNS = 7
DEAREST = 20
_TODAY = date(2026, 1, 1)


def tables(stacks: Mapping[str, Path]) -> Iterator[str]:
    """As Markdown: for each stack the dearest rules, and what all of them cost."""
    rules = load_rules()
    for name, folder in stacks.items():
        stack = read_stack(folder)
        yield from table(name, len(stack.services), costs(stack, rules))
        yield ""


def table(name: str, services: int, of: Mapping[str, float]) -> Iterator[str]:
    total, dearest = sum(of.values()), sorted(of, key=lambda rule: -of[rule])[:DEAREST]
    yield f"| rule, on {name} | ms | share |"
    yield "|---|---|---|"
    for rule in dearest:
        yield f"| {rule} | {of[rule] * 1000:.2f} | {of[rule] / total:.0%} |"
    each = total / len(of) / services * 1_000_000
    yield f"| all {len(of)}: {each:.1f} us for a rule and a service | {total * 1000:.1f} | |"


def costs(stack: Stack, rules: Sequence[Rule], runs: int = RUNS) -> dict[str, float]:
    """Seconds by rule, the median of some runs; expressions are compiled before the first."""
    check(stack, rules, _TODAY)
    found: dict[str, list[float]] = {}
    for _ in range(runs):
        for rule, seconds in _one(stack, rules).items():
            found.setdefault(rule, []).append(seconds)
    return {rule: median(each) for rule, each in found.items()}


def _one(stack: Stack, rules: Sequence[Rule]) -> dict[str, float]:
    begun: list[tuple[str, float]] = []

    def tell(rule: str, _done: int, _of: int) -> None:
        begun.append((rule, process_time()))

    gc.collect()
    gc.disable()
    check(stack, [*rules, rules[0]], _TODAY, tell=tell)  # one more tells the end of the last
    gc.enable()
    return {rule: then - at for (rule, at), (_, then) in pairwise(begun)}
