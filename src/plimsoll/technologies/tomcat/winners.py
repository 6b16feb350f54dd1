"""Which attributes hold: properties put in, connectors that share an executor.

Source: Tomcat's manual, HTTP connector, executor; IntrospectionUtils.replaceProperties.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from plimsoll.model.reader import last_wins
from plimsoll.model.setting import Block, Setting, Status, Unknown

PROPERTIES = "properties"  # the block of what a file of properties, or -D, gives
PROPERTY = re.compile(r"\$\{([^{}:]*+)(?::-([^{}]*+))?\}")
# What a connector leaves to the executor that it shares.
_OF_EXECUTOR = frozenset(
    {"maxThreads", "minSpareThreads", "maxQueueSize", "threadPriority", "threadsMaxIdleTime"}
)


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """The same settings in order; the command line's properties go before those of files."""
    won = last_wins(settings)
    given = {s.name: s.text for s in won if _is_property(s) and s.status is Status.EFFECTIVE}
    executors = {
        each.scope[-1].name for each in won if each.scope and each.scope[-1].kind == "Executor"
    }
    shared = {
        each.scope: each
        for each in won
        if each.name == "executor" and each.scope and each.text in executors
    }
    return [_left_to(_put_in(each, given), shared) for each in won]


def _is_property(each: Setting) -> bool:
    return bool(each.scope) and each.scope[-1].kind == PROPERTIES


def _put_in(each: Setting, given: Mapping[str, str]) -> Setting:
    if not isinstance(each.value, Unknown) or each.value.reason.startswith("template"):
        return each
    missing = []

    def told(found: re.Match[str]) -> str:
        said: str | None = given.get(found[1]) or found[2]
        missing.append(said is None)
        return found[0] if said is None else said

    text = PROPERTY.sub(told, each.text)
    if not missing or any(missing):
        return each
    return replace(each, text=text, value=None, reason=f"{each.text} with the properties put in")


def _left_to(each: Setting, shared: Mapping[tuple[Block, ...], Setting]) -> Setting:
    executor = shared.get(each.scope)
    if executor is None or each.name not in _OF_EXECUTOR or each.status is not Status.EFFECTIVE:
        return each
    reason = f"the executor {executor.text} has its own"
    return replace(each, status=Status.IGNORED, reason=reason, winner=executor)
