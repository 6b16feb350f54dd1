"""Option files as the server reads them, and who wins.

Source: MySQL manual, Using Option Files; Server System Variables, persisted; measured on MariaDB
10.11 with my_print_defaults and `mariadbd --help --verbose`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.reader import Reader, shadowed
from plimsoll.model.setting import Block, Include, Item, Origin, Setting, Status, Unknown, Unread
from plimsoll.model.version import Version
from plimsoll.syntax.globs import literal
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.text import Lines, Token
from plimsoll.technologies.mysql.command_line import LINE_ONLY, arguments
from plimsoll.technologies.mysql.endpoints import endpoints
from plimsoll.technologies.mysql.groups import GROUP, PROGRAM, block, not_read
from plimsoll.technologies.mysql.lexer import LONGEST, lines, unquoted
from plimsoll.technologies.mysql.names import ADD_UP
from plimsoll.technologies.mysql.options import IGNORED_BY_MARIADB
from plimsoll.technologies.mysql.persisted import FILE, persisted
from plimsoll.technologies.mysql.said import LOOSE, SHORT, Said, setting
from plimsoll.technologies.mysql.values import adjusted, value

_STOPS = "the server does not start: "
_FIRST = ("group", "name", "directive", "junk", "separator")
_BOM = "\ufeff"


def read(text: str, path: str) -> Iterator[Item]:
    """Every line of *text* that says something, in file order."""
    if path.rpartition("/")[2] == FILE:
        yield from persisted(text, path)
        return
    where = Lines(text, path)
    scope: tuple[Block, ...] | None = None
    for line in lines(text):
        said = {token.kind: token for token in line if token.kind != "space"}
        first = next((said[kind] for kind in _FIRST if kind in said), None)
        if first is None:
            continue
        opened = _opened(first, where)
        if opened:
            scope = (opened,)
        if not opened or is_unrendered(first.text) or first.text.startswith(_BOM):
            yield _item(first, said, scope, where)


def _opened(first: Token, where: Lines) -> Block | None:
    """The block that a line begins; behind a byte order mark too, which the server does not like."""
    name = first.text.removeprefix(_BOM)
    if first.kind == "junk" or not name.startswith("[") or not name.endswith("]"):
        return None
    if first.kind == "name" and name == first.text:
        return None
    return block(name[1:-1].rstrip(), where.place(first.start, first.end))


def _item(
    first: Token, said: dict[str, Token], scope: tuple[Block, ...] | None, where: Lines
) -> Item:
    last = said.get("value") or said.get("separator") or said.get("path") or first
    value_ = said.get("value")
    span = (value_.start, value_.end) if value_ else None
    place = where.place(first.start, last.end, span)
    if is_unrendered(first.text) or (value_ and is_unrendered(value_.text)):
        return Unread(where.path, UNRENDERED, place)
    if first.kind == "junk":
        is_group = first.text.startswith("[") and len(first.text) < LONGEST
        reason = "a ] is missing" if is_group else f"a line of more than {LONGEST} bytes is cut"
        return Unread(where.path, _STOPS + reason, place)
    if first.kind == "directive":
        return _include(first, said.get("path"), place)
    if first.kind == "separator":
        return Unread(where.path, _STOPS + "no name stands before =", place)
    if first.text.startswith(_BOM):
        return Unread(where.path, _STOPS + "a byte order mark stands before the first group", place)
    text = unquoted(value_.text) if value_ else "" if "separator" in said else None
    found = setting(Said(first.text, text, place, scope or ()))
    if scope is None:
        reason = _STOPS + "it stands before any [group]"
        return replace(found, status=Status.REFUSED, reason=reason)
    return found


def _include(directive: Token, path: Token | None, place: Place) -> Item:
    if path is None:
        return Unread(place.path, f"{_STOPS}no path stands behind {directive.text}", place)
    pattern = literal(path.text)
    if directive.text == "!includedir":
        return Include(f"{pattern.rstrip('/')}/*.cnf", place, is_optional=True)
    return Include(pattern, place)


def in_version(settings: Sequence[Setting], version: Version | None) -> list[Setting]:
    """The same settings; those that a server of *version* does not read, or takes without effect."""
    return [_in_version(each, version) for each in settings]


def _in_version(each: Setting, version: Version | None) -> Setting:
    group = next((b.name for b in each.scope if b.kind == GROUP), "")
    if each.status not in _COUNT:
        return each
    reason = not_read(group, version) if group else ""
    if reason is None:
        needed = f"only one version reads [{group}], and the service's is not known"
        return replace(each, value=Unknown(needed))
    if reason:
        return replace(each, status=Status.IGNORED, reason=reason)
    if version is None:
        return each
    if version.numbers[0] >= 10 and each.name in IGNORED_BY_MARIADB:
        return replace(each, status=Status.IGNORED, reason="MariaDB takes it, without any effect")
    if each.name == "sql_mode" and Version("8.0") <= version < Version("10"):
        return _sql_mode(each)
    return each


def _sql_mode(each: Setting) -> Setting:
    if "NO_AUTO_CREATE_USER" not in each.text.upper():
        return each
    return replace(each, status=Status.REFUSED, reason="NO_AUTO_CREATE_USER is gone since 8.0")


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """The same settings in order; of one name the last counts, in whatever group it stands.

    The command line beats the files, and mysqld-auto.cnf (SET PERSIST) the command line. With
    --defaults-file no other file is read.
    """
    known = _of_read_files([_settled(each) for each in settings])
    winners: dict[tuple[str, str], Setting] = {}
    for each in sorted(known, key=_rank):  # sorted keeps the order of equals
        if each.status in _COUNT:
            winners[_who(each)] = each
    return [
        each if each.name in ADD_UP else _judged(each, winners.get(_who(each))) for each in known
    ]


_COUNT = (Status.EFFECTIVE, Status.REFUSED)


def _settled(each: Setting) -> Setting:
    """A loose option is no error; a number out of its range says what becomes of it."""
    if each.reason == LOOSE and each.status in (Status.REFUSED, Status.UNKNOWN_NAME):
        return replace(each, status=Status.IGNORED)
    if each.status is Status.REFUSED and SHORT in each.reason and isinstance(each.value, Unknown):
        return replace(each, reason=each.value.reason)
    return adjusted(each) if each.status is Status.EFFECTIVE else each


def _of_read_files(settings: list[Setting]) -> list[Setting]:
    """Those of files are ignored that stand before a --defaults-file or beside --no-defaults."""
    names = [each.name for each in settings if each.origin is Origin.COMMAND_LINE]
    if "no_defaults" in names:
        first = len(settings)
    else:
        first = next((i for i, each in enumerate(settings) if each.name == "defaults_file"), 0)
    reason = (
        f"the command line says --{'no-defaults' if 'no_defaults' in names else 'defaults-file'}"
    )
    return [
        replace(each, status=Status.IGNORED, reason=reason)
        if at < first and each.origin is Origin.FILE and not _is_persisted(each)
        else each
        for at, each in enumerate(settings)
    ]


def _is_persisted(each: Setting) -> bool:
    return each.place is not None and each.place.path.rpartition("/")[2] == FILE


def _rank(each: Setting) -> int:
    if each.origin is Origin.STATED:
        return 3
    if _is_persisted(each):
        return 2
    return 1 if each.origin is Origin.COMMAND_LINE else 0


def _who(each: Setting) -> tuple[str, str]:
    """The name, and the program that reads it where that is not the server."""
    return each.name, next((b.name for b in each.scope if b.kind == PROGRAM), "")


def _judged(each: Setting, winner: Setting | None) -> Setting:
    return each if each.name in LINE_ONLY else shadowed(each, winner)


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    in_version=in_version,
    arguments=arguments,
    endpoints=endpoints,
    parts={PROGRAM: PROGRAM},
    refuses_unknown=True,
)
