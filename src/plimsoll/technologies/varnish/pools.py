"""The threads of a pool: each option of a command line has to fit those before it.

Source: measured on 7.1.1: `-p thread_pool_max=50 -p thread_pool_min=10` is refused, as 50 is less
than the 100 of nobody's thread_pool_min; in the other order it is taken.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from plimsoll.model.quantity import Amount, Number
from plimsoll.model.setting import Setting, Status

_LEAST, _MOST, _RESERVE = "thread_pool_min", "thread_pool_max", "thread_pool_reserve"
_DEFAULTS: dict[str, Number] = {_LEAST: 100, _MOST: 5000}


def fitted(settings: Sequence[Setting]) -> list[Setting]:
    """The same settings in their order; refused where one does not fit what was said before it."""
    held = dict(_DEFAULTS)
    return [_judged(each, held) for each in settings]


def _judged(each: Setting, held: dict[str, Number]) -> Setting:
    if each.scope or each.status is not Status.EFFECTIVE or not isinstance(each.value, Amount):
        return each
    number = each.value.low
    if each.name == _LEAST and number > held[_MOST]:
        return _refused(each, f"more than {_MOST}, which is {held[_MOST]} there")
    if each.name == _MOST and number < held[_LEAST]:
        return _refused(each, f"less than {_LEAST}, which is {held[_LEAST]} there")
    if each.name == _RESERVE and number > held[_LEAST] * 95 // 100:
        return _refused(each, f"more than 95 % of {_LEAST}, which is {held[_LEAST]} there")
    if each.name in held:
        held[each.name] = number
    return each


def _refused(each: Setting, reason: str) -> Setting:
    return replace(each, status=Status.REFUSED, reason=f"{each.text} is {reason}")
