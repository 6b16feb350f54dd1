"""Conditions with three values: true, false, and unknown (None)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from plimsoll.check.language.ranges import KINDS, are_mixed, odd
from plimsoll.check.language.values import (
    Items,
    NotHere,
    Num,
    Op,
    Text,
    Thing,
    Truth,
    Unset,
    Untold,
    Value,
)
from plimsoll.model.quantity import UNLIMITED


def broken(load: Value, limit: Value, *, strict: bool) -> Truth | NotHere:
    """Whether *load* exceeds *limit* (or, if *strict*, reaches it).

    True when the lowest load exceeds the highest limit, false when the highest load does not
    exceed the lowest limit, else None. Infinite on both sides is never broken.
    """
    symbol = ">=" if strict else ">"
    if type(load) is not Num or type(limit) is not Num:
        return undecided(symbol, load, limit)
    if are_mixed(load.unit, limit.unit):
        return undecided(
            symbol, load, limit, f"{symbol} of {load.unit} and {limit.unit} makes no sense"
        )
    how = Op(symbol, (load, limit))
    if load.low > limit.high or (strict and load.low == limit.high != UNLIMITED):
        return Truth(value=True, how=how)
    if limit.low == UNLIMITED or (load.high < limit.low if strict else load.high <= limit.low):
        return Truth(value=False, how=how)
    return Truth(None, how)


def compared(symbol: str, a: Value, b: Value) -> Truth | NotHere:
    """`a < b` and the like, on numbers."""
    if type(a) is not Num or type(b) is not Num:
        return undecided(symbol, a, b)
    if a.unit is not b.unit and are_mixed(a.unit, b.unit):
        return undecided(symbol, a, b, f"{symbol} of {a.unit} and {b.unit} makes no sense")
    return Truth(ORDERS[symbol](a, b), Op(symbol, (a, b)))


def _below(a: Num, b: Num) -> bool | None:
    if a.high < b.low:
        return True
    return False if a.low >= b.high else None


def _at_most(a: Num, b: Num) -> bool | None:
    if a.high <= b.low:
        return True
    return False if a.low > b.high else None


ORDERS: Mapping[str, Callable[[Num, Num], bool | None]] = {
    "<": _below,
    "<=": _at_most,
    ">": lambda a, b: _below(b, a),
    ">=": lambda a, b: _at_most(b, a),
}


def equated(symbol: str, a: Value, b: Value) -> Truth | NotHere:
    """`a == b` or `a != b`. Of two kinds: never equal; with something unset or unknown: None."""
    if type(a) is NotHere:
        return a
    if type(b) is NotHere:
        return b
    if type(a) is Num and type(b) is Num and are_mixed(a.unit, b.unit):
        return undecided(symbol, a, b, f"{symbol} of {a.unit} and {b.unit} makes no sense")
    same = equal(a, b)
    value = same if same is None or symbol == "==" else not same
    return Truth(value, Op(symbol, (a, b)))


def equal(a: Value, b: Value) -> bool | None:
    """Whether two values are surely the same, surely not, or None."""
    kind = type(a)
    if kind not in _SAME or type(b) not in _SAME:
        return None
    return _SAME[kind](a, b) if kind is type(b) else False


def _same_number(a: Num, b: Num) -> bool | None:
    if a.high < b.low or b.high < a.low:
        return False
    return True if a.is_known and b.is_known else None


def _same_value(a: Truth | Text, b: Truth | Text) -> bool | None:
    return None if a.value is None or b.value is None else a.value == b.value


def _same_thing(a: Thing, b: Thing) -> bool | None:
    return a.what == b.what


_SAME: Mapping[type, Callable[..., bool | None]] = {
    Num: _same_number, Truth: _same_value, Text: _same_value, Thing: _same_thing,
}  # fmt: skip


def contained(entry: Value, items: Value) -> Truth | NotHere:
    """`entry in items`."""
    for each in (entry, items):
        if type(each) is NotHere:
            return each
    how = Op("in", (entry, items))
    if type(items) is not Items:
        return Truth(None, how)
    found = [(equal(entry, each), sure) for each, sure in items.entries]
    if any(same and sure for same, sure in found):
        return Truth(value=True, how=how)
    is_surely_out = items.is_complete and all(same is False for same, _ in found)
    # An empty list holds nothing, not even what nobody knows.
    return Truth(False if is_surely_out else None, how)


def truth(value: Value) -> bool | None:
    """What a value says as a condition; None for all that is not a known condition."""
    return value.value if type(value) is Truth else None


def asked(value: Value) -> Value:
    """*value* as a condition: what is known to be none is unknown, with the reason."""
    if type(value) is Truth or type(value) not in KINDS:
        return value
    return Truth(None, Op("?", (value,), f"{KINDS[type(value)]} is no condition"))


def negated(found: Value) -> Truth | NotHere:
    value = asked(found)
    if type(value) is NotHere:
        return value
    known = truth(value)
    return Truth(None if known is None else not known, Op("!", (value,)))


def joined(symbol: str, found: Sequence[Value]) -> Truth | NotHere:
    """Whether all (&&) or any (||) of the conditions that were found hold.

    One that decides does so whatever the others are: unknown, or not there.
    """
    conditions = [asked(each) for each in found]
    decisive = symbol == "||"
    known = [truth(each) for each in conditions]
    how = Op(symbol, tuple(conditions))
    if decisive in known:
        return Truth(decisive, how)
    for each in conditions:
        if type(each) is NotHere:
            return each
    return Truth(None if None in known else not decisive, how)


def either(symbol: str, a: Value, b: Value) -> Truth | NotHere:
    """As `joined`, of two."""
    if type(a) is not Truth or type(b) is not Truth:
        return joined(symbol, (a, b))
    decisive = symbol == "||"
    how = Op(symbol, (a, b))
    if a.value is decisive or b.value is decisive:
        return Truth(decisive, how)
    return Truth(None if a.value is None or b.value is None else not decisive, how)


def undecided(symbol: str, a: Value, b: Value, problem: str = "") -> Truth | NotHere:
    """A condition on values that do not bear it; it does not apply where one is not there."""
    for each in (a, b):
        if type(each) is NotHere:
            return each
    return Truth(None, Op(symbol, (a, b), problem or odd(symbol, (a, b))))


def is_there(value: Value) -> bool | None:
    """Whether there is a value at all."""
    kind = type(value)
    return None if kind is Untold else kind not in (Unset, NotHere)
