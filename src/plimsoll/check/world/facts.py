"""Facts of things: measured, stated, or what their formula gives."""

from __future__ import annotations

from msgspec.structs import replace

from plimsoll.check.facts import VARIABLES, Fact
from plimsoll.check.formulas import evaluation
from plimsoll.check.language.types import unknown
from plimsoll.check.language.values import (
    Const,
    How,
    Missing,
    NotHere,
    Num,
    Unset,
    Untold,
    Value,
    named,
)
from plimsoll.check.printing import model_value, printed
from plimsoll.check.world.base import Owner, Scene, label, thing
from plimsoll.model.rule import Expression
from plimsoll.model.setting import Origin, Setting
from plimsoll.model.stack import Link

_STEPS = frozenset({"attribute", "index"})


def fact(world: Scene, kind: str, of: Owner, technology: str, name: str) -> Value | None:
    """The value of a fact; None where the thing has no fact of that name."""
    known = world.knowledge.fact(kind, technology, name)
    measured = None if isinstance(of, Link) else of.measured.get(name)
    if measured is not None:
        return _told(world, of, measured, known)
    if known is None:
        return None
    stated = of.settings.get(name) if isinstance(of, Link) else of.stated.get(name)
    return _told(world, of, stated, known) if stated else _calculated(world, kind, of, known)


def _told(world: Scene, of: Owner, setting: Setting, known: Fact | None) -> Value:
    """What somebody measured or stated; unknown where it is of another unit than the fact."""
    found = world.value(of, setting)
    if known is None:
        return found
    if isinstance(found, Untold):
        return _unknown(known, found.how)
    other = _unknown(known, Missing(f"{known.name} of {label(of)} in {known.unit}"))
    if type(found) is not type(other):
        return other
    if isinstance(found, Num) and isinstance(other, Num) and found.unit != other.unit:
        return other
    return found


def _calculated(world: Scene, kind: str, of: Owner, known: Fact) -> Value | None:
    at = (id(of), known.name)
    if world.calculating[-1:] == [at]:
        return None  # inside of its own formula the name is that of a setting
    if known.formula is None or at in world.calculating:
        return _unknown(known, Missing(f"{known.name} of {label(of)}"))
    formula, is_assumed = known.formula, known.is_assumed
    world.calculating.append(at)
    try:
        found = evaluation(formula)(world, {VARIABLES[kind]: thing(of)})
        if known.otherwise and world.is_assuming and not found.is_known:
            formula, is_assumed = known.otherwise, True
            found = evaluation(formula)(world, {VARIABLES[kind]: thing(of)})
    finally:
        world.calculating.pop()
    if is_assumed and not world.is_assuming and isinstance(found, Num):
        found = replace(found, low=0, high=0)
    return _derived(world, found, known, formula, of, is_assumed=is_assumed)


def _unknown(known: Fact, how: How) -> Value:
    found = unknown(known.type, how)
    return replace(found, low=known.least) if isinstance(found, Num) else found


def _derived(
    world: Scene, found: Value, known: Fact, formula: Expression, of: Owner, *, is_assumed: bool
) -> Value:
    """*found* as a setting of its own, unless the formula only gives another one a name."""
    if isinstance(found, (NotHere, Unset)):
        return found
    if not is_assumed and (isinstance(found.how, Const) or _is_path(formula)):
        return found
    setting = Setting(
        name=known.name,
        text=printed(found),
        origin=Origin.ASSUMED if is_assumed else Origin.DERIVED,
        reason=known.source,
        value=model_value(found),
    )
    return named(found, known.name, world.operand(of, setting), is_fact=True)


def _is_path(formula: Expression) -> bool:
    at = formula.node
    while at[0] in _STEPS:
        at = at[2]
    return bool(at[0] == "name")
