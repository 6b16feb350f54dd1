"""What a value's text means to the server: its numbers, words and switches.

Source: MySQL manual, Using Options to Set Program Variables; measured on MariaDB 10.11.
"""

from __future__ import annotations

import re
from fractions import Fraction

from msgspec.structs import replace

from plimsoll.model.quantity import UNLIMITED, Amount, Number
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Setting, Status, Unknown, Value
from plimsoll.technologies.mysql.options import BLOCKS, SIGNED, STRICT_FLAGS

_SUFFIXES = "kmgtpe"
_WHOLE = re.compile(r"[ \t\r\n\v\f]*([+-]?)([0-9]*)(.?)", re.DOTALL)
_DECIMAL = re.compile(r"[ \t]*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_LONGEST = 100  # digits
_ON, _OFF = ("on", "true", "1"), ("off", "false", "0")
_MORE = {"detect_and_recover": True, "detect_only": True}  # innodb_doublewrite of MySQL 8.0.30

# Times that take fractions.
_FRACTIONAL = frozenset(
    {
        "expire_logs_days", "log_slow_query_time", "long_query_time", "max_statement_time",
        "slave_max_statement_time",
    }
)  # fmt: skip
# -1 means that MySQL finds a size by itself; MariaDB refuses it.
_AUTOSIZED = frozenset(
    {"back_log", "host_cache_size", "open_files_limit", "table_definition_cache"}
    | {"table_open_cache", "thread_cache_size", "innodb_open_files"}
)


def value(text: str, entry: Entry) -> Value | Rejected:
    """What *text* means for *entry*, as far as the server goes: it moves a number into its range."""
    if entry.type is Type.BOOLEAN:
        return _boolean(text, entry)
    if entry.type is Type.ENUM:
        return _word(text, entry)
    if entry.type is Type.TEXT:
        return _set(text, entry) if entry.values else text
    return _amount(text, entry)


def _refused(reason: str) -> Rejected:
    return Rejected(Status.REFUSED, reason)


def _boolean(text: str, entry: Entry) -> bool | Rejected:
    word = text.lower()
    if word in _ON or _MORE.get(word):
        return True
    if word in _OFF or entry.name not in STRICT_FLAGS:
        return False
    return Rejected(Status.IGNORED, f"{text!r} is neither ON/TRUE/1 nor OFF/FALSE/0")


def _word(text: str, entry: Entry) -> str | Rejected:
    """A word of the list, the beginning of one, or its number from 0."""
    found = _one_of(text, entry.values)
    if found is None:
        return _refused(f"{text!r} is none of {', '.join(entry.values)}")
    return found


def _one_of(text: str, words: tuple[str, ...]) -> str | None:
    if not text:
        return words[0]
    lower = text.lower()
    exact = [word for word in words if word.lower() == lower]
    near = exact or [word for word in words if word.lower().startswith(lower)]
    if len(near) == 1:
        return near[0]
    if text.isascii() and text.isdigit() and len(text) < 4 and int(text) < len(words):
        return words[int(text)]
    return None


def _set(text: str, entry: Entry) -> str | Rejected:
    """Words of the list with commas between them; a number has a bit for each of them."""
    if text.isascii() and text.isdigit():
        return text
    for word in text.split(",") if text else ():
        if _one_of(word, entry.values) is None:
            return _refused(f"{word!r} is none of {', '.join(entry.values)}")
    return text


def _amount(text: str, entry: Entry) -> Value | Rejected:
    number = _number(text, entry)
    if isinstance(number, Rejected):
        return number
    if number == -1 and entry.name in _AUTOSIZED:
        return Unknown("-1: MySQL finds a size by itself, MariaDB refuses it")
    if number < 0 and entry.name not in SIGNED and not _is_real(entry):
        return _refused(f"{text!r} is below 0")
    if str(number) in entry.infinite:
        return Amount.of(UNLIMITED, entry.unit)
    scale = Fraction(entry.scale if entry.scale is not None else 1)
    return _within(Fraction(number) * scale, scale, entry)


def _is_real(entry: Entry) -> bool:
    return entry.type is Type.NUMBER or entry.name in _FRACTIONAL


def _number(text: str, entry: Entry) -> int | Fraction | Rejected:
    if _is_real(entry):
        if not text:
            return 0
        if not _DECIMAL.fullmatch(text) or len(text) > _LONGEST:
            return _refused(f"{text!r} is no number; it takes no suffix")
        return Fraction(text.strip())
    found = _WHOLE.match(text)
    sign, digits, suffix = found.groups() if found else ("", "", text)
    if len(digits) > _LONGEST:
        return _refused(f"{text[:20]!r}... is too long for a number")
    if suffix and suffix.lower() not in _SUFFIXES:
        return _refused(
            f"{suffix!r} in {text!r} is no suffix: digits with at most one of K, M, G, T, P, E"
        )
    number = int(digits or 0) * (-1 if sign == "-" else 1)
    if abs(number) >= 2**64:
        return _refused(f"{text!r} is beyond 64 bits")
    if suffix:
        number *= 1024 ** (_SUFFIXES.index(suffix.lower()) + 1)
    return number if number < 0 else number % 2**64


def _within(found: Fraction, scale: Fraction, entry: Entry) -> Amount:
    low, high = entry.minimum, entry.maximum
    if isinstance(high, Amount) and found > high.high:
        found = Fraction(high.high)
    block = BLOCKS.get(entry.name, 1) * scale
    if block > scale:
        found = found // block * block
    if isinstance(low, Amount) and found < low.low:
        found = Fraction(low.low)
    return Amount.of(_exact(found), entry.unit)


def _exact(number: Fraction) -> Number:
    return number.numerator if number.denominator == 1 else number


def adjusted(setting: Setting) -> Setting:
    """*setting* with what the server makes of its text, where that is another value."""
    if setting.value is None:
        return setting
    if setting.value is False and setting.text.lower() not in _OFF:
        return replace(setting, reason=f"the server does not know {setting.text!r}: it is off")
    if isinstance(setting.value, Amount) and (by := _moved(setting.text, setting.value)):
        is_rounded = by < BLOCKS.get(setting.name, 1)
        does = (
            f"rounds it to {setting.value}"
            if is_rounded
            else f"makes {setting.value} of {setting.text}"
        )
        return replace(setting, reason=f"the server {does}")
    return setting


def _moved(text: str, held: Amount) -> Fraction:
    """By how much the server moves the number of *text*."""
    entry = Entry("", Type.COUNT)
    number = _number(text, entry)
    if isinstance(number, Rejected) or held.high == UNLIMITED:
        return Fraction(0)
    # What one of a bare number is: a second, a part of one, a day.
    units = (1, 86_400, Fraction(1, 1000), Fraction(1, 10**6))
    return min(abs(Fraction(number * unit) - Fraction(held.low)) for unit in units)
