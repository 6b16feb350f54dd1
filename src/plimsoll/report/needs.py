"""What could not be checked, by the knowledge that is missing, and how to give it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plimsoll.model.finding import Skipped

_NEEDS = re.compile(r"needs (.+)", re.DOTALL)

# A value that shows what kind of value is wanted.
_EXAMPLES = {
    "memory": "4GiB",
    "cores": "2",
    "swap": "0",
    "disk": "40GiB",
    "nofile": "1024",
    "nofile_soft": "1024",
    "nofile_hard": "4096",
    "tasks": "4096",
    "somaxconn": "4096",
    "version": '"15"',
    "host": "NAME",
    "replicas": "2",
    "replicas_max": "6",
    "connections": "20",
    "timeout": "5s",
    "retries": "3",
}

_HOST_KEYS = "memory|cores|swap|disk|nofile|nofile_soft|nofile_hard|tasks"
_SERVICE_KEYS = f"{_HOST_KEYS}|version|host|replicas|replicas_max|surge|role|technology"

# The missing name -> where it may be said. {0}, {1}: the groups; {example}: a value for {0}.
_HINTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(rf"({_HOST_KEYS}) of host (\S+)"),
        "--host {1}:{0}={example}, or in plimsoll.yaml: hosts: {{{1}: {{{0}: {example}}}}}",
    ),
    (
        re.compile(r"(\w+) of host (\S+)"),
        "in plimsoll.yaml: hosts: {{{1}: {{settings: {{{0}: ...}}}}}}",
    ),
    (
        re.compile(r"(\w+) of (\S+) -> (\S+)"),
        "in plimsoll.yaml: links: [{{from: {1}, to: {2}, {0}: {example}}}]",
    ),
    (
        re.compile(r"(clients) of (\S+)"),
        "in plimsoll.yaml: links: [{{from: ..., to: {1}}}], one for each that connects to it",
    ),
    (
        re.compile(rf"({_SERVICE_KEYS}) of (\S+)"),
        "in plimsoll.yaml: services: {{{1}: {{{0}: {example}}}}}",
    ),
    (
        re.compile(r"(\w*(?:private_memory|shared_memory|memory_\w+|connections)) of (\S+)"),
        "measure it, then in plimsoll.yaml: measured: {{{1}.{0}: ...}}",
    ),
    (
        re.compile(r"(\S+) of (\S+)"),
        "in plimsoll.yaml: services: {{{1}: {{settings: {{{0}: ...}}}}}}",
    ),
)


@dataclass(frozen=True, slots=True)
class Gap:
    """Knowledge that is missing, and the rules that wait for it; a rule may wait for more."""

    reason: str
    rules: tuple[str, ...]
    checks: int
    hints: tuple[str, ...] = ()


def gaps(skipped: Iterable[Skipped]) -> list[Gap]:
    """What is missing, the most wanted first. Every skipped check is in exactly one gap."""
    found: dict[str, list[Skipped]] = {}
    for each in skipped:
        found.setdefault(each.reason, []).append(each)
    listed = [_gap(reason, waiting) for reason, waiting in found.items()]
    return sorted(listed, key=lambda gap: (-len(gap.rules), gap.reason))


def _gap(reason: str, waiting: Sequence[Skipped]) -> Gap:
    rules = tuple(dict.fromkeys(each.rule for each in waiting))
    missing = missing_names(reason)
    hints = dict.fromkeys(hint for name in missing if (hint := how_to_give(name)))
    return Gap(reason, rules, len(waiting), tuple(hints))


def missing_names(reason: str) -> tuple[str, ...]:
    """The names that a reason says are needed; none where it says something else."""
    found = _NEEDS.fullmatch(reason)
    return tuple(name.strip() for name in found[1].split(", ")) if found else ()


def how_to_give(name: str) -> str:
    """Where a missing name may be said; "" where we do not know."""
    for pattern, hint in _HINTS:
        if found := pattern.fullmatch(name):
            return hint.format(*found.groups(), example=_EXAMPLES.get(found[1], "..."))
    return ""
