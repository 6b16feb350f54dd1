"""What `c ? a : b` gives, whether or not `c` is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from plimsoll.check.language.ranges import are_mixed
from plimsoll.check.language.values import (
    How,
    Items,
    Num,
    Op,
    Text,
    Truth,
    Untold,
    Value,
    with_how,
)


def taken(condition: Value, branch: Value) -> Value:
    """The branch that a known condition takes."""
    return with_how(branch, Op("?:", (condition, branch)))


def spanned(condition: Value, yes: Value, no: Value) -> Value:
    """Whatever either branch gives; of two kinds nothing can be told."""
    how = Op("?:", (condition, yes, no))
    span = _SPAN.get(type(yes)) if type(yes) is type(no) else None
    return span(yes, no, how) if span else Untold(how)


def _numbers(yes: Num, no: Num, how: How) -> Value:
    if are_mixed(yes.unit, no.unit):
        return Untold(how)
    return Num(min(yes.low, no.low), max(yes.high, no.high), yes.unit or no.unit, how)


def _lists(yes: Items, no: Items, how: How) -> Value:
    entries = tuple((each, None) for each, _ in (*yes.entries, *no.entries))
    return Items(entries, how, yes.is_complete and no.is_complete)


_SPAN: Mapping[type, Callable[..., Value]] = {
    Num: _numbers,
    Truth: lambda yes, no, how: Truth(yes.value if yes == no else None, how),
    Text: lambda yes, no, how: Text(yes.value if yes == no else None, how),
    Items: _lists,
}
