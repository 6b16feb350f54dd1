"""sysctl.d files: `key = value`, the last of one key wins.

Source: sysctl.d(5). A `/` in a name is a `.`; a leading `-` only silences errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from plimsoll.model.reader import Reader
from plimsoll.model.setting import Setting, Unread
from plimsoll.syntax.amounts import Dialect
from plimsoll.syntax.text import Lines

_LINE = re.compile(r"[ \t\ufeff]*-?[ \t]*([^\s=#;][^\s=]*)[ \t]*=[ \t]*([^\r\n]*?)[ \t\r]*")
_NOTHING = re.compile(r"[ \t\r\ufeff]*(?:[#;].*)?")

DIALECT = Dialect()


def read(text: str, path: str) -> Iterator[Setting | Unread]:
    """Every key of a sysctl file, in file order."""
    lines, start = Lines(text, path), 0
    for line in text.split("\n"):
        end = start + len(line)
        if found := _LINE.fullmatch(line):
            value = (start + found.start(2), start + found.end(2))
            yield Setting(
                name=found[1].replace("/", "."),
                text=found[2],
                place=lines.place(start + found.start(1), value[1], value),
            )
        elif not _NOTHING.fullmatch(line):
            reason = f"not `key = value`: {line.strip()!r}"
            yield Unread(path, reason, lines.place(start, end))
        start = end + 1


READER = Reader(
    read=read,
    value=DIALECT.value,
    root="kernel",
)
