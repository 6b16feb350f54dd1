"""Python's ways to put values into texts, as far as nothing has to be run for it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from plimsoll.syntax.python.values import Listed, Result, is_plain, shown

_PERCENT = re.compile(r"%(.)", re.DOTALL)
_BRACES = re.compile(r"\{\{|\}\}|\{([A-Za-z0-9_]*)\}|[{}]")


def percent(pattern: str, values: Result) -> str | None:
    """`pattern % values` with nothing but %s, %d and %%."""
    given = [e.value for e in values] if isinstance(values, Listed) else [values]
    if not all(is_plain(v) for v in given):
        return None
    left = list(given)
    pieces: list[str] = []
    at = 0
    for found in _PERCENT.finditer(pattern):
        pieces.append(pattern[at : found.start()])
        at = found.end()
        if found[1] == "%":
            pieces.append("%")
        elif found[1] in "sd" and left:
            pieces.append(shown(left.pop(0)))
        else:
            return None
    return None if left else "".join((*pieces, pattern[at:]))


def formatted(pattern: str, values: tuple[Result, ...], named: Mapping[str, Result]) -> str | None:
    """`pattern.format(...)` with nothing but {}, {0} and {name}."""
    given = {**named, **{str(number): value for number, value in enumerate(values)}}
    pieces: list[str] = []
    at = count = 0
    for found in _BRACES.finditer(pattern):
        pieces.append(pattern[at : found.start()])
        at = found.end()
        if found[0] in ("{{", "}}"):
            pieces.append(found[0][0])
            continue
        if found[1] is None:
            return None
        key = found[1] or str(count)
        count += not found[1]
        if key not in given or not is_plain(value := given[key]):
            return None
        pieces.append(shown(value))
    return "".join((*pieces, pattern[at:]))
