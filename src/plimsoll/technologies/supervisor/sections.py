"""The sections of supervisord's files, with their values as supervisord takes them.

Source: supervisor 4.2, configuration; code, supervisor/options.py (UnhosedConfigParser): `;` behind a
blank begins a comment, a line that is indented goes on with the value above, keys fold case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import groupby

from msgspec import Struct

from plimsoll.model.place import Place
from plimsoll.model.setting import Block, Item, Setting, Unknown, Unread
from plimsoll.syntax.ini import Assignment, IniDialect, Section, entries
from plimsoll.syntax.text import Lines
from plimsoll.syntax.traced import Traced

DIALECT = IniDialect(comments="#;", trailing=";", separators="=:", folds=True)

# %(here)s, %(program_name)s, %(process_num)02d, %(ENV_HOME)s
_EXPANSION = re.compile(r"%\((?P<name>[A-Za-z_]\w*)\)(?:[0-9]*[ds])|%%")
# Keys whose value is a number: one that is told later is unknown. In the others it stays text.
_NUMBERS = frozenset(
    {
        *("numprocs", "numprocs_start", "priority", "startsecs", "startretries", "stopwaitsecs"),
        *("minfds", "minprocs", "stdout_logfile_maxbytes", "stderr_logfile_maxbytes"),
        *("autostart", "stopasgroup", "killasgroup", "redirect_stderr"),
    }
)
_SECRET = re.compile(r"(?i)(?:PASSWORD|PASSWD|SECRET|TOKEN|_KEY|APIKEY)\w*\s*=")


class Line(Struct, frozen=True):
    """A key with its value; *value* knows where each of its characters stands."""

    key: str
    value: Traced
    setting: Setting


class Program(Struct, frozen=True):
    """A section with its lines. *kind*: what stands before the colon of its name."""

    kind: str
    name: str
    place: Place
    lines: tuple[Line, ...]

    def line(self, key: str) -> Line | None:
        """The last one of that key, which is the one that holds."""
        return next((each for each in reversed(self.lines) if each.key == key), None)

    def text(self, key: str) -> str:
        found = self.line(key)
        return found.value.text if found else ""


def items(text: str, path: str) -> Iterator[Line | Item]:
    """Every line that says something, in file order."""
    where = Lines(text, path)
    scope: tuple[Block, ...] = ()
    for entry in entries(text, DIALECT):
        place = where.place(entry.start, entry.end)
        if isinstance(entry, Section):
            kind, _, name = entry.name.partition(":")
            scope = (Block(kind.strip(), name.strip(), place),)
        elif isinstance(entry, Assignment) and scope:
            yield _line(entry, where, scope)
        elif isinstance(entry, Assignment):
            yield Unread(path, "supervisord refuses what stands before the first section", place)
        else:
            yield Unread(path, "supervisord refuses a line without a key and a value", place)


def _line(entry: Assignment, where: Lines, scope: tuple[Block, ...]) -> Line:
    value = entry.value
    name = entry.key.strip().casefold()
    place = where.place(entry.start, entry.end, value.range(0, len(value.text)))
    setting = Setting(
        name,
        value.text,
        place,
        scope,
        value=why_unknown(value.text, scope[0].name) if name in _NUMBERS else None,
        is_secret=name == "environment" and _SECRET.search(value.text) is not None,
    )
    return Line(name, value, setting)


def why_unknown(text: str, program: str) -> Unknown | None:
    """What only the running supervisord knows of a value; None where it is told."""
    known = {"program_name": program, "group_name": program}
    for found in _EXPANSION.finditer(text):
        if found["name"] and found["name"] not in known:
            return Unknown(f"%({found['name']})s is told by supervisord when it starts")
    return None


def expanded(text: str, known: Mapping[str, str]) -> str:
    """*text* with what is known of its expansions."""

    def one(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        return known.get(found["name"], found[0])

    return _EXPANSION.sub(one, text)


def programs(text: str, path: str) -> Iterator[Program | Unread]:
    """The sections of a file; what belongs to none is told."""
    found = list(items(text, path))
    yield from (each for each in found if isinstance(each, Unread))
    lines = [each for each in found if isinstance(each, Line)]
    for block, group in groupby(lines, key=lambda each: each.setting.scope[0]):
        if block.place is not None:
            yield Program(block.kind, block.name, block.place, tuple(group))
