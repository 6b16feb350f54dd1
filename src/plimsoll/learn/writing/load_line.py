"""The arithmetic of a cause: what was asked for against what there was, where its text says both."""

from __future__ import annotations

import re
from math import isfinite

from msgspec import Struct

_NUMBER = r"(?P<{0}>\d[\d,]*(?:\.\d+)?)\s?(?P<{0}_unit>%|[KMGT]i?B?\b|ms\b|s\b|[a-z]+\b)?"
_PAIRS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        _NUMBER.format("load") + r"\s*>\s*" + _NUMBER.format("limit"),
        r"\b(?:set to|configured (?:to|with|as)|was|asked for|started|had)\s+"
        + _NUMBER.format("load")
        + r"[^.\d]{0,80}?\b(?:instead of|while|where|but|of|on|for|against|allows?|limit(?: of| is)?|with only|only)\b[^.\d]{0,40}?"
        + _NUMBER.format("limit"),
    )
)
_SIZES = {"k": 10, "m": 20, "g": 30, "t": 40}


class LoadLine(Struct, frozen=True):
    """*load* against *limit*, as they are written; *share* is load / limit."""

    load: str
    limit: str
    share: float


def load_line(text: str) -> LoadLine | None:
    """The first two numbers of a cause that stand against each other; None where it has none."""
    for pattern in _PAIRS:
        found = pattern.search(text)
        if found is None:
            continue
        load, limit = _value(found, "load"), _value(found, "limit")
        if limit > 0 and isfinite(load / limit) and load != limit:
            return LoadLine(_said(found, "load"), _said(found, "limit"), load / limit)
    return None


def _value(found: re.Match[str], name: str) -> float:
    number = float(found[name].replace(",", ""))
    unit = (found[f"{name}_unit"] or "").lower()
    is_size = unit in _SIZES or (len(unit) <= 3 and unit.endswith("b") and unit[:1] in _SIZES)
    return number * 2 ** _SIZES[unit[0]] if is_size else number


def _said(found: re.Match[str], name: str) -> str:
    return f"{found[name]} {found[f'{name}_unit'] or ''}".strip()
