"""postgresql.conf as the server reads it, and who wins.

Source: PostgreSQL manual, Setting Parameters; measured on 12 to 18.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.reader import Reader, shadowed
from plimsoll.model.setting import Include, Item, Origin, Setting, Status, Unread
from plimsoll.syntax.globs import literal
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.text import Lines, Token
from plimsoll.technologies.postgresql.appliances import is_appliance, read_appliance
from plimsoll.technologies.postgresql.command_line import arguments
from plimsoll.technologies.postgresql.endpoints import endpoints
from plimsoll.technologies.postgresql.lexer import is_dotted, lines, unquoted
from plimsoll.technologies.postgresql.names import SECRETS, canonical, named
from plimsoll.technologies.postgresql.values import value

AUTOMATIC_FILE = "postgresql.auto.conf"  # ALTER SYSTEM writes it; the server reads it last

_SYNTAX = "syntax error, the server refuses the file: "
_INCLUDES = ("include", "include_if_exists", "include_dir")
_WORDS = re.compile(r"[\w. +-]+")
_BOM = "\ufeff"


def read(text: str, path: str) -> Iterator[Item]:
    """Every line of *text* that says something, in file order."""
    if is_appliance(path):
        yield from read_appliance(text, path)
        return
    where = Lines(text, path)
    for line in lines(text):
        said = {token.kind: token for token in line}
        if "name" in said:
            yield _item(_Statement.of(said, text, where))
        elif junk := said.get("junk"):
            yield Unread(path, _not_a_setting(junk.text), where.place(junk.start, junk.end))


class _Statement(NamedTuple):
    """A line with a name: *raw* is all that stands for its value, *problem* why that is none."""

    name: str
    raw: str
    place: Place
    problem: str

    @classmethod
    def of(cls, said: dict[str, Token], text: str, where: Lines) -> _Statement:
        name, value_, junk = said["name"], said.get("value"), said.get("junk")
        first, last = value_ or junk, junk or value_
        if first is None or last is None:
            end = said.get("equals", name).end
            return cls(name.text, "", where.place(name.start, end), "no value stands here")
        raw = text[first.start : last.end]
        place = where.place(name.start, last.end, (first.start, last.end))
        problem = _problem(raw, value_, junk)
        if problem and canonical(name.text) in SECRETS:
            problem = "quotes belong around all of it"
        return cls(name.text, raw, place, problem)


def _problem(raw: str, value_: Token | None, junk: Token | None) -> str:
    """Why the server does not take *raw* for one value; empty when it does."""
    if junk is None:
        return f"{raw} has a dot and no quotes; write '{raw}'" if is_dotted(raw) else ""
    if value_ is None:
        quote = raw.startswith("'")
        return "a quote is not closed" if quote else f"{raw} has no quotes; write '{raw}'"
    hint = f"; write '{raw}'" if _WORDS.fullmatch(raw) else ""
    return f"{junk.text} stands behind {value_.text}{hint}"


def _item(said: _Statement) -> Item:
    path, name = said.place.path, said.name
    if name.startswith(_BOM):
        return Unread(path, "a byte order mark stands before the first name", said.place)
    if is_unrendered(said.raw, has_variables=said.raw.startswith("'")):
        return Unread(path, UNRENDERED, said.place)
    if canonical(name) in _INCLUDES:
        return _include(said)
    if said.problem:
        reason = _SYNTAX + said.problem
        return Setting(canonical(name), said.raw, said.place, status=Status.REFUSED, reason=reason)
    return named(name, unquoted(said.raw), said.place)


def _not_a_setting(raw: str) -> str:
    if is_unrendered(raw):
        return UNRENDERED
    return f"{_SYNTAX}not a setting: {raw}"


def _include(said: _Statement) -> Include | Unread:
    kind, path = canonical(said.name), unquoted(said.raw)
    if said.problem or not path:
        reason = said.problem or "no path stands here"
        return Unread(said.place.path, _SYNTAX + reason, said.place)
    pattern = literal(path)
    if kind == "include_dir":
        pattern = f"{pattern.rstrip('/')}/[!.]*.conf"
    return Include(pattern, said.place, is_optional=kind != "include")


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """The same settings in order; the command line beats all files, and of those the last one wins.

    postgresql.auto.conf counts as the last file, wherever it was read. The environment is below
    the files. A value in a file that a later line of a file repeats is never looked at, so it is
    no longer refused.
    """
    winners: dict[str, Setting] = {}
    in_files: dict[str, Setting] = {}
    for each in sorted(settings, key=_rank):  # sorted keeps the order of equals
        if each.status in _COUNT and not _is_syntax(each):
            winners[each.name] = each
            if _rank(each) in _FILES:
                in_files[each.name] = each
    return [_judged(each, winners.get(each.name), in_files.get(each.name)) for each in settings]


_COUNT = (Status.EFFECTIVE, Status.REFUSED)
_FILES = (1, 2)


def _rank(setting: Setting) -> int:
    if setting.origin in (Origin.COMMAND_LINE, Origin.STATED):
        return 3
    if setting.origin is Origin.ENVIRONMENT:
        return 0
    path = setting.place.path if setting.place else ""
    return 2 if path.rpartition("/")[2] == AUTOMATIC_FILE else 1


def _is_syntax(setting: Setting) -> bool:
    return setting.reason.startswith(_SYNTAX)


def _judged(each: Setting, winner: Setting | None, in_files: Setting | None) -> Setting:
    is_repeated = in_files is not None and in_files is not each and _rank(each) in _FILES
    if each.status is Status.REFUSED and is_repeated and not _is_syntax(each):
        return replace(each, status=Status.SHADOWED, winner=winner)
    return shadowed(each, winner)


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    arguments=arguments,
    endpoints=endpoints,
    refuses_unknown=True,
)
