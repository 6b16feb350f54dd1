"""Connection strings of `name=value` pairs: `host=db port=5432 password='a b'`."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PAIR = re.compile(r"\s*([A-Za-z_]\w*)\s*=\s*('(?:[^'\\]|\\.)*'|(?:[^\s\\']|\\.)*)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def pairs(text: str) -> Iterator[tuple[str, str]]:
    """The pairs of a connection string, quotes and escapes resolved; nothing behind a fault."""
    at = 0
    while found := _PAIR.match(text, at):
        raw = found[2][1:-1] if found[2].startswith("'") else found[2]
        yield found[1], _ESCAPED.sub(r"\1", raw)
        at = found.end()
