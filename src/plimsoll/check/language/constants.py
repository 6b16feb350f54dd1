"""Names that every rule may use, and what literals mean."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from plimsoll.check.language import ranges
from plimsoll.check.language.nodes import Node
from plimsoll.check.language.values import Const, Num, with_how
from plimsoll.model.quantity import BYTES, GIB, KIB, MIB, SECONDS, UNLIMITED

CONSTANTS: Mapping[str, Num] = {
    "KiB": Num(KIB, KIB, BYTES, Const("KiB")),
    "MiB": Num(MIB, MIB, BYTES, Const("MiB")),
    "GiB": Num(GIB, GIB, BYTES, Const("GiB")),
    "kB": Num(1000, 1000, BYTES, Const("kB")),
    "MB": Num(10**6, 10**6, BYTES, Const("MB")),
    "second": Num(1, 1, SECONDS, Const("second")),
    "minute": Num(60, 60, SECONDS, Const("minute")),
    "hour": Num(3600, 3600, SECONDS, Const("hour")),
    "never": Num(UNLIMITED, UNLIMITED, SECONDS, Const("never")),
    "unlimited": Num(UNLIMITED, UNLIMITED, None, Const("unlimited")),
}


def number(text: str) -> Num:
    """A literal: exact, and without a unit of its own."""
    exact = Fraction(text)
    plain = exact.numerator if exact.denominator == 1 else exact
    return Num(plain, plain, None, Const(text))


def constant(node: Node) -> Num | None:
    """What a literal, a unit, or a literal times a unit stands for; None for anything else.

    `256 * MiB` is one amount for a person, not a calculation.
    """
    kind = node[0]
    if kind == "number":
        return number(node[2])
    if kind == "name":
        return CONSTANTS.get(node[2])
    if kind != "binary" or node[2] not in "*/":
        return None
    left, right = constant(node[3]), constant(node[4])
    if left is None or right is None or (left.unit is None and right.unit is None):
        return None
    product = ranges.ARITHMETIC[node[2]](left, right)
    known = with_how(product, Const(f"{left.amount} {node[2]} {right.amount}"))
    return known if isinstance(known, Num) and known.is_known else None
