"""What a unit's values mean: sizes, times, shares; what systemd ignores.

Source: systemd.syntax(7), systemd.time(7), systemd.exec(5), systemd.resource-control(5); each
acceptance and refusal below was measured with `systemd-analyze verify` of 252.
"""

from __future__ import annotations

import re
from fractions import Fraction

from plimsoll.model.quantity import UNLIMITED, Amount, Number
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Formula, Status, Value

_TRUE = frozenset({"1", "yes", "y", "true", "t", "on"})
_FALSE = frozenset({"0", "no", "n", "false", "f", "off"})

_SIZES = {"E": 2**60, "P": 2**50, "T": 2**40, "G": 2**30, "M": 2**20, "K": 2**10, "B": 1, "": 1}
_SIZE = re.compile(r"\s*\+?([0-9]+(?:\.[0-9]*)?)\s*([EPTGMKB]?)\s*")

_US, _YEAR = Fraction(1, 10**6), 31_557_600
_TIMES: dict[str, int | Fraction] = (
    dict.fromkeys(("seconds", "second", "sec", "s"), 1)
    | dict.fromkeys(("minutes", "minute", "min", "m"), 60)
    | dict.fromkeys(("hours", "hour", "hr", "h"), 3600)
    | dict.fromkeys(("days", "day", "d"), 86_400)
    | dict.fromkeys(("weeks", "week", "w"), 604_800)
    | dict.fromkeys(("months", "month", "M"), _YEAR // 12)
    | dict.fromkeys(("years", "year", "y"), _YEAR)
    | dict.fromkeys(("msec", "ms"), Fraction(1, 1000))
    | dict.fromkeys(("usec", "us", "µs", "μs"), _US)
)
_SHORT_TIMES: dict[str, int | Fraction] = dict.fromkeys(("nsec", "ns"), Fraction(1, 10**9))
_TIME = re.compile(r"\s*([0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*([a-zA-Zµμ]*)\s*")

_WHOLE = re.compile(
    r"[ \t]*([+-]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|(0[oO][0-7]+|0[0-7]*)|([1-9][0-9]*))[ \t]*"
)
_BASES = {2: 16, 3: 2, 4: 8, 5: 10}
_MOST = 2**64 - 1  # which means infinity where it is calculated, and is not taken
_SHARE = re.compile(r"([0-9]+(?:\.[0-9]{1,2})?)%")
_CPUS = re.compile(r"[0-9]+(?:-[0-9]+)?(?:[\s,]+[0-9]+(?:-[0-9]+)?)*")

_LONGEST = 300  # characters; what is longer is no amount of anything

# Of what a percentage of them is a share.
_SHARES = {
    "TasksMax": "min(s.host.pid_max, s.host.threads_max)",
    "DefaultTasksMax": "min(s.host.pid_max, s.host.threads_max)",
}
_CPU_SETS = frozenset({"AllowedCPUs", "CPUAffinity"})

# An empty assignment brings back the default of these; the texts among the others likewise.
_RESETS = frozenset(
    {"TasksMax", "CPUQuota", "CPUQuotaPeriodSec", "CPUWeight", "StartupCPUWeight", "IOWeight"}
    | {"Nice", "OOMScoreAdjust", "TimeoutAbortSec", "StartupIOWeight"}
    | {"MemoryMax", "MemoryHigh", "MemoryLow", "MemoryMin", "MemorySwapMax", "MemoryLimit"}
    | {"MemoryZSwapMax", "CPUShares", "AllowedCPUs", "CPUAffinity", "DynamicUser"}
)


def value(text: str, entry: Entry) -> Value | Rejected:
    """What *text* means for a directive; what systemd ignores is rejected."""
    if not text:
        return _empty(entry)
    found = _meant(text, entry)
    if found is None:
        return Rejected(Status.IGNORED, _reason(text, entry))
    return _out_of_range(found, text, entry) or found


def _empty(entry: Entry) -> Value | Rejected:
    if entry.type is Type.TEXT and not entry.name.startswith("Limit"):
        return ""
    if entry.name in _RESETS:
        return entry.default(None)
    return Rejected(Status.IGNORED, "an empty value resets lists and some limits, not this")


def _meant(text: str, entry: Entry) -> Value | None:
    if text in entry.infinite:
        return Amount.of(UNLIMITED, entry.unit)
    if entry.type is Type.TEXT:
        return text
    if len(text) > _LONGEST:
        return None
    if entry.type is Type.ENUM:
        return text if text in entry.values else _boolean_word(text, entry)
    if entry.type is Type.BOOLEAN:
        return _boolean(text)
    if entry.name in _CPU_SETS:
        return _cpus(text)
    if share := _SHARE.fullmatch(text):
        return _share(Fraction(share[1]), entry)
    number = _number(text, entry)
    return None if number is None else Amount.of(_exact(number), entry.unit)


def _number(text: str, entry: Entry) -> Number | None:
    if entry.type is Type.SIZE:
        return size(text)
    if entry.type is Type.TIME:
        return span(text, entry.scale or 1)
    if entry.name == "CPUQuota":
        return None  # a share and nothing else
    return _whole(text)


def _whole(text: str) -> int | None:
    """A whole number; 0x10 is 16, 010 and 0o10 are 8, 0b11 is 3."""
    found = _WHOLE.fullmatch(text)
    if found is None:
        return None
    base = next(group for group in _BASES if found[group])
    number = int(found[base].lower().removeprefix("0o"), _BASES[base])
    return None if number >= _MOST else -number if found[1] == "-" else number


def _boolean(text: str) -> bool | None:
    if text.lower() in _TRUE:
        return True
    return False if text.lower() in _FALSE else None


def _boolean_word(text: str, entry: Entry) -> str | None:
    """`Delegate=1` is `yes` where both are values."""
    meant = _boolean(text)
    word = "yes" if meant else "no"
    return word if meant is not None and word in entry.values else None


def _share(percent: Fraction, entry: Entry) -> Value | None:
    """A percentage: of one core, of the machine's memory, of its processes."""
    if entry.name == "CPUQuota":
        return Amount.of(_exact(percent / 100)) if percent else None
    whole = "s.host.memory" if entry.name.startswith("Memory") else _SHARES.get(entry.name)
    if whole is None or percent > 100:
        return None
    part = _exact(percent)
    if isinstance(part, int):
        return Formula(f"{whole} * {part} / 100")
    return Formula(f"{whole} * {_exact(percent * 100)} / 10000")


def _cpus(text: str) -> Amount | None:
    """How many processors a set like `0-3,6` names."""
    if not _CPUS.fullmatch(text):
        return None
    found: set[int] = set()
    for piece in re.split(r"[\s,]+", text):
        first, _, last = piece.partition("-")
        if int(last or first) > 65_535:
            return None
        found.update(range(int(first), int(last or first) + 1))
    return Amount.of(len(found))


_SIZE_LIMITS = frozenset({"AS", "CORE", "DATA", "FSIZE", "MEMLOCK", "MSGQUEUE", "RSS", "STACK"})
_NICE = re.compile(r"[+-][0-9]+")


def resource_limit(name: str, text: str) -> Number | None:
    """The soft or hard half of a Limit...= line, in base units; None: systemd does not take it."""
    if text == "infinity":
        return UNLIMITED
    if len(text) > _LONGEST:
        return None
    kind = name.rpartition("Limit")[2]
    if kind in _SIZE_LIMITS:
        return size(text)
    if kind in ("CPU", "RTTIME"):
        return span(text, 1 if kind == "CPU" else _US)
    if kind == "NICE" and _NICE.fullmatch(text):
        return 20 - int(text)
    number = _whole(text)
    return number if number is None or (number >= 0 and "-" not in text) else None


def size(text: str) -> Number | None:
    """Bytes: units of 1024, several in falling order (`1G 500M`)."""
    total, at, units = Fraction(0), 0, list(_SIZES)
    while at < len(text):
        found = _SIZE.match(text, at)
        if not found or found[2] not in units:
            return None
        total += Fraction(found[1]) * _SIZES[found[2]]
        units = units[units.index(found[2]) + 1 :]
        at = found.end()
    return int(total)


def span(text: str, bare: Number = 1) -> Number | None:
    """Seconds: amounts with units, added up; *bare* is what a number without one counts."""
    times = _TIMES if bare >= _US else _TIMES | _SHORT_TIMES
    total, at = Fraction(0), 0
    while at < len(text):
        found = _TIME.match(text, at)
        factor = times.get(found[2]) if found and found[2] else bare
        if not found or factor is None:
            return None
        total += Fraction(found[1]) * Fraction(factor)
        at = found.end()
    return _exact(total) if at else None


def _exact(number: Number) -> Number:
    whole = Fraction(number)
    return whole.numerator if whole.denominator == 1 else whole


def _out_of_range(found: Value, text: str, entry: Entry) -> Rejected | None:
    low, high = entry.minimum, entry.maximum
    if not isinstance(found, Amount):
        return None
    if isinstance(low, Amount) and found.high < low.low:
        return Rejected(Status.IGNORED, f"{text!r} is below {low}, the least that is taken")
    if isinstance(high, Amount) and found.low > high.high:
        return Rejected(Status.IGNORED, f"{text!r} is above {high}, the most that is taken")
    return None


def _reason(text: str, entry: Entry) -> str:
    """Why systemd does not take a value, and how it would."""
    if re.search(r"\s[#;]", text):
        return "there are no trailing comments: the comment is part of the value"
    if entry.name == "CPUQuota" and text.isdecimal():
        return f"{text!r} has no %; did you mean {text}%?"
    if entry.type is Type.SIZE:
        return f"{text!r} is no size; sizes are like 1500M or 1.5G, units K M G T P E of 1024"
    if entry.type is Type.TIME:
        return f"{text!r} is no time; times are like 30s or 2min 30s"
    if entry.type is Type.ENUM:
        return f"{text!r} is none of {', '.join(entry.values)}"
    if entry.type is Type.BOOLEAN:
        return f"{text!r} is neither yes nor no"
    return f"{text!r} is no whole number"
