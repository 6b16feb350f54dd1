"""Reads servers on Node: JavaScript, package.json, the command line; none of it is run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from plimsoll.model.place import Place
from plimsoll.model.quantity import Amount
from plimsoll.model.reader import Reader, Rejected, Word, last_wins
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Include, Item, Origin, Setting, Status, Unread, Value
from plimsoll.syntax.amounts import Dialect
from plimsoll.syntax.javascript import read_exported, read_value
from plimsoll.syntax.javascript import value as of_javascript
from plimsoll.syntax.python.deferred import resolved
from plimsoll.syntax.several import spanned
from plimsoll.technologies.node.command_line import Line, arguments, started
from plimsoll.technologies.node.endpoints import endpoints
from plimsoll.technologies.node.flags import OF_NODE, OF_V8, left_to_v8, number
from plimsoll.technologies.node.managed import applications
from plimsoll.technologies.node.package import package
from plimsoll.technologies.node.server import Found, server

# How body parsers write sizes; pm2 writes memory so too. Source: bytes 3.1, pm2 Config.js.
_SIZES = {"": 1, "b": 1, "k": 2**10, "kb": 2**10, "m": 2**20, "mb": 2**20, "g": 2**30, "gb": 2**30}
_DIALECT = Dialect(
    sizes=_SIZES, folds_case=True, takes_fractions=True, takes_spaces=True, rejection=Status.IGNORED
)
# pm2's times are milliseconds, or have a unit. Source: pm2 tools/Config.js.
_TIMES = Dialect(times={"s": 1, "m": 60, "h": 3600}, rejection=Status.REFUSED)
_MANAGED = ("kill_timeout", "listen_timeout", "restart_delay")


def read(text: str, path: str) -> Iterator[Item]:
    """What a file sets: of package.json every entry, of JavaScript what concerns the server."""
    return (item for _, item in _items(text, path, None))


def _items(text: str, path: str, environment: Mapping[str, Word] | None) -> Found:
    name = path.rpartition("/")[2]
    if name.startswith(("ecosystem", "pm2", "process")) and not name.endswith(".ts"):
        yield from _ecosystem(text, path, environment)
    elif name.endswith(".json"):
        yield from package(text, path, started)
    else:
        yield from _shebang(text, path)
        yield from server(text, path, environment)


def _ecosystem(text: str, path: str, environment: Mapping[str, Word] | None) -> Found:
    is_json = path.endswith(".json")
    whole = read_value(text, path) if is_json else read_exported(text, path, environment)
    if isinstance(whole, Unread):
        yield whole.place, whole
        return
    yield from applications(whole, text, lambda words: Line(words, Origin.FILE).read())


def _shebang(text: str, path: str) -> Found:
    """`#!/usr/bin/env -S node --max-old-space-size=512`: options for whoever runs the file itself."""
    line = text.removeprefix("\ufeff").partition("\n")[0].rstrip("\r")
    if not line.startswith("#!") or " " not in line or "node" not in line:
        return
    from plimsoll.syntax.shell import words
    from plimsoll.syntax.text import Lines

    start = len(text) - len(text.removeprefix("\ufeff"))
    place: Place = Lines(text, path).place(start + 2, start + len(line))
    given = words(line[2:], place)
    at = next((n for n, w in enumerate(given) if w.text.rpartition("/")[2] == "node"), len(given))
    for item in Line(given[at + 1 :], Origin.FILE, has_script=False).read():
        yield (item.place if not isinstance(item, Include) else None), item


def value(text: str, entry: Entry) -> Value | Rejected:
    """What a value means: numbers of JavaScript, sizes of body parsers and pm2."""
    plain = text.strip()
    if entry.name in OF_V8 | OF_NODE:
        return number(plain, entry)
    if entry.type is Type.SIZE:
        return _size(plain, entry)
    if entry.name in _MANAGED and not plain.isdecimal():
        return _TIMES.value(plain, entry)
    return of_javascript(plain if entry.type is not Type.TEXT else text, entry)


def _size(text: str, entry: Entry) -> Value | Rejected:
    if not text.isdecimal():
        return _DIALECT.value(text, entry)
    return Amount.of(_whole(Fraction(text[:40]) * Fraction(entry.scale or 1)), entry.unit)


def _whole(exact: Fraction) -> int | Fraction:
    return exact.numerator if exact.denominator == 1 else exact


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """Who wins: the last, of one server; where several servers differ, the span of what they have."""
    won = map(left_to_v8, last_wins(resolved(settings, _items)))
    return spanned(list(won), "server")


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    arguments=arguments,
    endpoints=endpoints,
    parts={"agent": "agent", "session_store": "session_store"},
)
