"""Which of several values holds in a pool.

Of php-fpm's own settings the last one counts. What a pool sets of PHP's counts the other way
round: php-fpm keeps a list with the newest first and goes through it, so that the first line is the
last that it applies; and those of `php_admin_value` come after all of `php_value`.

Source: measured on 8.2.35, with requests to a pool.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from plimsoll.model.quantity import SECONDS, Amount
from plimsoll.model.reader import shadowed
from plimsoll.model.setting import Block, Setting, Status
from plimsoll.syntax.expression_waiting import told
from plimsoll.technologies.php_fpm.names import ADMIN, KEYED, LISTS, OWN
from plimsoll.technologies.php_fpm.values import altered, misread_by_php


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """The same settings in the same order; pools of one name are one pool."""
    found = [_altered(each) for each in _in_pools(told(settings))]
    held: dict[tuple[str, tuple[Block, ...]], Setting] = {}
    for each in found:
        if each.status is Status.EFFECTIVE:
            key = each.name, each.scope
            held[key] = _winner(held.get(key), each)
    return [each if each.name in LISTS else _of_its_kind(each, held) for each in found]


def _of_its_kind(each: Setting, held: Mapping[tuple[str, tuple[Block, ...]], Setting]) -> Setting:
    """*each* with who wins over it; ignored where the pool's kind has no use for it."""
    kind = held.get(("pm", each.scope))
    if (
        each.status is Status.EFFECTIVE
        and each.name in _OF_BREATHING
        and kind
        and kind.value == "ondemand"
    ):
        return replace(each, status=Status.IGNORED, reason="php-fpm sets it to 0: pm is ondemand")
    return shadowed(each, held.get((each.name, each.scope)))


_OF_BREATHING = frozenset({"pm.start_servers", "pm.min_spare_servers", "pm.max_spare_servers"})


def _winner(held: Setting | None, new: Setting) -> Setting:
    if held is None or new.belongs not in KEYED:
        return new
    return new if new.belongs in ADMIN and held.belongs not in ADMIN else held


def _in_pools(settings: Sequence[Setting]) -> list[Setting]:
    """*settings*, each in its innermost pool: an included file begins its own."""
    pools: dict[str, Block] = {}
    found: list[Setting] = []
    for each in settings:
        if each.scope:
            pool = pools.setdefault(each.scope[-1].name.casefold(), each.scope[-1])
            found.append(replace(each, scope=(pool,)))
        else:
            found.append(each)
    return found


def _altered(setting: Setting) -> Setting:
    """*setting* with what is made of a quantity that is not understood as a whole."""
    value = setting.value
    if setting.reason or not isinstance(value, Amount):
        return setting
    if setting.name not in OWN:
        odd = misread_by_php(setting.text, setting.name)
    else:
        odd = altered(setting.text) if value.unit == SECONDS else ""
    return replace(setting, reason=odd) if odd else setting
