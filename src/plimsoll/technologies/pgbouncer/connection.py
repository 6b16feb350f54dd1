"""Connection strings: `host=db port=5432 dbname='a b'`.

Source: PgBouncer manual, Section [databases]; measured on 1.18.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

_PAIR = re.compile(r"\s*+([^\s=']++)\s*+=\s*+(?:'((?:[^']|'')*)'|([^\s']*+))(?=\s|\Z)")


class Pair(Struct, frozen=True):
    """A key with its value; *start* and *end* are offsets in the string, *value* those of its value."""

    key: str
    text: str
    start: int
    end: int
    value: tuple[int, int]


def pairs(text: str) -> Iterator[Pair | int]:
    """Every pair in order; the offset of what is none, which ends it."""
    at = 0
    stop = len(text.rstrip())
    while at < stop:
        found = _PAIR.match(text, at)
        if found is None:
            yield at
            return
        quoted, plain = found.group(2, 3)
        start, end = found.span(2) if quoted is not None else found.span(3)
        shown = (start - 1, end + 1) if quoted is not None else (start, end)
        said = quoted.replace("''", "'") if quoted is not None else plain
        yield Pair(found[1], said, found.start(1), found.end(), shown)
        at = found.end()
