"""Quantities exactly as the API server reads them: `100m`, `1.5Gi`, `1e3`.

Source: Kubernetes, apimachinery/pkg/api/resource (Quantity); reference "Quantity" of its API.
"""

from __future__ import annotations

import re
from fractions import Fraction
from math import ceil

from plimsoll.model.quantity import BYTES, COUNT, Amount, Number, Unit
from plimsoll.model.reader import Rejected
from plimsoll.model.setting import Status, Value

# As the API server takes a quantity apart; what stands in each half is judged afterwards.
_HALVES = re.compile(r"([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_EXPONENT = re.compile(r"[eE]([+-]?[0-9]{1,3})")

_SUFFIXES: dict[str, Fraction] = {
    "n": Fraction(1, 10**9),
    "u": Fraction(1, 10**6),
    "m": Fraction(1, 1000),
    "": Fraction(1),
    **{letter: Fraction(1000**n) for n, letter in enumerate("kMGTPE", start=1)},
    **{f"{letter}i": Fraction(1024**n) for n, letter in enumerate("KMGTPE", start=1)},
}
_LONGEST = 100

# What people write for the suffix that they mean.
_MEANT = {
    "K": "k or Ki",
    "KB": "k or Ki",
    "kB": "k or Ki",
    "kb": "k or Ki",
    "MB": "M or Mi",
    "Mb": "M or Mi",
    "mb": "M or Mi",
    "mi": "Mi",
    "MI": "Mi",
    "MiB": "Mi",
    "g": "G or Gi",
    "gi": "Gi",
    "GB": "G or Gi",
    "Gb": "G or Gi",
    "gb": "G or Gi",
    "GI": "Gi",
    "GiB": "Gi",
    "ki": "Ki",
    "TB": "T or Ti",
}


def quantity(text: str) -> Fraction | Rejected:
    """What *text* is, without rounding; why the API server refuses it."""
    halves = _HALVES.fullmatch(text) if len(text) <= _LONGEST else None
    if halves is None or not _NUMBER.fullmatch(halves[1]):
        return Rejected(Status.REFUSED, f"{text[:40]!r} is no quantity{_hint(text)}")
    factor = _factor(halves[2])
    if factor is None:
        return Rejected(
            Status.REFUSED, f"unable to parse quantity's suffix {halves[2]!r}{_hint(text)}"
        )
    return Fraction(halves[1]) * factor


def _factor(suffix: str) -> Fraction | None:
    known = _SUFFIXES.get(suffix)
    exponent = _EXPONENT.fullmatch(suffix)
    if known is None and exponent:
        return Fraction(10) ** int(exponent[1])
    return known


def _hint(text: str) -> str:
    suffix = text.lstrip("+-.0123456789 ")
    meant = _MEANT.get(suffix, "")
    return f"; did you mean {meant}?" if meant else "; suffixes are m k M G T P E Ki Mi Gi Ti Pi Ei"


def size(text: str) -> Value | Rejected:
    """Bytes; parts of one are rounded up."""
    found = quantity(text)
    if isinstance(found, Rejected):
        return found
    return _amount(Fraction(ceil(found)), text, BYTES)


def cpu(text: str) -> Value | Rejected:
    """Cores; parts of a thousandth are rounded up."""
    found = quantity(text)
    if isinstance(found, Rejected):
        return found
    return _amount(Fraction(ceil(found * 1000), 1000), text, COUNT)


def _amount(exact: Fraction, text: str, unit: Unit) -> Value | Rejected:
    if exact < 0:
        return Rejected(Status.REFUSED, f"{text!r}: must be greater than or equal to 0")
    number: Number = exact.numerator if exact.denominator == 1 else exact
    return Amount.of(number, unit)


def share(text: str) -> Value | Rejected:
    """`25%` as 0.25; a whole number stays one."""
    percent = re.fullmatch(r"([0-9]{1,9})%", text)
    if percent:
        exact = Fraction(int(percent[1]), 100)
        return Amount.of(exact.numerator if exact.denominator == 1 else exact)
    if re.fullmatch(r"[0-9]{1,9}", text):
        return Amount.of(int(text))
    return Rejected(Status.REFUSED, f"{text!r} is neither a whole number nor a percentage")
