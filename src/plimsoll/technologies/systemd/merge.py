"""The files of one unit to one list of settings, in the order in which systemd reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.model.reader import Open
from plimsoll.model.setting import Block, Origin, Setting, Status, Unread
from plimsoll.syntax.ini import Assignment, entries
from plimsoll.syntax.text import Lines
from plimsoll.syntax.traced import Traced
from plimsoll.technologies.systemd.directives import DIRECTIVES, LISTS
from plimsoll.technologies.systemd.reader import DIALECT, effective, read
from plimsoll.technologies.systemd.words import QuotingError, words

_QUOTED = frozenset({"Environment", "ExecStart", "ExecStartPre", "ExecStop", "ExecReload"})
_PREFIX = "Default"


class Role(Enum):
    """What a file is to a unit."""

    MANAGER = "system.conf"
    FRAGMENT = "unit file"
    DROP_IN = "drop-in"
    SOCKET = "socket unit"
    HIDDEN = "drop-in that a stronger one of its name replaces"


class Merged(Struct, frozen=True):
    """*settings* are not yet marked as shadowed: that takes their values, which the stack gives.

    *values*: of each assignment, by the file, line and column where it begins.
    """

    settings: tuple[Setting, ...]
    values: Mapping[tuple[str, int, int], Traced]
    lines: Mapping[str, Lines]
    unread: tuple[Unread, ...]

    def held(self, name: str) -> list[Setting]:
        """The settings of that name that hold, for a name whose value is never refused: words.

        Of a unit that does not load, what it would have.
        """
        own = [s for s in self.settings if s.name in (name, "Type")]
        if not any(s.status is Status.EFFECTIVE for s in own):
            own = [replace(s, status=Status.EFFECTIVE) for s in own if s.status is Status.REFUSED]
        return [s for s in effective(own) if s.name == name and s.status is Status.EFFECTIVE]

    def value(self, setting: Setting) -> tuple[Traced, Lines]:
        """The value with the place of each of its characters."""
        assert setting.place is not None  # noqa: S101 - it was read from a file
        path, span = setting.place.path, setting.place.span
        return self.values[path, span.line, span.column], self.lines[path]


def merged(files: Iterable[tuple[str, Role]], opened: Open) -> Merged:
    """The settings of *files*, which come in the order in which systemd reads them."""
    settings: list[Setting] = []
    values: dict[tuple[str, int, int], Traced] = {}
    lines: dict[str, Lines] = {}
    unread: list[Unread] = []
    for path, role in files:
        text = opened(path)
        if isinstance(text, Unread):
            unread.append(text)
            continue
        lines[path] = Lines(text, path)
        for entry in entries(text, DIALECT):
            if isinstance(entry, Assignment):
                values[path, *lines[path].position(entry.start)] = entry.value
        for item in read(text, path):
            if isinstance(item, Unread):
                unread.append(item)
            else:
                settings += _as(role, item)
    found = Merged(tuple(settings), values, lines, tuple(unread))
    judged = [_judged(each, found) for each in settings]
    return replace(found, settings=tuple(judged))


def _as(role: Role, setting: Setting) -> Iterator[Setting]:
    """What a setting of such a file is to the unit."""
    if role is Role.FRAGMENT:
        yield setting
    elif role is Role.DROP_IN:
        yield replace(setting, origin=Origin.DROP_IN)
    elif role is Role.HIDDEN:
        reason = "another drop-in of the same file name is read instead"
        yield replace(setting, origin=Origin.DROP_IN, status=Status.SHADOWED, reason=reason)
    elif role is Role.SOCKET:
        name = setting.name.removesuffix("Soft")
        if _section(setting) == "Socket" and name not in DIRECTIVES["Service"]:
            yield setting
    elif _section(setting) == "Manager" and setting.name.startswith(_PREFIX):
        yield from _default(setting)


def _default(setting: Setting) -> Iterator[Setting]:
    """A default of the manager as the directive that it is for each unit."""
    name = setting.name.removeprefix(_PREFIX)
    for section in ("Service", "Unit"):
        if name.removesuffix("Soft") in DIRECTIVES[section] and name not in LISTS:
            yield replace(setting, name=name, scope=(Block("section", section),))
            return


def _judged(setting: Setting, found: Merged) -> Setting:
    """*setting*, ignored where its words cannot be told apart: then an earlier one holds."""
    if setting.status is not Status.EFFECTIVE:
        return setting
    if setting.name in _QUOTED and not _is_closed(found.value(setting)[0]):
        return replace(setting, status=Status.IGNORED, reason="a quote is not closed")
    return setting


def _is_closed(value: Traced) -> bool:
    try:
        words(value)
    except QuotingError:
        return False
    return True


def _section(setting: Setting) -> str:
    return setting.scope[-1].name if setting.scope else ""
