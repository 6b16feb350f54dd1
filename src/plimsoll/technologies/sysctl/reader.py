"""sysctl.conf and sysctl.d files: `key = value`, the last of one key wins.

Source: sysctl.d(5), sysctl.conf(5); measured on procps 4.0.2 and Linux 6.18.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from plimsoll.model.place import Place
from plimsoll.model.reader import Reader
from plimsoll.model.setting import Setting, Status, Unread
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.text import Lines
from plimsoll.technologies.sysctl.names import slip
from plimsoll.technologies.sysctl.values import value

_LINE = re.compile(r"[ \t\ufeff]*-*([^\s=#;-][^\s=]*)[ \t]*=[ \t]*([^\r\n]*?)[ \t\r]*")
_LEFT_OUT = re.compile(r"[ \t\ufeff]*-([^\s=#;-][^\s=]*)[ \t\r]*")
_NOTHING = re.compile(r"[ \t\r\ufeff]*(?:[#;].*)?")
_WORD = re.compile(r"\S+")
_SWAPPED = str.maketrans("/.", "./")

# Several numbers in one value; rules ask for each.
NUMBERS: Mapping[str, tuple[str, ...]] = {
    "net.ipv4.ip_local_port_range": ("first", "last"),
    "net.ipv4.tcp_rmem": ("min", "default", "max"),
    "net.ipv4.tcp_wmem": ("min", "default", "max"),
    "kernel.sem": ("semmsl", "semmns", "semopm", "semmni"),
}

# It costs a few milliseconds to look for the nearest name.
_MOST_SLIPS = 30


def read(text: str, path: str) -> Iterator[Setting | Unread]:
    """Every key of a sysctl file, in file order; each number of a value with several as well."""
    reading, start = _Reading(Lines(text, path)), 0
    for line in text.split("\n"):
        if found := _LINE.fullmatch(line):
            yield from reading.assignment(found, start)
        elif left_out := _LEFT_OUT.fullmatch(line):
            yield reading.left_out(left_out, start)
        elif not _NOTHING.fullmatch(line):
            yield reading.junk(line, start)
        start += len(line) + 1


def canonical(name: str) -> str:
    """*name* with dots; where the first separator is a slash, dots belong to an interface's name."""
    separators = [char for char in name if char in "./"]
    return name.translate(_SWAPPED) if separators[:1] == ["/"] else name


class _Reading(Struct):
    lines: Lines
    slips: dict[str, str] = field(default_factory=dict)

    def assignment(self, found: re.Match[str], start: int) -> Iterator[Setting | Unread]:
        begin, end = start + found.start(1), start + found.end(2)
        place = self.lines.place(begin, end, (start + found.start(2), end))
        if is_unrendered(found[0]):
            yield Unread(self.lines.path, UNRENDERED, place)
            return
        name = canonical(found[1])
        slip_ = self._slip(name)
        status = Status.UNKNOWN_NAME if slip_ else Status.EFFECTIVE
        yield Setting(name, found[2], place, status=status, reason=slip_)
        for part, word in zip(NUMBERS.get(name, ()), _WORD.finditer(found[2]), strict=False):
            at = start + found.start(2) + word.start()
            own = self.lines.place(begin, end, (at, at + len(word[0])))
            yield Setting(f"{name}.{part}", word[0], own)

    def left_out(self, found: re.Match[str], start: int) -> Setting:
        place = self._place(found, start)
        reason = "a name with `*` does not set it"
        return Setting(canonical(found[1]), "", place, status=Status.IGNORED, reason=reason)

    def junk(self, line: str, start: int) -> Unread:
        place = self.lines.place(start, start + len(line))
        reason = UNRENDERED if is_unrendered(line) else f"not `key = value`: {line.strip()!r}"
        return Unread(self.lines.path, reason, place)

    def _place(self, found: re.Match[str], start: int) -> Place:
        end = start + found.end(1)
        return self.lines.place(start + found.start(1), end, (end, end))

    def _slip(self, name: str) -> str:
        if name not in self.slips:
            if len(self.slips) >= _MOST_SLIPS:
                return ""
            self.slips[name] = slip(name)
        return self.slips[name]


READER = Reader(
    read=read,
    value=value,
    root="kernel",
)
