"""How a value is printed."""

from __future__ import annotations

from plimsoll.check.language.values import Num, Text, Truth, Unset, Value
from plimsoll.model.quantity import COUNT, UNLIMITED, shown


def amount(value: Value) -> str:
    """The value alone: "256 MiB", "at least 120", "5 to 10", "unknown"."""
    if isinstance(value, Num):
        return _range(value)
    if isinstance(value, (Text, Truth)) and value.value is not None:
        return f'"{value.value}"' if isinstance(value, Text) else str(value.value).lower()
    return "unset" if isinstance(value, Unset) else "unknown"


def _range(value: Num) -> str:
    unit = value.unit or COUNT
    if value.is_known:
        return shown(value.low, unit) if value.low != -UNLIMITED else "-unlimited"
    if value.high == UNLIMITED:
        return f"at least {shown(value.low, unit)}" if value.low > 0 else "unknown"
    if value.low == -UNLIMITED:
        return f"at most {shown(value.high, unit)}"
    return f"{shown(value.low, unit)} to {shown(value.high, unit)}"
