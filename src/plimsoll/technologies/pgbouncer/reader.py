"""pgbouncer.ini as the server reads it, and who wins.

Source: PgBouncer manual, Generic settings; measured on 1.18 with SHOW CONFIG and SHOW DATABASES.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.reader import Reader, shadowed
from plimsoll.model.setting import Block, Include, Item, Origin, Setting, Status, Unread
from plimsoll.syntax.globs import literal
from plimsoll.syntax.ini import Assignment, IniDialect, Junk, Section, entries
from plimsoll.syntax.suggest import did_you_mean
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.text import Lines
from plimsoll.technologies.pgbouncer.command_line import arguments
from plimsoll.technologies.pgbouncer.connection import Pair, pairs
from plimsoll.technologies.pgbouncer.endpoints import endpoints
from plimsoll.technologies.pgbouncer.names import KEYS, PARTS, RENAMED
from plimsoll.technologies.pgbouncer.values import value

DIALECT = IniDialect(comments="#;", separators="=")
SECTION = "section"

_MAIN = "pgbouncer"
_STOPS = "the server does not start: "
# What `*` says is looked at when a client names a database that nothing else lists; measured 1.18.
_TURNS_AWAY = "the server starts and turns away clients of databases that are not listed: "
_KEY = re.compile(r"[A-Za-z0-9_.*-]+")
_INCLUDE = re.compile(r"%include[ \t]+(\S.*)")


def read(text: str, path: str) -> Iterator[Item]:
    """Every line of *text* that says something, in file order."""
    where = Lines(text, path)
    scope: tuple[Block, ...] = ()
    if text.startswith("\ufeff"):
        reason = _STOPS + "a byte order mark stands at the beginning"
        yield Unread(path, reason, where.place(0, 1))
    for entry in entries(text, DIALECT):
        if isinstance(entry, Section):
            scope = (Block(SECTION, entry.name, where.place(entry.start, entry.end)),)
            problem = _of_section(entry.name)
            if problem:
                yield Unread(path, problem, scope[0].place)
        elif is_unrendered(text[entry.start : entry.end]):
            yield Unread(path, UNRENDERED, where.place(entry.start, entry.end))
        elif isinstance(entry, Junk) or not _KEY.fullmatch(entry.key):
            yield _other(text[entry.start : entry.end], where.place(entry.start, entry.end), scope)
        else:
            yield from _assignment(entry, scope, where)


def _of_section(name: str) -> str:
    if is_unrendered(name):
        return UNRENDERED
    if name in (_MAIN, *PARTS):
        return ""
    return f"{_STOPS}there is no section [{name}]{did_you_mean(name, (_MAIN, *PARTS))}"


def _other(raw: str, place: Place, scope: tuple[Block, ...]) -> Item:
    """An include, or what the server takes as an error."""
    if found := _INCLUDE.fullmatch(raw):
        return Include(literal(found[1]), place, scope)
    return Unread(place.path, f"{_STOPS}a syntax error, not name = value", place)


def _assignment(entry: Assignment, scope: tuple[Block, ...], where: Lines) -> Iterator[Item]:
    section = scope[-1].name if scope else ""
    start, end = entry.value.start, entry.value.end
    place = where.place(entry.start, entry.end, (start, end) if end > start else None)
    if section not in PARTS:
        yield Setting(entry.key, entry.value.text, place, scope)
        return
    block = Block(PARTS[section], entry.key, where.place(entry.start, entry.end))
    yield from _strings(entry, (*scope, block), section, where)


def _strings(
    entry: Assignment, scope: tuple[Block, ...], section: str, where: Lines
) -> Iterator[Item]:
    """What a database, user or peer says; its own name where it does not say the database's."""
    found = list(pairs(entry.value.text))
    if section == "databases" and not any(isinstance(p, Pair) and p.key == "dbname" for p in found):
        span = (entry.start, entry.start + len(entry.key))
        yield Setting("dbname", entry.key, where.place(*span, span), scope)
    elif not found:
        yield Setting(
            "name", entry.key, where.place(entry.start, entry.end), scope, value=entry.key
        )
    base = entry.value.start
    for each in found:
        if isinstance(each, int):
            place = where.place(base + each, entry.value.end)
            consequence = _TURNS_AWAY if entry.key == "*" else _STOPS
            yield Unread(where.path, consequence + "a syntax error in a connection string", place)
        else:
            low, high = each.value
            place = where.place(base + each.start, base + each.end, (base + low, base + high))
            yield _pair(each, place, scope, section)


def _pair(pair: Pair, place: Place, scope: tuple[Block, ...], section: str) -> Setting:
    name = RENAMED.get(pair.key, pair.key)
    if pair.key in KEYS[section]:
        return Setting(name, pair.text, place, scope)
    reason = f"[{section}] has no {pair.key!r}{did_you_mean(pair.key, KEYS[section])}"
    return Setting(name, pair.text, place, scope, status=Status.UNKNOWN_NAME, reason=reason)


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """The same settings in order; the last wins, files beat the environment of an image.

    Of a database, user or peer that is written twice only the last line is left.
    """
    lines: dict[tuple[str, str], Block] = {}
    winners: dict[tuple[str, tuple[str, str]], Setting] = {}
    for each in sorted(settings, key=_rank):  # sorted keeps the order of equals
        block = _part(each)
        if block is not None:
            lines[block.kind, block.name] = block
    for each in sorted(settings, key=_rank):
        if each.status in _COUNT and _is_held(each, lines):
            winners[each.name, _who(each)] = each
    return [_judged(each, winners.get((each.name, _who(each))), lines) for each in settings]


_COUNT = (Status.EFFECTIVE, Status.REFUSED)


def _rank(setting: Setting) -> int:
    ranks = {Origin.ENVIRONMENT: 0, Origin.COMMAND_LINE: 2, Origin.STATED: 3}
    return ranks.get(setting.origin, 1)


def _part(setting: Setting) -> Block | None:
    return next((b for b in reversed(setting.scope) if b.kind in PARTS.values()), None)


def _who(setting: Setting) -> tuple[str, str]:
    block = _part(setting)
    return (block.kind, block.name) if block else ("", "")


def _is_held(setting: Setting, lines: dict[tuple[str, str], Block]) -> bool:
    block = _part(setting)
    return block is None or lines[block.kind, block.name] == block


def _judged(each: Setting, winner: Setting | None, lines: dict[tuple[str, str], Block]) -> Setting:
    if not _is_held(each, lines):
        # A line that another one replaces makes no part.
        scope = tuple(block for block in each.scope if block != _part(each))
        reason = "a later line says this name again: only that one counts"
        if each.status in _COUNT:
            return replace(each, scope=scope, status=Status.SHADOWED, winner=winner, reason=reason)
        return replace(each, scope=scope)
    if not each.scope and each.origin is Origin.FILE and each.status is Status.EFFECTIVE:
        return replace(each, status=Status.REFUSED, reason=_STOPS + "it stands before any section")
    if each.status is Status.REFUSED and _who(each) == ("database", "*"):
        return replace(each, status=Status.IGNORED, reason=_TURNS_AWAY + each.reason)
    return shadowed(each, winner)


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    arguments=arguments,
    endpoints=endpoints,
    parts={kind: kind for kind in PARTS.values()},
    refuses_unknown=True,
)
