"""Debian's envvars: a shell script that exports what `${...}` in the configuration asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plimsoll.model.setting import Block, Item, Origin, Setting
from plimsoll.syntax.text import Lines

# A variable of the environment stands in a block of this kind, which has its name.
VARIABLE = "variable"
_ASSIGNMENT = re.compile(
    r"^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=(\"[^\"\n]*\"|'[^'\n]*'|[^\s\"';#]*)", re.M
)


def settings(text: str, path: str) -> Iterator[Item]:
    """What it assigns; a value that the shell has to work out keeps its `$`. The rest only runs."""
    lines = Lines(text, path)
    for found in _ASSIGNMENT.finditer(text):
        place = lines.place(found.start(1), found.end(), found.span(2))
        scope = (Block(VARIABLE, found[1], place),)
        raw = found[2]
        shown = raw[1:-1] if raw[:1] in ('"', "'") else raw
        yield Setting("environment", shown, place, scope, Origin.ENVIRONMENT)
