"""What could not be checked, by the knowledge that is missing, and how to give it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from msgspec import Struct

from plimsoll.check import knowledge
from plimsoll.model.finding import Skipped
from plimsoll.stack.statement import HOST_AMOUNTS, LIMIT_AMOUNTS, LINK_KEYS, SERVICE_AMOUNTS

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
    "role": "cache",
    "replicas": "2",
    "replicas_max": "6",
    "connections": "20",
    "timeout": "5s",
    "retries": "3",
    "private_memory": "48MiB",
}

_HOST_KEYS = "|".join(HOST_AMOUNTS)
_SERVICE_KEYS = "|".join((*SERVICE_AMOUNTS, "version", "host", "role", "technology"))
_LINK_KEYS = "|".join(LINK_KEYS)
_LIMIT_KEYS = "|".join(LIMIT_AMOUNTS)

# The missing name -> where it may be said. {0}, {1}: the groups; {example}: a value for {0}.
_HINTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(rf"({_HOST_KEYS}) of the host"),
        "--host {0}={example}, or in plimsoll.yaml: hosts: {{host: {{{0}: {example}}}}}",
    ),
    (
        re.compile(rf"({_HOST_KEYS}) of host (\S+)"),
        "--host {1}:{0}={example}, or in plimsoll.yaml: hosts: {{{1}: {{{0}: {example}}}}}",
    ),
    (
        re.compile(r"(somaxconn) of (?:the )?(host)(?: (?P<named>\S+))?"),
        "in plimsoll.yaml: hosts: {{{named}: {{settings: {{net.core.somaxconn: 4096}}}}}}",
    ),
    (
        re.compile(r"(\S+) of (?:the )?(host)(?: (?P<named>\S+))?"),
        "in plimsoll.yaml: hosts: {{{named}: {{settings: {{{0}: ...}}}}}}",
    ),
    (
        re.compile(r"((?:kernel|net|vm|fs)\.\S+) of (\S+)"),
        "in plimsoll.yaml: hosts: {{{1}: {{settings: {{{0}: ...}}}}}}",
    ),
    (
        re.compile(rf"({_LINK_KEYS}) of (\S+) -> (\S+)"),
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
        re.compile(rf"({_LIMIT_KEYS}) of (\S+)"),
        "in plimsoll.yaml: services: {{{1}: {{limits: {{{0}: {example}}}}}}}",
    ),
    (
        re.compile(r"(\S+) of (\S+)"),
        "in plimsoll.yaml: services: {{{1}: {{settings: {{{0}: ...}}}}}}",
    ),
)
_FACT = re.compile(r"(\S+) of (\S+)")


class Gap(Struct, frozen=True):
    """What is not known, and the rules that wait for it; a rule may stand in several gaps.

    *missing*: names; or, where *is_named* is False, one reason. *hints*: how to give them.
    *is_measured*: only a measurement tells any of them.
    """

    missing: tuple[str, ...]
    rules: tuple[str, ...]
    hints: tuple[str, ...] = ()
    is_named: bool = True
    is_measured: bool = False


def gaps(skipped: Iterable[Skipped]) -> list[Gap]:
    """What is missing, the most wanted first. Every skipped check is in a gap.

    What the very same rules wait for is one gap.
    """
    wanted: dict[tuple[str, bool], dict[str, None]] = {}
    for each in skipped:
        for need in needs(each.reason):
            wanted.setdefault(need, {})[each.rule] = None
    alike: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for (name, is_named), rules in sorted(wanted.items()):
        alike.setdefault((tuple(sorted(rules)), "" if is_named else name), []).append(name)
    found = [
        Gap(
            tuple(names),
            rules,
            () if reason else how_to_give(names),
            is_named=not reason,
            is_measured=not reason and all(map(_is_measured, names)),
        )
        for (rules, reason), names in alike.items()
    ]
    return sorted(found, key=lambda gap: (-len(gap.rules), gap.missing))


def needs(reason: str) -> list[tuple[str, bool]]:
    """What a reason says is needed, and whether that is a name; else the reason itself."""
    found: list[tuple[str, bool]] = []
    for piece in reason.split("; "):
        names = _COMMA.split(piece.removeprefix(_NEEDS)) if piece.startswith(_NEEDS) else []
        named = [(name, True) for name in names if _FACT.match(name)]
        found += named or [(piece, False)]
    return found


def how_to_give(names: Sequence[str]) -> tuple[str, ...]:
    """Where missing names may be said; nothing for one where we do not know."""
    measured, hints = [], []
    for name in names:
        plain = _REMARK.sub("", name)
        fact = _FACT.fullmatch(plain)
        if fact and _is_measured(name):
            measured.append(_filled("{1}.{0}: {example}", fact))
        else:
            hints += [_filled(hint, m) for p, hint in _HINTS if (m := p.fullmatch(plain))][:1]
    if measured:
        hints.append(f"measure it, then in plimsoll.yaml: measured: {{{', '.join(measured)}}}")
    return tuple(dict.fromkeys(hints))


def _is_measured(name: str) -> bool:
    fact = _FACT.fullmatch(_REMARK.sub("", name))
    return fact is not None and fact[1] in _facts()


@cache
def _facts() -> frozenset[str]:
    """What of a service is calculated or measured: nobody sets it."""
    known = knowledge()
    every = [known.general, *known.facts.values()]
    names = {name for facts in every for name in facts.get("service", {})}
    return frozenset(names.difference(SERVICE_AMOUNTS, LIMIT_AMOUNTS))


def _filled(hint: str, found: re.Match[str]) -> str:
    named = found.groupdict().get("named") or "host"  # what a machine without a name is called
    return hint.format(*found.groups(), named=named, example=_EXAMPLES.get(found[1], "..."))
