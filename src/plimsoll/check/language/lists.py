"""What can be said of a list whose entries, or whose length, may be unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from plimsoll.check.language import ranges
from plimsoll.check.language.truths import asked, truth
from plimsoll.check.language.values import (
    Items,
    NotHere,
    Num,
    Op,
    Truth,
    Unset,
    Untold,
    Value,
    whole,
)
from plimsoll.model.quantity import COUNT, UNLIMITED, Number

# What a rule says of each entry.
Body = Callable[[Value], Value]
# With each whether it is surely in, as a list has them.
Entries = Sequence[tuple[Value, bool | None]]


def size(items: Items) -> Value:
    surely = sum(1 for _, sure in items.entries if sure)
    most = len(items.entries) if items.is_complete else UNLIMITED
    return Num(surely, most, COUNT, Op("size", (items,)))


def total(items: Items) -> Value:
    """The sum; 0 of none. Entries that nobody knows of only raise its high end."""
    nums = [(each, sure) for each, sure in items.entries if type(each) is Num]
    if len(nums) != len(items.entries):
        return ranges.uncalculated("sum", _entries(items))
    unit, is_mixed = ranges.common_unit(each for each, _ in nums)
    if is_mixed:
        return whole(None, Op("sum", (items,), "a sum of different units makes no sense"))
    low: Number = sum(each.low if sure else min(0, each.low) for each, sure in nums)
    high: Number = sum(each.high if sure else max(0, each.high) for each, sure in nums)
    if not items.is_complete:
        low, high = low if _are_positive(items) else -UNLIMITED, UNLIMITED
    if low != low or high != high:  # not a number: infinite - infinite
        return whole(unit, Op("sum", (items,), "unlimited - unlimited has no result"))
    return Num(low, high, unit, Op("sum", (items,)))


def smallest(items: Items) -> Value:
    return _extreme("min", items)


def largest(items: Items) -> Value:
    return _extreme("max", items)


def _extreme(symbol: str, items: Items) -> Value:
    """The smallest or largest entry; unset of none.

    Nothing can be told where there may be none.
    """
    every = [each for each in _entries(items) if type(each) is Num]
    surely = [each for each, sure in items.entries if sure and type(each) is Num]
    if len(every) != len(items.entries):
        return ranges.uncalculated(symbol, _entries(items))
    if not every and items.is_complete:
        return Unset(Op(symbol, (items,), f"{symbol} of an empty list"))
    if not surely:
        return Untold(Op(symbol, (items,)))
    pick = _PICK[symbol]
    found, certain = pick(every), pick(surely)
    low, high = (found.low, certain.high) if symbol == "min" else (certain.low, found.high)
    if not items.is_complete and symbol == "min":
        low = min(low, 0) if _are_positive(items) else -UNLIMITED
    elif not items.is_complete:
        high = UNLIMITED
    assert type(found.how) is Op  # noqa: S101 - what pick gives
    children = (*found.how.children, items.source)
    return Num(low, high, found.unit, Op(symbol, children, found.how.problem))


_PICK: Mapping[str, Callable[..., Num]] = {"min": ranges.least, "max": ranges.greatest}


def mapped(items: Items, body: Body) -> Value:
    """What *body* makes of each entry."""
    entries = tuple((body(each), sure) for each, sure in items.entries)
    return _not_here(each for each, _ in entries) or Items(
        entries, Op("map", (items.source,)), items.is_complete
    )


def kept(items: Items, condition: Body, among: Entries | None = None) -> Value:
    """The entries for which *condition* holds; where that is unknown, they may be in.

    *among*: the only ones for which it can hold, where that is known.
    """
    entries, conditions = [], []
    for each, sure in items.entries if among is None else among:
        found = asked(condition(each))
        if type(found) is NotHere:
            return found
        holds = truth(found)
        if holds is not False:
            entries.append((each, sure if holds else None))
            conditions.append(found)
    how = Op("filter", (items.source, *conditions))
    return Items(tuple(entries), how, items.is_complete)


def quantified(symbol: str, items: Items, condition: Body, among: Entries | None = None) -> Value:
    """Whether *condition* holds for `all` entries, or one `exists` for which it does.

    *among*: the only ones of which that need be asked, where that is known.
    """
    decisive = symbol == "exists"
    entries = items.entries if among is None else among
    found: list[Value] = []
    deciding: list[Value] = []
    is_certain = items.is_complete
    for each, sure in entries:
        said = asked(condition(each))
        holds = truth(said)
        found.append(said)
        if holds is decisive and sure:
            deciding.append(said)
        elif holds is decisive or holds is None:
            is_certain = False
    if deciding:
        return Truth(decisive, Op(symbol, tuple(deciding)))
    how = Op(symbol, (items.source, *found))
    return _not_here(found) or Truth(not decisive if is_certain else None, how)


def _entries(items: Items) -> tuple[Value, ...]:
    return tuple(each for each, _ in items.entries)


def _are_positive(items: Items) -> bool:
    return all(type(each) is Num and each.low >= 0 for each, _ in items.entries)


def _not_here(values: Iterable[Value]) -> NotHere | None:
    return next((each for each in values if type(each) is NotHere), None)
