"""What could not be checked, by the knowledge that is missing, and how to give it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from plimsoll.model.finding import Skipped

_NEEDS = "needs "
# Between two needs; a need may hold a comma in its brackets.
_COMMA = re.compile(r", (?=\S+ of )")
_REMARK = re.compile(r" \(.*\)$", re.DOTALL)

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
    "version": '"15"',
    "host": "NAME",
    "replicas": "2",
    "replicas_max": "6",
    "connections": "20",
    "timeout": "5s",
    "retries": "3",
    "private_memory": "48MiB",
}

_HOST_KEYS = "memory|cores|swap|disk|nofile|nofile_soft|nofile_hard|tasks"
_LIMIT_KEYS = "nofile|nofile_soft|nofile_hard|tasks|shm|somaxconn|grace"
_SERVICE_KEYS = "memory|cores|version|host|replicas|replicas_max|surge|role|technology"

# The missing name -> where it may be said. {0}, {1}: the groups; {example}: a value for {0}.
_HINTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(rf"({_HOST_KEYS}) of host (\S+)"),
        "--host {1}:{0}={example}, or in plimsoll.yaml: hosts: {{{1}: {{{0}: {example}}}}}",
    ),
    (
        re.compile(r"(\S+) of host (\S+)"),
        "in plimsoll.yaml: hosts: {{{1}: {{settings: {{{0}: ...}}}}}}",
    ),
    (
        re.compile(r"(\S+) of (\S+) -> (\S+)"),
        "in plimsoll.yaml: links: [{{from: {1}, to: {2}, {0}: {example}}}]",
    ),
    (
        re.compile(r"(clients) of (\S+)"),
        "in plimsoll.yaml: links: [{{from: ..., to: {1}}}], one for each that connects to it",
    ),
    (
        re.compile(rf"({_LIMIT_KEYS}) of (\S+)"),
        "in plimsoll.yaml: services: {{{1}: {{limits: {{{0}: {example}}}}}}}",
    ),
    (
        re.compile(rf"({_SERVICE_KEYS}) of (\S+)"),
        "in plimsoll.yaml: services: {{{1}: {{{0}: {example}}}}}",
    ),
)
# Facts of a service (check/facts.yaml): they are calculated or measured, nobody sets them.
_FACTS = frozenset(
    {"processes", "threads", "concurrency", "request_timeout", "idle_keepalive", "drain"}
    | {"backlog", "descriptors", "memory_floor", "memory_likely", "memory_worst"}
    | {"private_memory", "shared_memory", "cores_seen", "replicas_peak", "replicas_here"}
)
_OF_FACT = "measure it, then in plimsoll.yaml: measured: {{{1}.{0}: {example}}}"
_OF_SETTING = "in plimsoll.yaml: services: {{{1}: {{settings: {{{0}: ...}}}}}}"
_OTHER = re.compile(r"(\S+) of (\S+)")


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is not known, and the rules that wait for it; a rule may wait for more.

    *hint*: how to give it; "" where we do not know.
    """

    missing: str
    rules: tuple[str, ...]
    hint: str = ""
    is_named: bool = True  # False: *missing* is a whole reason


def gaps(skipped: Iterable[Skipped]) -> list[Gap]:
    """What is missing, the most wanted first. Every skipped check is in a gap."""
    found: dict[tuple[str, bool], dict[str, None]] = {}
    for each in skipped:
        for missing in needs(each.reason):
            found.setdefault(missing, {})[each.rule] = None
    listed = [
        Gap(name, tuple(rules), how_to_give(name) if is_named else "", is_named)
        for (name, is_named), rules in found.items()
    ]
    return sorted(listed, key=lambda gap: (-len(gap.rules), gap.missing))


def needs(reason: str) -> list[tuple[str, bool]]:
    """What a reason says is needed, and whether that is a name; else the reason itself."""
    found: list[tuple[str, bool]] = []
    for piece in reason.split("; "):
        names = _COMMA.split(piece.removeprefix(_NEEDS)) if piece.startswith(_NEEDS) else []
        named = [(name, True) for name in names if _OTHER.match(name)]
        found += named or [(piece, False)]
    return found


def how_to_give(name: str) -> str:
    """Where a missing name may be said; "" where we do not know."""
    plain = _REMARK.sub("", name)
    for pattern, hint in _HINTS:
        if found := pattern.fullmatch(plain):
            return _filled(hint, found)
    other = _OTHER.fullmatch(plain)
    if other is None:
        return ""
    return _filled(_OF_FACT if other[1] in _FACTS else _OF_SETTING, other)


def _filled(hint: str, found: re.Match[str]) -> str:
    return hint.format(*found.groups(), example=_EXAMPLES.get(found[1], "..."))
