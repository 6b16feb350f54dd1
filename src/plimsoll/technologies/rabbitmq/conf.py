"""rabbitmq.conf: `name = value` lines.

Source: cuttlefish, conf_parse; measured on 3.10.8: ` #` and `#` begin a comment anywhere, CRLF is
fine, a line that is neither refuses the file. Values in single quotes since cuttlefish 3.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from plimsoll.model.setting import Include, Item, Setting, Status, Unread
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.text import Lines
from plimsoll.technologies.rabbitmq.names import slip

_NAME = r"(?:\\\.|[A-Za-z0-9_-])+(?:\.(?:\\\.|[A-Za-z0-9_-])+)*"
_SETTING = re.compile(
    rf"[ \t\ufeff]*({_NAME})[ \t]*=[ \t]*('[^']*'(?=[ \t\r]*(?:#|\Z))|[^#]*[^# \t\r])[ \t\r]*(?:#.*)?"
)
_INCLUDE = re.compile(r"[ \t]*include[ \t]+([A-Za-z0-9_.*/-]+)[ \t\r]*(?:#.*)?")
_NOTHING = re.compile(r"[ \t\r\ufeff]*(?:#.*)?")
_WILD = re.compile(r"[*?]")
# Names that are compared with all that there are: some milliseconds each.
_MOST_NAMES = 300


def read(text: str, path: str) -> Iterator[Item]:
    """Every line that says something, in file order."""
    lines, start, slips = Lines(text, path), 0, dict[str, str]()
    for line in text.split("\n"):
        if _NOTHING.fullmatch(line):
            pass
        elif is_unrendered(line.partition(" #")[0]):
            yield Unread(path, UNRENDERED, lines.place(start, start + len(line)))
        elif found := _SETTING.fullmatch(line):
            yield _setting(found, start, lines, slips)
        elif found := _INCLUDE.fullmatch(line):
            place = lines.place(start + len(line) - len(line.lstrip()), start + found.end(1))
            yield Include(found[1], place, is_optional=_WILD.search(found[1]) is not None)
        else:
            reason = "not `name = value`: the server does not start"
            yield Unread(path, reason, lines.place(start, start + len(line)))
        start += len(line) + 1


def _setting(found: re.Match[str], start: int, lines: Lines, slips: dict[str, str]) -> Setting:
    name, text = found[1].replace("\\.", "."), found[2]
    is_quoted = text.startswith("'") and text.endswith("'") and len(text) > 1
    value = (start + found.start(2), start + found.end(2))
    place = lines.place(start + found.start(1), value[1], value)
    if name not in slips and len(slips) < _MOST_NAMES:
        slips[name] = slip(name)
    reason = slips.get(name, "")
    return Setting(
        name=name,
        text=text[1:-1] if is_quoted else text,
        place=place,
        status=Status.UNKNOWN_NAME if reason else Status.EFFECTIVE,
        reason=reason,
    )
