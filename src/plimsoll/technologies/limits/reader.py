"""limits.conf and limits.d: `domain type item value`, as pam_limits reads it.

Source: limits.conf(5); measured on Linux-PAM 1.5.2: case counts in the domain alone, what stands
behind the value is dropped, and of a value the digits that it begins with are taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Reader, Rejected
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Block, Setting, Status, Unread, Value
from plimsoll.syntax.suggest import suggestion
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.text import Lines

EVERYBODY = "*"
KIND = "domain"

_WORD = re.compile(r"\S+")
_TYPES = {"soft": ("soft",), "hard": ("hard",), "-": ("soft", "hard")}
_NUMBER = re.compile(r"([+-]?)([0-9]+)")
_NO_LIMIT = frozenset({"-1", "-", "unlimited", "infinity"})
_MOST = 2**64 - 1
_ONLY_LOGINS = "%"
_SIGNED = frozenset({"nice.soft", "nice.hard", "priority"})

# Without a soft and a hard limit: one value, whatever the type.
_SINGLE = frozenset({"maxlogins", "maxsyslogins", "priority", "nonewprivs", "chroot"})
_ITEMS = _SINGLE | {
    *("core", "data", "fsize", "memlock", "nofile", "rss", "stack", "cpu", "nproc", "as"),
    *("locks", "sigpending", "msgqueue", "nice", "rtprio"),
}


def read(text: str, path: str) -> Iterator[Setting | Unread]:
    """Every line that says something; one with `-` is a soft and a hard limit at one place.

    The domain of a line is the block that its settings stand in. Which domain holds for a login
    depends on the user: its own before a group's before `*`; of one domain the last line holds.
    """
    lines, start = Lines(text, path), 0
    for line in text.split("\n"):
        words = list(_WORD.finditer(line, 1 if line.startswith("\ufeff") else 0))
        if words and not words[0][0].startswith("#"):
            yield from _line(words, start, lines)
        start += len(line) + 1


def _line(words: Sequence[re.Match[str]], start: int, lines: Lines) -> Iterator[Setting | Unread]:
    begin = start + words[0].start()
    said = " ".join(word[0] for word in words[:4])
    if is_unrendered(said):
        yield Unread(lines.path, UNRENDERED, lines.place(begin, start + words[-1].end()))
    elif len(words) >= 4:
        value = (start + words[3].start(), start + words[3].end())
        yield from _limit(words, lines.place(begin, value[1], value))
    elif len(words) == 2 and words[1][0] == "-":
        end = start + words[1].end()
        place = lines.place(begin, end, (end, end))
        yield Setting("-", "", place, (Block(KIND, words[0][0]),), reason="it has no limits")
    else:
        place = lines.place(begin, start + words[-1].end())
        yield Unread(lines.path, f"not `domain type item value`: {said!r}", place)


def _limit(words: Sequence[re.Match[str]], place: Place) -> Iterator[Setting]:
    domain = words[0][0]
    type_, item = words[1][0].lower(), words[2][0].lower()
    made = Setting(item, words[3][0], place, (Block(KIND, domain),))
    if item not in _ITEMS:
        yield replace(made, status=Status.UNKNOWN_NAME, reason=_unknown(item))
    elif item in _SINGLE:
        yield made
    elif type_ not in _TYPES:
        reason = f"{type_!r} is none of soft, hard, -: pam_limits skips the line"
        yield replace(made, status=Status.IGNORED, reason=reason)
    else:
        for each in _TYPES[type_]:
            yield _bounded(replace(made, name=f"{item}.{each}"), domain)


@lru_cache(maxsize=256)
def _unknown(item: str) -> str:
    return f"pam_limits knows no {item!r}{suggestion(item, _ITEMS)}"


def _bounded(setting: Setting, domain: str) -> Setting:
    if not domain.startswith(_ONLY_LOGINS):
        return setting
    reason = f"a domain with % counts for maxlogins only, not for {setting.name}"
    return replace(setting, status=Status.IGNORED, reason=reason)


def value(text: str, entry: Entry) -> Value | Rejected:
    """What *text* means for *entry*; ignored where pam_limits finds no number."""
    if entry.type is Type.TEXT:
        return text
    if text.lower() in _NO_LIMIT and entry.name != "priority":
        return Amount.of(UNLIMITED, entry.unit)
    found = _NUMBER.match(text)
    if found is None:
        return Rejected(Status.IGNORED, f"{text!r} is no number: pam_limits skips the line")
    if found[1] == "-" and entry.minimum is not None:
        return Rejected(Status.IGNORED, f"{text!r} is below zero: the kernel refuses it")
    number = int(found[1] + found[2][:30])
    if number >= _MOST or (number < 0 and entry.name not in _SIGNED):
        return Amount.of(UNLIMITED, entry.unit)  # it is taken as one of 64 bits without a sign
    return Amount.of(number * (entry.scale or 1), entry.unit)


READER = Reader(read=read, value=value, parts={KIND: "login"}, root="logins")
