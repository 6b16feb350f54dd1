"""What a value's text means to PostgreSQL, as its own parser of numbers and words has it.

Source: PostgreSQL manual, Parameter Names and Values; measured on 15.18 with `postgres -C`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from sys import float_info

from plimsoll.model.quantity import GIB, KIB, MIB, TIB, UNLIMITED, Amount, Number
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Formula, Status, Unset, Value

# Largest first: a fraction of one unit is rounded to whole ones of the next.
_UNITS: Mapping[Type, Mapping[str, int | Fraction]] = {
    Type.SIZE: {"TB": TIB, "GB": GIB, "MB": MIB, "kB": KIB, "B": 1},
    Type.TIME: {"d": 86_400, "h": 3_600, "min": 60, "s": 1}
    | {"ms": Fraction(1, 10**3), "us": Fraction(1, 10**6)},
}
_INT_MIN, _INT_MAX = -(2**31), 2**31 - 1
_LONGEST_NUMBER = 400  # characters
_LARGEST = Fraction(float_info.max)

_BLANKS = " \t\n\v\f\r"
# What strtol and strtod take; "09" is 0 and a 9 that does not belong there.
_WHOLE = re.compile(
    r"([-+]?)(0[xX][0-9a-fA-F]++|0(?![xX][0-9a-fA-F])[0-7]*+|[1-9][0-9]*+)(?![.eE])"
)
_DECIMAL = re.compile(
    r"[-+]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][-+]?0*[0-9]{1,3}(?![0-9]))?"
)
_HEXADECIMAL = re.compile(
    r"[-+]?0[xX](?:[0-9a-fA-F]++(?:\.[0-9a-fA-F]*+)?|\.[0-9a-fA-F]++)"
    r"(?:[pP][-+]?0*[0-9]{1,3}(?![0-9]))?"
)

# The number that means "by itself", in the setting's own unit: settings.yaml's default says what
# it comes to, except where the default is another.
AUTOMATIC: Mapping[str, int] = {
    "autovacuum_vacuum_cost_delay": -1,
    "autovacuum_vacuum_cost_limit": -1,
    "autovacuum_work_mem": -1,
    "commit_timestamp_buffers": 0,
    "huge_page_size": 0,
    "io_max_concurrency": -1,
    "subtransaction_buffers": 0,
    "tcp_keepalives_count": 0,
    "tcp_keepalives_idle": 0,
    "tcp_keepalives_interval": 0,
    "tcp_user_timeout": 0,
    "transaction_buffers": 0,
    "wal_buffers": -1,
}
_MEANING: Mapping[str, Value] = {"autovacuum_vacuum_cost_delay": Formula("s.vacuum_cost_delay")}

# The times that keep fractions of their unit; all others are rounded to whole ones.
_FRACTIONAL = frozenset({"autovacuum_vacuum_cost_delay", "vacuum_cost_delay"})

_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "on": ("true", "yes", "1"),
    "off": ("false", "no", "0"),
    "replica": ("archive", "hot_standby"),
    "debug2": ("debug",),
    "md5": ("on", "true", "yes", "1"),  # of password_encryption until 13
}


def value(text: str, entry: Entry) -> Value | Rejected:
    """What *text* (unquoted) means for *entry*; rejected when the server says no.

    A number is judged against the widest range of all versions.
    """
    if entry.type is Type.TEXT:
        return text
    if entry.type is Type.BOOLEAN:
        return _boolean(text)
    if entry.type is Type.ENUM:
        return _word(text, entry)
    return _amount(text, entry)


def _refused(reason: str) -> Rejected:
    return Rejected(Status.REFUSED, reason)


def _boolean(text: str) -> bool | Rejected:
    """On, off, 1, 0, and every beginning of true, false, yes and no; of on and off two letters."""
    word = text.lower()
    if word in ("on", "1") or (word and ("true".startswith(word) or "yes".startswith(word))):
        return True
    if word in ("of", "off", "0") or (word and ("false".startswith(word) or "no".startswith(word))):
        return False
    return _refused(f"{text!r} is neither on/true/yes/1 nor off/false/no/0")


def _word(text: str, entry: Entry) -> str | Rejected:
    word = text.lower()
    known = {each.lower(): each for each in entry.values}
    if word not in known:
        shown = ", ".join(v for v in entry.values if v and not _stands_for(v, entry))
        return _refused(f"{text!r} is none of {shown}")
    return _stands_for(word, entry) or known[word]


def _stands_for(word: str, entry: Entry) -> str:
    """The word that the server shows for one that it only takes; empty for one that it shows."""
    for shown, synonyms in _SYNONYMS.items():
        if word in synonyms and shown in entry.values:
            return shown
    return ""


def _amount(text: str, entry: Entry) -> Value | Rejected:
    is_real = entry.type is Type.NUMBER or entry.name in _FRACTIONAL
    number, rest = _real(text) if is_real else _integer(text)
    if number is None:
        return _refused(f"{text!r} is no number")
    scale = Fraction(entry.scale or 1)
    own = _in_own_unit(number, rest.strip(_BLANKS), scale, entry)
    if isinstance(own, Rejected):
        return own
    if not is_real:
        own = Fraction(round(own))
        if not _INT_MIN <= own <= _INT_MAX:
            return _refused(f"{text!r} is beyond 32 bits")
    if own == AUTOMATIC.get(entry.name):
        return _MEANING.get(entry.name) or (entry.defaults[-1].value if entry.defaults else Unset())
    if str(own) in entry.infinite:
        return Amount.of(UNLIMITED, entry.unit)
    return _within(Amount.of(_exact(own * scale), entry.unit), entry)


def _within(found: Amount, entry: Entry) -> Amount | Rejected:
    low, high = entry.minimum, entry.maximum
    below = isinstance(low, Amount) and found.low < low.low
    above = isinstance(high, Amount) and found.high > high.high
    if below or above:
        bounds = f"{low if low is not None else 'any'} to {high if high is not None else 'any'}"
        return _refused(f"{found} is outside of {bounds}")
    return found


def _integer(text: str) -> tuple[Fraction | None, str]:
    """A number where a whole one is wanted, and what follows: 0x10 is 16, 010 is 8, 1.5e1 is 15."""
    plain = text.lstrip(_BLANKS)
    found = _WHOLE.match(plain)
    if found is None or len(found[0]) > _LONGEST_NUMBER:
        return _real(text)
    digits = found[2]
    base = 16 if digits[1:2] in ("x", "X") else 8 if digits[0] == "0" else 10
    number = int(digits, base)
    return Fraction(-number if found[1] == "-" else number), plain[found.end() :]


def _real(text: str) -> tuple[Fraction | None, str]:
    plain = text.lstrip(_BLANKS)
    if found := _HEXADECIMAL.match(plain):
        return _from_hexadecimal(found[0]), plain[found.end() :]
    found = _DECIMAL.match(plain)
    if found is None or len(found[0]) > _LONGEST_NUMBER:
        return None, ""
    number = Fraction(found[0])
    return (number if abs(number) <= _LARGEST else None), plain[found.end() :]


def _from_hexadecimal(text: str) -> Fraction | None:
    try:
        return Fraction(float.fromhex(text))
    except OverflowError:
        return None


def _in_own_unit(number: Fraction, unit: str, scale: Fraction, entry: Entry) -> Fraction | Rejected:
    """*number* of *unit* in the unit that the setting counts in (*scale* base units each)."""
    if not unit:
        return number
    units = _UNITS.get(entry.type)
    if units is None:
        return _refused(f"{entry.name} has no unit, {unit!r} does not belong there")
    if unit not in units:
        return _refused(_unknown_unit(unit, units))
    names = list(units)
    base = number * units[unit]
    if unit != names[-1]:
        step = Fraction(units[names[names.index(unit) + 1]])
        base = round(base / step) * step
    return base / scale


def _unknown_unit(unit: str, units: Mapping[str, int | Fraction]) -> str:
    meant = next((u for u in units if u.lower() == unit.lower()), "")
    meant = meant or next((u for u in units if u[:1].lower() == unit[:1].lower()), "")
    guess = f", did you mean {meant}" if meant else ""
    return f"unknown unit {unit!r}{guess}? There are {', '.join(units)}"


def _exact(number: Fraction) -> Number:
    return number.numerator if number.denominator == 1 else number
