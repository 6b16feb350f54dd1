"""tuned.conf: sections of plug-ins, a profile over those that it includes.

Source: tuned.conf(5); tuned 2.20 (profiles/loader.py, plugins/base.py): Python's ConfigParser with
`=`, comments behind `#`, values over indented lines; `>2048` only raises, `<8` only lowers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field

from plimsoll.model.place import Place
from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Reader, Rejected
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Block, Formula, Include, Item, Setting, Unknown, Unread, Value
from plimsoll.syntax.amounts import Dialect
from plimsoll.syntax.globs import literal
from plimsoll.syntax.ini import Assignment, IniDialect, Junk, Section, entries
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.text import Lines

INI = IniDialect(trailing="#", folds=True)
DIALECT = Dialect()

_NAMES = re.compile(r"[^\s,;]+")
_VARIABLE = re.compile(r"(?<!\\)\$\{(\w+)\}")
_FUNCTION = re.compile(r"(?<!\\)\$\{[fi]:")
_ONLY_RAISES = re.compile(r"([<>])([0-9]+)")
_PART = re.compile(r"([0-9]{1,3})%")
_QUOTED = re.compile(r"""(["'])(.*)\1""", re.DOTALL)

# Plug-ins, by the `type` of a section or by its name; each sets things of its own.
_PLUGINS = ("sysctl", "vm", "cpu", "disk", "net", "sysfs", "scheduler", "bootloader", "script")
_MOST_CHARACTERS = 10_000  # of a value with variables in it


def read(text: str, path: str) -> Iterator[Item]:
    """The profiles that it includes, since it is read over them; then its settings in order."""
    reading = _Reading(path, Lines(text, path))
    found = list(entries(text, INI))
    reading.prepare(found)
    yield from reading.includes
    for entry in found:
        yield from reading.item(entry)


class _Reading(Struct):
    path: str
    lines: Lines
    kinds: dict[str, str] = field(default_factory=dict)  # of a section, by its `type`
    variables: dict[str, str] = field(default_factory=dict)
    includes: list[Include] = field(default_factory=list)
    section: str = ""

    def prepare(self, found: list[Section | Assignment | Junk]) -> None:
        """What has to be known before: variables, types of sections, includes."""
        section = ""
        for entry in found:
            if isinstance(entry, Section):
                section = entry.name
            elif isinstance(entry, Assignment) and entry.key == "type":
                self.kinds[section] = entry.value.text
            elif isinstance(entry, Assignment) and section == "variables":
                self.variables[entry.key] = entry.value.text
        for entry in found:
            if isinstance(entry, Section):
                section = entry.name
            elif isinstance(entry, Assignment) and entry.key == "include":
                self.includes += self._includes(entry, section)

    def _includes(self, entry: Assignment, section: str) -> Iterator[Include]:
        place = self._place(entry)
        said = self._expanded(entry.value.text)
        names = [] if said is None else _NAMES.findall(said)
        for name in names:
            if section == "variables":
                yield Include(literal(name), place, (Block("section", section),))
            elif section == "main":
                yield Include(f"../{literal(name)}/tuned.conf", place)

    def item(self, entry: Section | Assignment | Junk) -> Iterator[Item]:
        if isinstance(entry, Section):
            self.section = entry.name
        elif isinstance(entry, Junk):
            reason = (
                UNRENDERED if is_unrendered(entry.text) else "neither `[section]` nor `key = value`"
            )
            yield Unread(self.path, reason, self.lines.place(entry.start, entry.end))
        else:
            yield self._setting(entry)

    def _setting(self, entry: Assignment) -> Setting:
        place = self._place(entry)
        kind = self.kinds.get(self.section, self.section)
        scope = (Block(kind) if kind in _PLUGINS else Block("section", self.section),)
        said = self._expanded(entry.value.text)
        if said is None:
            reason = f"calculated by tuned: {entry.value.text}"
            return Setting(entry.key, entry.value.text, place, scope, value=Unknown(reason))
        text = _unquoted(said)
        return Setting(entry.key, text, place, scope, value=_bounded(text))

    def _place(self, entry: Assignment) -> Place:
        value = entry.value.range(0, len(entry.value.text))
        return self.lines.place(entry.start, max(entry.end, value[1]), value)

    def _expanded(self, text: str) -> str | None:
        """*text* with its variables; None where tuned calculates them, or nobody says them here."""
        for _ in range(len(self.variables) + 1):
            if _FUNCTION.search(text) or len(text) > _MOST_CHARACTERS:
                return None
            if not _VARIABLE.search(text):
                return text
            if any(found[1] not in self.variables for found in _VARIABLE.finditer(text)):
                return None
            text = _VARIABLE.sub(lambda found: self.variables[found[1]], text)
        return None


def _unquoted(text: str) -> str:
    found = _QUOTED.fullmatch(text)
    return found[2] if found else text


def _bounded(text: str) -> Value | None:
    """A value that is only raised or lowered; None for a plain one."""
    found = _ONLY_RAISES.fullmatch(text)
    if found is None or len(found[2]) > 20:
        return None
    number = int(found[2])
    return Amount(number, UNLIMITED) if found[1] == ">" else Amount(0, number)


def value(text: str, entry: Entry) -> Value | Rejected:
    """What *text* means for *entry*; a part of the memory where it is a percentage of a size."""
    if entry.type is Type.SIZE and (part := _PART.fullmatch(text.strip())):
        return Formula(f"s.memory * {part[1]} / 100")
    return DIALECT.value(text, entry)


READER = Reader(read=read, value=value, parts={name: name for name in _PLUGINS}, root="profile")
