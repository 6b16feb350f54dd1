"""Which flags hold, and those that do not go together.

Source: the java command's manual; measured on 17.0.21.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from plimsoll.model.quantity import MIB, Amount, Number
from plimsoll.model.reader import last_wins
from plimsoll.model.setting import Block, Origin, Setting, Status
from plimsoll.technologies.jvm.variables import FIRST, LAST, LAUNCHER

_RANKS = {FIRST: 0, LAUNCHER: 2, LAST: 3}
_ADDING = ("-X:", "--add", "-javaagent", "-agent", "-XX:On", "-ea", "-da", "-esa")
_ONCE = ("-Xmx", "-Xms", "-Xss", "-Xmn", "-XX:", "-D")
_COLLECTORS = frozenset(
    {
        *("-XX:UseSerialGC", "-XX:UseParallelGC", "-XX:UseG1GC", "-XX:UseConcMarkSweepGC"),
        *("-XX:UseZGC", "-XX:UseShenandoahGC", "-XX:UseEpsilonGC"),
    }
)
# What is only asked for where the other flag is not given.
_WITHOUT = {
    **dict.fromkeys(("-XX:MaxRAMPercentage", "-XX:MinRAMPercentage", "-XX:MaxRAMFraction"), "-Xmx"),
    **dict.fromkeys(("-XX:InitialRAMPercentage", "-XX:InitialRAMFraction"), "-Xms"),
}
_SMALLEST = 2 * MIB

Scope = tuple[Block, ...]
Holding = dict[tuple[str, Scope], Setting]


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """Who wins: the last; JAVA_TOOL_OPTIONS is read first and _JAVA_OPTIONS last of all."""
    order = sorted(range(len(settings)), key=lambda n: (_rank(settings[n]), n))
    ranked = [settings[n] for n in order]
    once = [each for each in ranked if each.name.startswith(_ONCE)]
    held = iter(last_wins(once))
    won = [next(held) if each.name.startswith(_ONCE) else each for each in ranked]
    done: list[Setting] = list(settings)
    for number, each in zip(order, _together(won), strict=True):
        done[number] = each
    return done


def _rank(each: Setting) -> tuple[int, bool]:
    """When Java reads it; of files those of a folder of additions come behind."""
    path = each.place.path if each.place else ""
    is_addition = each.origin is Origin.FILE and ".d/" in path
    return _RANKS.get(each.belongs, 1 if each.origin is Origin.FILE else 2), is_addition


def _together(settings: Sequence[Setting]) -> list[Setting]:
    holding: Holding = {(e.name, e.scope): e for e in settings if e.status is Status.EFFECTIVE}
    collectors: dict[Scope, Setting] = {}
    return [
        _beside(each, holding, collectors) if each.status is Status.EFFECTIVE else each
        for each in settings
    ]


def _beside(each: Setting, holding: Holding, collectors: dict[Scope, Setting]) -> Setting:
    """*each*, against the others that hold."""
    other = holding.get((_WITHOUT.get(each.name, ""), each.scope))
    if other is not None:
        reason = f"{other.name} says it"
        return replace(each, status=Status.IGNORED, reason=reason, winner=other)
    reason = _refusal(each, holding, collectors)
    return replace(each, status=Status.REFUSED, reason=reason) if reason else each


def _refusal(each: Setting, holding: Holding, collectors: dict[Scope, Setting]) -> str:
    """Why Java does not start with it; empty where it does."""
    if each.name in _COLLECTORS and each.value is True:
        first = collectors.setdefault(each.scope, each)
        return "" if first.name == each.name else f"two collectors are chosen: {first.name} too"
    size = _size(each)
    if size is None:
        return ""
    if each.name == "-Xmx" and size < _SMALLEST:
        return "too small: a heap has at least 2 MiB"
    most = holding.get(("-Xmx", each.scope))
    limit = _size(most) if most is not None and each.name == "-Xms" else None
    return f"more than -Xmx {most.text}" if most and limit is not None and size > limit else ""


def _size(each: Setting) -> Number | None:
    value = each.value
    return value.low if isinstance(value, Amount) and value.is_known else None
