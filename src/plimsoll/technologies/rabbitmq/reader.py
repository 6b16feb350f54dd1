"""RabbitMQ's files: which syntax each has, and who wins.

Source: manual, Configuration: advanced.config goes before rabbitmq.conf and conf.d, the environment
before both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from plimsoll.model.reader import Reader, last_wins, shadowed
from plimsoll.model.setting import Item, Origin, Setting, Status
from plimsoll.technologies.rabbitmq import advanced, conf, environment
from plimsoll.technologies.rabbitmq.endpoints import endpoints
from plimsoll.technologies.rabbitmq.environment import arguments
from plimsoll.technologies.rabbitmq.values import value

_TERM = re.compile(r"[\s\ufeff]*(?:%[^\n]*\s*)*\[")
_LIMITS = ("vm_memory_high_watermark", "disk_free_limit")


def read(text: str, path: str) -> Iterator[Item]:
    """Every setting of a file, by the names of rabbitmq.conf."""
    if path.endswith("-env.conf"):
        return environment.read(text, path)
    if path.endswith(".config") or (not path.endswith(".conf") and _TERM.match(text)):
        return advanced.read(text, path)
    return conf.read(text, path)


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """The same settings in order; of one name the last of the strongest source holds.

    What a later line of the same kind of file replaces is not looked at, be it right or wrong. A
    relative limit goes before an absolute one, wherever they stand.
    """
    last = {(each.name, _strength(each)): each for each in settings}
    seen = [_replaced(each, last[each.name, _strength(each)]) for each in settings]
    order = sorted(range(len(seen)), key=lambda at: _strength(seen[at]))
    found = dict(zip(order, last_wins([seen[at] for at in order]), strict=True))
    for name in _LIMITS:
        _prefer(found, f"{name}.relative", f"{name}.absolute")
    return [found[at] for at in range(len(settings))]


def _replaced(setting: Setting, last: Setting) -> Setting:
    if setting is last or setting.status is Status.UNKNOWN_NAME:
        return setting
    return replace(setting, status=Status.SHADOWED, winner=last, reason="")


def _strength(setting: Setting) -> int:
    if setting.origin is not Origin.FILE:
        return 2
    path = setting.place.path if setting.place else ""
    return 1 if path.endswith(".config") else 0


def _prefer(found: dict[int, Setting], name: str, other: str) -> None:
    winner = next((s for s in found.values() if s.name == name and _holds(s)), None)
    for at, each in found.items():
        is_weaker = winner is not None and _strength(each) <= _strength(winner)
        if each.name == other and is_weaker:
            found[at] = shadowed(each, winner)


def _holds(setting: Setting) -> bool:
    return setting.status is Status.EFFECTIVE


READER = Reader(
    read=read, value=value, effective=effective, arguments=arguments, endpoints=endpoints
)
