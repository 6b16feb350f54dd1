"""How somebody would write another value of a setting: in its own unit, in the next one where that is too coarse."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from msgspec import Struct

from plimsoll.check.fix.linear import Exact, exact
from plimsoll.model.quantity import UNLIMITED, Amount, Number
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Value

Read = Callable[[str], Value | Rejected]

_TEXT = re.compile(r"([0-9]+(?:\.[0-9]+)?)(\s*)([A-Za-z]*)")
# Units that are written together, small ones first.
_SIZES = (
    ("kB", "MB", "GB", "TB"),
    ("KB", "MB", "GB", "TB"),
    ("kb", "mb", "gb", "tb"),
    ("KiB", "MiB", "GiB", "TiB"),
    ("Ki", "Mi", "Gi", "Ti"),
    ("K", "M", "G", "T"),
    ("k", "m", "g", "t"),
)
_TIMES = (("ms", "s", "min", "h"), ("ms", "s", "m", "h"), ("s", "m", "h"))
_FAMILIES = {Type.SIZE: _SIZES, Type.TIME: _TIMES}
# A size of fewer units than this is too coarse to be changed by one, a time of fewer than that.
_COARSE = {Type.SIZE: 64, Type.TIME: 5}
_FINER = 10  # what is written with decimals may have one more
_TRIED = 10_000  # of a unit: a number that no setting gives a meaning of its own
_FINE = 100_000  # units: what has more is changed by thousands


class Form(Struct, frozen=True):
    """One way to write an amount: what one is in base units, and what stands behind the number."""

    factor: Exact
    suffix: str = ""


class Style(Struct, frozen=True):
    """How a setting is written. *own*: its own form; *forms*: those that its unit goes with.

    *step*: by how much it is changed at least, in base units.
    """

    own: Form
    forms: tuple[Form, ...]
    step: Exact

    def text(self, value: Exact) -> str:
        """*value* in the own unit where that gives a short whole number, else in the largest one."""
        fitting = [each for each in self.forms if Fraction(value) % Fraction(each.factor) == 0]
        form, count = self.own, Fraction(value) / Fraction(self.own.factor)
        if fitting and (count.denominator != 1 or count > _FINE):
            form = max(fitting, key=lambda each: each.factor)
        return f"{_decimal(Fraction(value) / Fraction(form.factor))}{form.suffix}"


def style(text: str, value: Amount | None, entry: Entry, read: Read) -> Style | None:
    """The style of a setting that says *text*; of one that nobody wrote, where that is empty.

    None where an amount cannot be told from how it is written: `50%`, `1h30m`, `auto`.
    """
    own = _own(text, read) if text else None
    if text and own is None and not (value and value.low == UNLIMITED):
        return None
    forms = tuple(_forms(own, entry, read))
    if own is None:
        if not forms:
            return None
        own = _default_form(forms, value)
    return Style(own, forms or (own,), _step(own, forms, value, entry))


def _own(text: str, read: Read) -> Form | None:
    found = _TEXT.fullmatch(text.strip())
    said = read(text)
    if not found or not isinstance(said, Amount) or not said.is_known or said.low == UNLIMITED:
        return None
    number = Fraction(found[1])
    if not number:
        return None
    form = Form(exact(Fraction(said.low) / number), found[2] + found[3])
    # A server that rounds what it reads says too little of one unit by a single number.
    return form if _factor(read, form.suffix) in (form.factor, 0) else None


def _forms(own: Form | None, entry: Entry, read: Read) -> Iterator[Form]:
    """The own form and those of its family that the server takes."""
    if own is not None:
        yield own
    suffix = own.suffix.strip() if own else ""
    space = own.suffix[: len(own.suffix) - len(suffix)] if own else ""
    if own is None and (bare := _factor(read, "")):
        yield Form(bare)
    if own is not None and not suffix:
        return
    every = _FAMILIES.get(entry.type, ())
    families = [f for f in every if suffix in f] or every
    for family in families:
        if not _is_in_order(read, space, family):
            continue
        known = [
            Form(factor, space + each)
            for each in family
            if each != suffix and (factor := _factor(read, f"{space}{each}"))
        ]
        yield from known
        if known:
            return


def _is_in_order(read: Read, space: str, family: Sequence[str]) -> bool:
    """Whether each unit is more than the one before it: `m` may be milli."""
    known = [factor for each in family if (factor := _factor(read, f"{space}{each}"))]
    return known == sorted(known)


def _factor(read: Read, suffix: str) -> Exact:
    """What one of a unit is in base units; 0 where the server does not take it."""
    said = read(f"{_TRIED}{suffix}")
    if not isinstance(said, Amount) or not said.is_known or isinstance(said.low, float):
        return 0
    return exact(Fraction(said.low) / _TRIED)


def _default_form(forms: tuple[Form, ...], value: Amount | None) -> Form:
    """The largest unit of which the default is a whole number."""
    if value is None or value.low in (0, UNLIMITED):
        return max(forms, key=lambda each: -each.factor)
    whole = [f for f in forms if Fraction(value.low) % Fraction(f.factor) == 0]
    return max(whole or forms, key=lambda each: each.factor)


def _step(own: Form, forms: tuple[Form, ...], value: Amount | None, entry: Entry) -> Exact:
    if value is None or value.low in (0, UNLIMITED):
        return own.factor
    count = Fraction(value.low) / Fraction(own.factor)
    if count.denominator != 1:
        return exact(Fraction(own.factor) / (count.denominator * _FINER))
    if count < _COARSE.get(entry.type, 0):
        finer = [each.factor for each in forms if each.factor < own.factor]
        return max(finer, default=own.factor)
    if count > _FINE:
        for base in (1024, 1000):
            grown = _grown(count, base)
            if grown > 1:
                return exact(Fraction(own.factor) * grown)
    return own.factor


def _grown(count: Fraction, base: int) -> int:
    """The largest power of *base* that *count* is a multiple of, and of which it has a thousand."""
    power = 1
    while count % (power * base) == 0 and count / (power * base) >= base:
        power *= base
    return power


def _decimal(number: Fraction) -> str:
    if number.denominator == 1:
        return str(number.numerator)
    return f"{float(number):.6f}".rstrip("0")


def reads_as(read: Read, text: str, value: Number) -> bool:
    """Whether the server takes *text* for exactly that amount."""
    said = read(text)
    return isinstance(said, Amount) and said.low == said.high == value
