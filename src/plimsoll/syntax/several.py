"""One setting of several things that are told apart by their block: several servers, balancers."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from plimsoll.model.quantity import Amount
from plimsoll.model.setting import Setting, Status, Unknown, Value


def spanned(settings: Sequence[Setting], kind: str, mark: str = "") -> list[Setting]:
    """*settings*; of a name that several blocks of a kind have, the last one has the span of all.

    *mark*: the setting that every such block has; where one lacks a name, nobody can tell it.
    """
    known = list(settings)
    held: dict[str, list[int]] = {}
    for number, each in enumerate(known):
        is_one = bool(each.scope) and each.scope[-1].kind == kind
        if is_one and each.status is Status.EFFECTIVE:
            held.setdefault(each.name, []).append(number)
    blocks = len(held.get(mark, ()))
    for name, numbers in held.items():
        values = [known[n].value for n in numbers]
        value = _span(values) if blocks <= len(numbers) else Unknown(f"some {kind} has no {name}")
        if value is not None and name != mark:
            reason = f"there are several of {kind}, and they differ"
            known[numbers[-1]] = replace(known[numbers[-1]], value=value, reason=reason)
    return known


def _span(values: Sequence[Value | None]) -> Value | None:
    """From the lowest to the highest; None where all are one."""
    if all(each == values[0] for each in values):
        return None
    amounts = [each for each in values if isinstance(each, Amount)]
    if len(amounts) < len(values):
        return Unknown("several values")
    return Amount(min(a.low for a in amounts), max(a.high for a in amounts), amounts[0].unit)
