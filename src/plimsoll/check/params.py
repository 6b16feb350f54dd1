"""Parameters of rules: what their default is, and what plimsoll.yaml may put in its place."""

from __future__ import annotations

import re
from fractions import Fraction

from plimsoll.check.language.values import Const, Num, Text, Truth, Value
from plimsoll.model.quantity import BYTES, COUNT, SECONDS, UNLIMITED, Amount, shown
from plimsoll.model.rule import Param
from plimsoll.model.schema import Entry, Type
from plimsoll.syntax.amounts import OWN

_TYPES = ((Type.NUMBER, COUNT), (Type.SIZE, BYTES), (Type.TIME, SECONDS))
_INFINITE = ("never", "unlimited")
_TRUTHS = ("true", "false")

_FORMULA = re.compile(r"([0-9.]+)\s*\*\s*([A-Za-z]+)")
_SHORT = {"second": "s", "minute": "min", "hour": "h"}


def constant(text: str) -> Param:
    """What a parameter's text means: 0.1, 30s, 64MiB, 25%, never, true, else a word."""
    if text in _TRUTHS:
        return Param(text == "true")
    if text in _INFINITE:
        return Param(Amount.of(UNLIMITED), is_bare=True)
    if text.endswith("%"):
        share = constant(text[:-1])
        if isinstance(share.value, Amount) and share.is_bare:
            return Param(Amount.of(Fraction(share.value.low) / 100), is_bare=True)
    for type_, unit in _TYPES:
        found = OWN.value(text, Entry("", type_, unit))
        if isinstance(found, Amount):
            return Param(found, is_bare=unit == COUNT)
    return Param(text)


def one_value(text: str) -> str:
    """A formula of a number and its unit as one value: 64MiB for `64 * MiB`; "" for others."""
    found = _FORMULA.fullmatch(text)
    if not found:
        return ""
    value = f"{found[1]}{_SHORT.get(found[2], found[2])}"
    return value if isinstance(constant(value).value, Amount) else ""


def adjusted(param: Param, text: str) -> Param | None:
    """*param* with another text; None where that is of another kind or unit.

    Where the rule's own value is a bare number, one with a unit is taken: the rule's formulas say
    whether it fits.
    """
    if isinstance(param.value, str):
        return Param(text)
    found = constant(text)
    if type(found.value) is not type(param.value):
        return None
    if isinstance(found.value, Amount) and isinstance(param.value, Amount):
        fits = found.is_bare or param.is_bare or found.value.unit == param.value.unit
        return found if fits else None
    return found


def kind_of(param: Param) -> str:
    """What may stand in a parameter's place, for an error."""
    if isinstance(param.value, Amount):
        return "a number" if param.is_bare else f"a number of {param.value.unit}"
    return "true or false" if isinstance(param.value, bool) else "a text"


def value_of(param: Param) -> Value:
    """The parameter as the rules' language has it."""
    said = param.value
    if isinstance(said, Amount):
        unit = None if param.is_bare else said.unit
        return Num(said.low, said.high, unit, Const(shown(said.low, said.unit)))
    if isinstance(said, bool):
        return Truth(said, Const(str(said).lower()))
    return Text(said, Const(said))
