"""Changes of settings in words."""

from __future__ import annotations

from collections.abc import Iterator

from plimsoll.model.finding import Change, Fix, Needs
from plimsoll.report.secrets import Mask
from plimsoll.report.width import shown_bytes, visible

_DEAREST = (Needs.PURCHASE, Needs.RESTART, Needs.RELOAD)
_NEEDS = {
    Needs.PURCHASE: "needs a purchase for",
    Needs.RESTART: "needs a restart of",
    Needs.RELOAD: "needs a reload of",
}


def needs(fix: Fix) -> str:
    """What kind of change it is, its cost, and what it needs."""
    who = {n: sorted({c.operand.owner for c in fix.changes if c.needs is n}) for n in _DEAREST}
    wanted = (f"{_NEEDS[n]} {', '.join(map(shown_bytes, who[n]))}" for n in _DEAREST if who[n])
    cost = f"cost {fix.cost}" if fix.cost else ""
    return "; ".join(each for each in (fix.title, cost, *wanted) if each)


def moves(fix: Fix, mask: Mask) -> Iterator[str]:
    """Each change: whose setting it is, what it is and what it becomes."""
    for each in fix.changes:
        yield moved(each, mask)


def moved(change: Change, mask: Mask) -> str:
    """One change: whose setting it is, what it is and what it becomes."""
    setting = change.operand.setting
    now = visible(mask.words(setting)) or mask.value(setting)
    name = f"{shown_bytes(setting.name)} of {shown_bytes(change.operand.owner)}"
    return f"{name}: {now} -> {visible(change.text)}"
