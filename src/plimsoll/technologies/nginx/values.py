"""How nginx reads numbers, sizes, times and switches. What it cannot read, it refuses to start with.

Source: nginx manual, "Configuration file measurement units"; each form tried with nginx 1.22.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from plimsoll.model.quantity import GIB, KIB, MIB, UNLIMITED, Amount, Number
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Formula, Status, Unknown, Value
from plimsoll.technologies.nginx.directives import directives

_LARGEST = 2**63 - 1
_COUNT = re.compile(r"[0-9]{1,19}")
_SIZE = re.compile(r"([0-9]{1,19})([kKmM]?)")
_OFFSET = re.compile(r"([0-9]{1,19})([kKmMgG]?)")
_FACTORS = {"": 1, "k": KIB, "m": MIB, "g": GIB}

# From the largest unit to the smallest, blanks behind each; a number without a unit, which is in
# seconds, comes last. Factors are to milliseconds.
_DAYS = r"(?:([0-9]{0,15})w *)?(?:([0-9]{0,15})d *)?(?:([0-9]{0,15})h *)?(?:([0-9]{0,15})m(?!s) *)?"
_TIMES = {
    "ms": (
        re.compile(_DAYS + r"(?:(?:([0-9]{0,15})s *)?(?:([0-9]{0,15})ms *)?|([0-9]{0,15}) +)([0-9]{0,15})"),
        (604_800_000, 86_400_000, 3_600_000, 60_000, 1_000, 1, 1_000, 1_000),
    ),
    "seconds": (
        re.compile(
            r"(?:([0-9]{0,15})y *)?(?:([0-9]{0,15})M *)?"
            + _DAYS
            + r"(?:(?:([0-9]{0,15})s *)?|([0-9]{0,15}) +)([0-9]{0,15})"
        ),
        (31536000000, 2592000000, 604800000, 86400000, 3600000, 60000, 1000, 1000, 1000),
    ),
}  # fmt: skip
_DIGIT = re.compile(r"[0-9]")

_NOTATIONS = {Type.COUNT: "count", Type.SIZE: "size", Type.TIME: "ms", Type.BOOLEAN: "flag"}
# Parameters that are read otherwise than most settings of their type.
_PARAMETERS = {
    "max_size": "offset",
    "min_free": "offset",
    "inactive": "seconds",
    "fail_timeout": "seconds",
    "slow_start": "seconds",
    "proxy_cache_valid_time": "seconds",
    "fastcgi_cache_valid_time": "seconds",
    "uwsgi_cache_valid_time": "seconds",
    "scgi_cache_valid_time": "seconds",
}
# More arguments may follow the one that is the value.
_FIRST_COUNTS = frozenset({"keepalive_timeout", "keepalive"})

# What tools fill in before nginx sees the file.
_PLACEHOLDER = re.compile(r"\{\{|\{%|<%|@[A-Za-z_][A-Za-z0-9_]*@|%[A-Z][A-Z0-9_]*%")


def placeholder(text: str) -> Unknown | None:
    """Why *text* cannot be known, where it waits for a tool to fill it in."""
    found = _PLACEHOLDER.search(text)
    return Unknown(f"a template that was not filled in: {found[0]}") if found else None


def value(text: str, entry: Entry) -> Value | Rejected:
    """What *text* means for *entry*; `Rejected` where nginx does not start with it."""
    waiting = placeholder(text)
    if waiting:
        return waiting
    if entry.type is Type.TEXT:
        return text
    if "$" in text:
        return Unknown(f"{text} is calculated for each request")
    if entry.name == "worker_processes" and text == "auto":
        return Formula("s.cores_seen")
    if text in entry.infinite:
        return Amount.of(UNLIMITED, entry.unit)
    if entry.type is Type.ENUM:
        return _one_of(text, entry)
    words = text.split() if entry.name in _FIRST_COUNTS else [text]
    return _amount(words, entry)


def _one_of(text: str, entry: Entry) -> Value | Rejected:
    folded = {each.casefold(): each for each in entry.values}
    found = folded.get(text.casefold())
    return found or _refused(f'invalid value "{text}" in "{entry.name}" directive')


def _amount(words: list[str], entry: Entry) -> Value | Rejected:
    notation = _notation(entry)
    read = [number(word, notation) for word in words or [""]]
    if entry.type is Type.COUNT:
        read = read[:1]  # behind it stands what is no number: `keepalive 32 local`
    if None in read:
        return _refused(invalid(entry.name, " ".join(words), notation))
    first = read[0]
    if first is None or isinstance(first, bool):
        return bool(first)
    if not _is_within(first, entry):
        return _refused(f'"{entry.name}" must be between {entry.minimum} and {entry.maximum}')
    if str(first) in entry.infinite:
        return Amount.of(UNLIMITED, entry.unit)
    return Amount.of(first, entry.unit)


def _is_within(read: Number, entry: Entry) -> bool:
    low = entry.minimum.low if isinstance(entry.minimum, Amount) else 0
    high = entry.maximum.high if isinstance(entry.maximum, Amount) else UNLIMITED
    return low <= read <= high


def _notation(entry: Entry) -> str:
    known = directives().get(entry.name)
    own = _PARAMETERS.get(entry.name) or (known.notation if known else "")
    plain = _NOTATIONS.get(entry.type, "count")
    return own if own in _READERS else plain


def number(text: str, notation: str) -> Number | bool | None:
    """The number, in base units, or the switch that *text* is; None where nginx cannot read it."""
    return _READERS[notation](text)


def _switch(text: str) -> bool | None:
    return {"on": True, "off": False}.get(text.lower())


def _count(text: str) -> int | None:
    return _bounded(int(text)) if _COUNT.fullmatch(text) else None


def _size(text: str, pattern: re.Pattern[str] = _SIZE) -> int | None:
    found = pattern.fullmatch(text)
    return _bounded(int(found[1]) * _FACTORS[found[2].lower()]) if found else None


def _offset(text: str) -> int | None:
    return _size(text, _OFFSET)


def _seconds(text: str, notation: str) -> int | Fraction | None:
    pattern, factors = _TIMES[notation]
    found = pattern.fullmatch(text)
    if not found or not _DIGIT.search(text):
        return None
    total = sum(int(n) * factor for n, factor in zip(found.groups(), factors, strict=True) if n)
    return total // 1000 if total % 1000 == 0 else Fraction(total, 1000)


def _bounded(read: int) -> int | None:
    return read if read <= _LARGEST else None


_READERS: dict[str, Callable[[str], Number | bool | None]] = {
    "flag": _switch,
    "count": _count,
    "size": _size,
    "offset": _offset,
    "ms": lambda text: _seconds(text, "ms"),
    "seconds": lambda text: _seconds(text, "seconds"),
}
_WANTED = {
    "flag": 'it must be "on" or "off"',
    "count": "a whole number is wanted",
    "size": "a size is a number with k or m, or bytes",
    "offset": "a size is a number with k, m or g, or bytes",
    "ms": "a time is a number with ms, s, m, h, d or w, or seconds; several go from large to small",
    "seconds": "a time is a number with s, m, h, d, w, M or y, or seconds; several go from large to small",
}


def invalid(name: str, text: str, notation: str) -> str:
    """Why nginx refuses *text*, and what it wants."""
    return f'invalid value "{text}" in "{name}" directive: {_WANTED[notation]}'


def _refused(reason: str) -> Rejected:
    return Rejected(Status.REFUSED, reason)
