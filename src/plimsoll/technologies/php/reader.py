"""php.ini and what is read behind it, as PHP's own scanner takes them.

Source: PHP manual, The configuration file; measured on 8.2.35.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from plimsoll.model.reader import Reader
from plimsoll.model.setting import Block, Item, Setting, Status, Unknown, Unread
from plimsoll.syntax.expression_ini import Entry, Fault, Section, statements
from plimsoll.syntax.expression_values import LEVELS
from plimsoll.syntax.expression_waiting import waiting
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.text import Lines
from plimsoll.technologies.php.command_line import arguments
from plimsoll.technologies.php.endpoints import endpoints
from plimsoll.technologies.php.values import value
from plimsoll.technologies.php.winners import effective

_SPECIAL = re.compile(r"(HOST|PATH)\s*=\s*(.+)", re.IGNORECASE | re.DOTALL)
_KINDS = {"HOST": "virtual-host", "PATH": "directory"}
_MARK = re.compile(r"@[A-Z][A-Z0-9_]+@|%[A-Z][A-Z0-9_]{2,}%|__[A-Z][A-Z0-9_]*__")


def read(text: str, path: str) -> Iterator[Item]:
    """Every statement of *text*, in file order; behind a fault of its syntax PHP reads nothing."""
    where = Lines(text, path)
    scope: tuple[Block, ...] = ()
    fault = ""
    for each in statements(text, LEVELS):
        raw = text[each.start : each.end]
        if isinstance(each, Section):
            scope = (_block(each, where),)
        elif isinstance(each, Entry):
            found = _entry(each, raw, scope, where)
            is_lost = fault and isinstance(found, Setting)
            yield _behind(found, fault) if is_lost and isinstance(found, Setting) else found
        elif is_unrendered(_line(text, each), has_variables=True):
            yield _template(each, raw, scope, where)
        else:
            yield _fault(each, raw, scope, where)
            line = where.position(each.end)[0]
            fault = fault or f"PHP stops reading the file at line {line}: {each.reason}"


def _template(fault: Fault, raw: str, scope: tuple[Block, ...], where: Lines) -> Item:
    """A line that says something once it is rendered; its name may be known."""
    _, equals, value = raw.partition("=")
    if not fault.name or not equals:
        return Unread(where.path, UNRENDERED, where.place(fault.start, fault.end))
    start = fault.end - len(value.lstrip())
    place = where.place(fault.start, fault.end, (start, fault.end))
    return Setting(fault.name, value.strip(), place, scope, value=Unknown(UNRENDERED))


def _line(text: str, fault: Fault) -> str:
    start = text.rfind("\n", 0, fault.start) + 1
    return text[start : fault.end]


def _block(section: Section, where: Lines) -> Block:
    place = where.place(section.start, section.end)
    special = _SPECIAL.fullmatch(section.name.text)
    if special:
        return Block(_KINDS[special[1].upper()], special[2], place)
    return Block("section", section.name.text, place)


def _entry(entry: Entry, raw: str, scope: tuple[Block, ...], where: Lines) -> Item:
    place = where.place(entry.start, entry.end, (entry.value_start, entry.value_end))
    name = entry.name if entry.key is None else f"{entry.name}[{entry.key.text}]"
    if entry.value is None:
        if is_unrendered(raw, has_variables=True):
            return Unread(where.path, UNRENDERED, place)
        reason = "stands alone, without a value: PHP ignores it"
        return Setting(
            name, "", replace(place, value=None), scope, status=Status.IGNORED, reason=reason
        )
    is_template = is_unrendered(raw, has_variables=True) or _MARK.search(raw)
    unknown = Unknown(UNRENDERED) if is_template else waiting(entry.value)
    return Setting(name, entry.value.text, place, scope, value=unknown)


def _behind(setting: Setting, reason: str) -> Setting:
    return replace(setting, status=Status.IGNORED, reason=reason)


def _fault(fault: Fault, raw: str, scope: tuple[Block, ...], where: Lines) -> Item:
    place = where.place(fault.start, fault.end)
    if not fault.name or fault.name.startswith("["):
        return Unread(where.path, f"{fault.reason}: PHP stops reading the file here", place)
    return Setting(
        name=fault.name,
        text=raw.partition("=")[2].strip(),
        place=place,
        scope=scope,
        status=Status.IGNORED,
        reason=f"{fault.reason}: PHP stops reading the file here",
        value=Unknown(fault.reason),
    )


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    arguments=arguments,
    endpoints=endpoints,
    parts={kind: kind for kind in _KINDS.values()},
    root="interpreter",
)
