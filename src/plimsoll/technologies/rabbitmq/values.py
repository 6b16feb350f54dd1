"""What a text means to RabbitMQ: Erlang's numbers, and the units of its resource limits.

Source: cuttlefish; rabbit_resource_monitor_misc of 3.10 and 3.13; measured on 3.10.8.
"""

from __future__ import annotations

import re
from fractions import Fraction

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Status, Value

_WHOLE = re.compile(r"[+-]?[0-9]{1,40}")
_FLOAT = re.compile(r"[+-]?[0-9]{1,40}[.,][0-9]{1,40}(?:[eE][+-]?[0-9]{1,3})?")
_AMOUNT = re.compile(r"([0-9]{1,40})([A-Za-z]*)")
_BYTES = re.compile(rf"({_FLOAT.pattern}|{_WHOLE.pattern}|\.[0-9]{{1,40}})(KB|kb|MB|mb|GB|gb|)")

# Of memory and disk: 2GB is 2 * 10^9 and 2GiB is 2^31; k, m and g are 1024-based up to 3.12 and
# 1000-based since 3.13. KiB has a place in the list of units and none in their meaning.
_LIMITS = {"": (1, 1)}
for _units, _least, _most in (
    ("kiB KIB kib", 1024, 1024),
    ("MiB MIB mib", 1024**2, 1024**2),
    ("GiB GIB gib", 1024**3, 1024**3),
    ("KB kB kb Kb", 1000, 1000),
    ("MB mb Mb", 1000**2, 1000**2),
    ("GB gb Gb", 1000**3, 1000**3),
    ("k K", 1000, 1024),
    ("m M", 1000**2, 1024**2),
    ("g G", 1000**3, 1024**3),
    ("TB tb Tb T", 1000**4, 1000**4),
    ("TiB TIB tib", 1024**4, 1024**4),
):
    _LIMITS |= dict.fromkeys(_units.split(), (_least, _most))
_LATER = frozenset(["Ki", "ki", "Mi", "mi", "Gi", "gi", "Ti", "ti"])
_CRASHING = "KiB"
_BINARY = {"": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3}

# Of these a text that cannot be read leaves the default, with a line in the log.
OF_RESOURCES = frozenset(
    {"vm_memory_high_watermark.absolute", "disk_free_limit.absolute"}
    | {"total_memory_available_override_value"}
)

_WITHOUT_UNITS = frozenset({"max_message_size"})


def value(text: str, entry: Entry) -> Value | Rejected:
    """What *text* means for *entry*; refused where the server does not start with it."""
    if text in entry.infinite:
        return Amount.of(UNLIMITED, entry.unit)
    found = _KINDS.get(entry.type, _whole)(text, entry)
    if not isinstance(found, Amount):
        return found
    low, high = entry.minimum, entry.maximum
    if isinstance(low, Amount) and found.low < low.low:
        return _refused(f"{found} is less than {low}")
    if isinstance(high, Amount) and found.high > high.high:
        return _refused(f"{found} is more than {high}")
    return found


def _text(text: str, _: Entry) -> Value | Rejected:
    return text


def _size(text: str, entry: Entry) -> Value | Rejected:
    if entry.name in OF_RESOURCES:
        return _limit(text, entry)
    return _whole(text, entry) if entry.name in _WITHOUT_UNITS else _bytes(text, entry)


def _whole(text: str, entry: Entry) -> Value | Rejected:
    if not _WHOLE.fullmatch(text):
        return _refused(f"{text!r} is no whole number; it takes no unit")
    return Amount.of(_exact(Fraction(text) * Fraction(entry.scale or 1)), entry.unit)


def _refused(reason: str) -> Rejected:
    return Rejected(Status.REFUSED, reason)


def _word(text: str, entry: Entry) -> Value | Rejected:
    words = entry.values or (("true", "false") if entry.type is Type.BOOLEAN else ())
    if text not in words:
        return _refused(f"{text!r} is none of {', '.join(words)}")
    return text == words[0] if entry.type is Type.BOOLEAN else text


def _number(text: str, entry: Entry) -> Value | Rejected:
    """A number with a point, or what Erlang takes for one; later versions may take one without."""
    if not _FLOAT.fullmatch(text):
        return _refused(f"{text!r} is no number with a decimal point, like 0.5")
    return Amount.of(_exact(Fraction(text.replace(",", "."))), entry.unit)


def _limit(text: str, entry: Entry) -> Value | Rejected:
    found = _AMOUNT.fullmatch(text)
    unit = found[2] if found else ""
    if unit == _CRASHING:
        return _refused(f"{text!r}: the node does not start with KiB; write kiB, or bytes")
    if found is None or unit not in _LIMITS:
        since = "before 3.13 " if unit in _LATER else ""
        reason = f"{text!r} is no whole number with one of kB, MB, MiB, GB, GiB: {since}the default holds"
        return Rejected(Status.IGNORED, reason)
    least, most = _LIMITS[unit]
    number = int(found[1])
    return Amount(number * least, number * most, entry.unit)


def _bytes(text: str, entry: Entry) -> Value | Rejected:
    """A size in units of 1024, whatever they are called."""
    found = _BYTES.fullmatch(text)
    if found is None:
        return _refused(f"{text!r} is no number with one of KB, MB, GB")
    number = Fraction(found[1].replace(",", ".")) * _BINARY[found[2].lower()]
    return Amount.of(_exact(number), entry.unit)


def _exact(number: Fraction) -> int | Fraction:
    return number.numerator if number.denominator == 1 else number


_KINDS = {
    Type.TEXT: _text,
    Type.ENUM: _word,
    Type.BOOLEAN: _word,
    Type.SIZE: _size,
    Type.NUMBER: _number,
}
