"""What the number of an option means: to V8, and to Node's own options.

Source: measured on 16.20 to 26.12: V8 refuses what is no whole number (`512MB`, `100.5`, `1e2`) and
Node does not start; a heap of 0 is V8's own choice, one below 0 is passed over. Of its own options
Node takes the digits in front, none for 0: `--max-http-header-size=16kb` is 16 bytes. (16 ends with
an exception where there is no digit.)
"""

from __future__ import annotations

import re
from fractions import Fraction

from msgspec.structs import replace

from plimsoll.model.quantity import Amount
from plimsoll.model.reader import Rejected
from plimsoll.model.schema import Entry
from plimsoll.model.setting import Setting, Status

OF_V8 = frozenset({"max-old-space-size", "max-semi-space-size", "stack-size"})
OF_NODE = frozenset({"max-http-header-size"})

_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_LEADING = re.compile(r"\s*([-+]?)([0-9]{1,18})")


def number(text: str, entry: Entry) -> Amount | Rejected:
    """The amount of an option in OF_V8 or OF_NODE."""
    scale = Fraction(entry.scale or 1)
    if entry.name in OF_NODE:
        found = _LEADING.match(text)
        size = int(found[2]) if found else 0
        return Amount.of(
            int((2**64 - size if found and found[1] == "-" and size else size) * scale), entry.unit
        )
    if not _WHOLE.fullmatch(text):
        reason = f"{text!r} is no whole number: Node does not start with it"
        return Rejected(Status.REFUSED, reason)
    if int(text) < 0:
        return Rejected(Status.IGNORED, f"{text} is less than 0: V8 passes over it")
    return Amount.of(int(int(text) * scale), entry.unit)


def left_to_v8(setting: Setting) -> Setting:
    """*setting*, which has won; ignored where it leaves a size to V8."""
    is_nothing = isinstance(setting.value, Amount) and setting.value.high == 0
    if setting.name not in OF_V8 or setting.status is not Status.EFFECTIVE or not is_nothing:
        return setting
    return replace(setting, status=Status.IGNORED, reason=f"{setting.text} leaves the size to V8")
