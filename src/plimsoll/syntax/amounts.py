"""Numbers with units, as vendors write them: a dialect says which units there are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from msgspec import Struct, field

from plimsoll.model.quantity import (
    BYTES,
    COUNT,
    GIB,
    KIB,
    MIB,
    SECONDS,
    TIB,
    UNLIMITED,
    Amount,
    Unit,
)
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Status, Value

_PIECE = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(\s*)([^\s0-9.]*)")
_WHOLE = re.compile(r"[+-]?[0-9]+")
_SIGNED = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")

# Far beyond every limit of a server, and within what Python converts at once.
_LONGEST = 200


class Dialect(Struct, frozen=True):
    """How one vendor writes amounts and booleans.

    *sizes* are in bytes, *times* in seconds. *rejection*: what the server does with a value that
    it cannot read.
    """

    sizes: Mapping[str, int] = field(default_factory=dict)
    times: Mapping[str, int | Fraction] = field(default_factory=dict)
    true: tuple[str, ...] = ("on", "yes", "true", "1")
    false: tuple[str, ...] = ("off", "no", "false", "0")
    folds_case: bool = False  # 1gb is 1GB
    takes_fractions: bool = False  # 1.5g
    takes_spaces: bool = False  # 12 GB
    combines: bool = False  # 1h30m
    rejection: Literal[Status.REFUSED, Status.IGNORED] = Status.REFUSED

    def value(self, text: str, entry: Entry) -> Value | Rejected:
        """What *text* means for *entry*, in base units; `Rejected` when the server says no.

        Ranges (minimum, maximum) are not judged here.
        """
        plain = text.strip()
        if any(plain.casefold() == word.casefold() for word in entry.infinite):
            return Amount.of(UNLIMITED, entry.unit)
        if entry.type is Type.TEXT:
            return text
        if entry.type is Type.ENUM:
            return self._enum(plain, entry)
        if entry.type is Type.BOOLEAN:
            return self._boolean(plain)
        return self._amount(plain, entry)

    def _enum(self, text: str, entry: Entry) -> Value | Rejected:
        if not entry.values or text in entry.values:
            return text
        for each in entry.values:
            if self.folds_case and each.casefold() == text.casefold():
                return each
        return Rejected(self.rejection, f"{text!r} is none of {', '.join(entry.values)}")

    def _boolean(self, text: str) -> Value | Rejected:
        if text.casefold() in self.true:
            return True
        if text.casefold() in self.false:
            return False
        return Rejected(
            self.rejection, f"{text!r} is neither {'/'.join(self.true)} nor {'/'.join(self.false)}"
        )

    def _amount(self, text: str, entry: Entry) -> Value | Rejected:
        number = self._number(text, entry)
        if isinstance(number, Rejected):
            return number
        if entry.type is Type.COUNT and number.denominator != 1:
            return Rejected(self.rejection, f"{text!r} is no whole number")
        exact = number.numerator if number.denominator == 1 else number
        if any(_SIGNED.fullmatch(word) and Fraction(word) == exact for word in entry.infinite):
            return Amount.of(UNLIMITED, entry.unit)
        return Amount.of(exact, entry.unit)

    def _number(self, text: str, entry: Entry) -> Fraction | Rejected:
        if len(text) > _LONGEST:
            return Rejected(self.rejection, f"{text[:20]!r}... is too long for a number")
        bare = _SIGNED if self.takes_fractions or entry.type is Type.NUMBER else _WHOLE
        if bare.fullmatch(text):
            if entry.scale is None:
                return Rejected(self.rejection, f"{text!r} has no unit")
            return Fraction(text) * Fraction(entry.scale)
        units = {Type.SIZE: self.sizes, Type.TIME: self.times}.get(entry.type, {})
        if not units:
            return Rejected(self.rejection, f"{text!r} is no number")
        return self._with_units(text, units)

    def _with_units(self, text: str, units: Mapping[str, int | Fraction]) -> Fraction | Rejected:
        known = {n.casefold(): v for n, v in units.items()} if self.folds_case else units
        sign, rest = (-1, text[1:]) if text.startswith("-") else (1, text)
        total, at = Fraction(0), 0
        for piece in _PIECE.finditer(rest):
            digits, space, unit = piece.groups()
            if rest[at : piece.start()].strip() or (at and not self.combines):
                break
            if (space and not self.takes_spaces) or ("." in digits and not self.takes_fractions):
                break
            factor = known.get(unit.casefold() if self.folds_case else unit)
            if factor is None:
                return Rejected(self.rejection, _unknown_unit(text, unit, units))
            total += Fraction(digits) * factor
            at = piece.end()
        if at == 0 or at != len(rest):
            return Rejected(self.rejection, f"{text!r} is no number with a unit")
        return sign * total


def _unknown_unit(text: str, unit: str, units: Mapping[str, int | Fraction]) -> str:
    names = ", ".join(n for n in units if n)
    return f"unknown unit {unit!r} in {text!r}; there are {names}"


# How plimsoll.yaml, settings.yaml and the rules' own files write amounts.
OWN = Dialect(
    sizes={"B": 1, "KiB": KIB, "MiB": MIB, "GiB": GIB, "TiB": TIB, "kB": 1000}
    | {"MB": 10**6, "GB": 10**9, "TB": 10**12, "K": KIB, "M": MIB, "G": GIB, "T": TIB},
    times={
        "us": Fraction(1, 10**6),
        "ms": Fraction(1, 1000),
        "s": 1,
        "min": 60,
        "m": 60,
        "h": 3600,
        "d": 86_400,
    },
    takes_fractions=True,
    takes_spaces=True,
    combines=True,
)

UNITS = {Type.SIZE: BYTES, Type.TIME: SECONDS}


def unit_of(type_: Type) -> Unit:
    """The unit of what a type counts."""
    return UNITS.get(type_, COUNT)
