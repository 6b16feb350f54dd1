"""Which settings took part in a value, and which are still needed to know it."""

from __future__ import annotations

from collections.abc import Iterator

from plimsoll.check.language.values import (
    Const,
    Items,
    Leaf,
    Missing,
    Named,
    Op,
    Unset,
    Value,
)
from plimsoll.model.finding import Operand
from plimsoll.model.setting import Unknown


def operands(value: Value) -> tuple[Operand, ...]:
    """In the order of the expression; a derived value is one, and its inputs follow it."""
    found: dict[Operand, None] = {}
    for each in _walk(value, only_unknown=False):
        how = each.how
        if isinstance(how, (Leaf, Named)) and how.operand:
            found.setdefault(how.operand)
    return tuple(found)


def needs(value: Value) -> tuple[str, ...]:
    """What somebody would have to say so that *value* is known; nothing when it is."""
    found: dict[str, None] = {}
    for each in _walk(value, only_unknown=True):
        need = _need(each)
        if need:
            found.setdefault(need)
    return tuple(found)


def is_written(value: Value) -> bool:
    """Whether somebody wrote the value where a server reads it; of a fact, anything it is from."""
    how = value.how
    if isinstance(how, Named) and how.operand and not how.is_fact:
        return how.operand.setting.is_written
    return any(each.setting.is_written for each in operands(value))


def _walk(value: Value, *, only_unknown: bool) -> Iterator[Value]:
    """Everything that *value* came from, itself first, in the order of the expression."""
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if id(each) in seen or (only_unknown and each.is_known):
            continue
        seen.add(id(each))
        yield each
        waiting.extend(reversed(sources(each)))


def sources(value: Value) -> tuple[Value, ...]:
    """What *value* was made of, one step back."""
    how = value.how
    if isinstance(how, Named):
        return (how.child,)
    entries = tuple(each for each, _ in value.entries) if isinstance(value, Items) else ()
    return (*how.children, *entries) if isinstance(how, Op) else entries


def _need(value: Value) -> str:
    """What this unknown value itself wants; nothing where its sources say it."""
    how = value.how
    suffix = " is unset" if isinstance(value, Unset) else ""
    if isinstance(how, Leaf):
        return _title(how.operand) + (suffix or _reason(how.operand))
    if isinstance(how, Missing):
        return how.need
    if isinstance(how, Op):
        return how.problem
    if isinstance(how, Named) and how.operand and _is_said_by_nobody(how.child):
        return _title(how.operand) + (suffix or _reason(how.operand))
    return ""


def _is_said_by_nobody(value: Value) -> bool:
    """A value that came from nowhere: what stands for it has to be named instead."""
    return isinstance(value.how, Const) and not isinstance(value, Items)


def _title(operand: Operand) -> str:
    return f"{operand.setting.name} of {operand.owner}"


def _reason(operand: Operand) -> str:
    said = operand.setting.value
    return f" ({said.reason})" if isinstance(said, Unknown) else ""
