"""Reads gunicorn's configuration file, its command line and its environment; runs none of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Reader, Rejected, Word, shadowed
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import (
    Include,
    Item,
    Origin,
    Setting,
    Status,
    Unread,
    Unset,
    Value,
)
from plimsoll.syntax.amounts import Dialect
from plimsoll.syntax.python import (
    Assignment,
    Computed,
    Deferred,
    Function,
    Listed,
    Result,
    Star,
    Symbol,
    meaning,
    read_module,
    resolved,
    shown,
)
from plimsoll.technologies.gunicorn.addresses import endpoints
from plimsoll.technologies.gunicorn.command_line import DEFAULTS, arguments
from plimsoll.technologies.gunicorn.options import HOOKS, OPTIONS, Kind

_DIALECT = Dialect(true=("true",), false=("false",))
_NUMBERS = (Type.COUNT, Type.TIME, Type.SIZE)


def read(text: str, path: str) -> Iterator[Item]:
    """What a configuration file sets: the names of its top level.

    gunicorn ignores names that it does not know. One that the file itself uses is a helper; any
    other one is given all the same, for it may be misspelt.
    """
    return (item for _, item in _items(text, path, None))


def _items(
    text: str, path: str, environment: Mapping[str, Word] | None
) -> Iterator[tuple[Place | None, Item]]:
    """Every item, with the place of the statement that makes it."""
    module = read_module(text, path, environment)
    for each in module.statements:
        if isinstance(each, Unread):
            yield each.place, each
        elif isinstance(each, Star):
            yield each.place, _star(each)
        elif _is_setting(each, module.names_read):
            yield from ((each.place, setting) for setting in _settings(each, text))


def _is_setting(each: Assignment, used: frozenset[str]) -> bool:
    if each.name in OPTIONS:
        return True
    if isinstance(each.value, Function):
        return each.name in HOOKS
    return each.name in HOOKS or not (each.name in used or each.name.startswith("_") or each.keys)


def _star(star: Star) -> Item:
    module = star.module
    if module.startswith("."):
        return Unread(
            star.place.path, f"from {module} import *: fails in a configuration file", star.place
        )
    return Include(f"{module.replace('.', '/')}.py", star.place, is_optional=star.is_optional)


def _settings(each: Assignment, text: str) -> Iterator[Setting]:
    """The setting that an assignment makes; of a list one for each element."""
    option = OPTIONS.get(each.name)
    is_list = option is not None and option.kind is Kind.LIST and not each.keys
    if not is_list or not isinstance(each.value, Listed) or not each.value.entries:
        yield _setting(each, each.value, each.place, each.source, text)
        return
    for entry in each.value:
        span = entry.place.value if entry.place else None
        place = Place(each.place.path, each.place.span, span or each.place.value)
        yield _setting(each, entry.value, place, entry.source, text)


def _setting(each: Assignment, value: Result, place: Place, source: str, text: str) -> Setting:
    made = Setting(
        name=".".join((each.name, *each.keys)),
        text=shown(value, source),
        place=place,
        value=_value(value, text),
    )
    if not each.is_reached:
        return replace(made, status=Status.SHADOWED, reason=each.reason or "not reached")
    option = OPTIONS.get(each.name)
    if option and option.kind is Kind.COUNT and isinstance(value, Symbol) and value.is_float:
        reason = f"{source} is a float; gunicorn takes whole numbers only"
        return replace(made, status=Status.REFUSED, reason=reason)
    if each.name in _TEXTS and isinstance(value, bool | int | Fraction):
        reason = f"{source} is no text; gunicorn takes only texts for {each.name}"
        return replace(made, status=Status.REFUSED, reason=reason)
    return _from_environment(made, each, value)


# Settings that have to be texts; measured 20.1.
_TEXTS = frozenset(
    {
        "access_log_format", "accesslog", "errorlog", "keyfile", "loglevel", "pidfile", "proc_name",
        "pythonpath", "statsd_host", "syslog_addr", "worker_tmp_dir",
    }
)  # fmt: skip


def _value(value: Result, text: str) -> Value | None:
    if isinstance(value, Computed) and value.asks_environment:
        return Deferred(value.reason, text)
    return meaning(value)


def _from_environment(made: Setting, each: Assignment, value: Result) -> Setting:
    """*made*, at the place of the variable where its value is that of one."""
    unset = [name for name, word in each.asked.items() if word is None]
    given = [(n, w) for n, w in each.asked.items() if w is not None]
    if len(given) == 1 and not unset:
        name, word = given[0]
        if word.place is not None and shown(value) == word.text.strip():
            reason = f"{made.place} asks for {name}"
            return replace(made, place=word.place, origin=Origin.ENVIRONMENT, reason=reason)
    if unset and not isinstance(value, Computed):
        return replace(made, reason=f"unless the environment sets {' or '.join(unset)}")
    return made


def value(text: str, entry: Entry) -> Value | Rejected:
    """What a text means: numbers as gunicorn's own checks take them, times in seconds."""
    plain = text.strip()
    if entry.type in _NUMBERS:
        return _number(plain, entry)
    if plain == "None":
        return Unset()
    if entry.type is Type.TEXT:
        return plain
    return _DIALECT.value(plain, entry)


def _number(text: str, entry: Entry) -> Value | Rejected:
    try:
        number = int({"True": "1", "False": "0"}.get(text, text), 0)
    except ValueError:
        return Rejected(Status.REFUSED, f"{text!r} is no whole number")
    if number < 0:
        return Rejected(Status.REFUSED, f"{text} is negative")
    is_infinite = str(number) in entry.infinite
    return Amount.of(UNLIMITED if is_infinite else number, entry.unit)


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """Who wins: the last, but what a variable only gives as a default loses to everything.

    Of settings that are lists all those of one place hold together: of one assignment, or of the
    command line.
    """
    known = _left(resolved(settings, _items))
    order = sorted(known, key=_is_written_down)
    winners = {_name(each): each for each in order if each.status is Status.EFFECTIVE}
    return [_against(each, winners.get(_name(each))) for each in known]


def _left(settings: Sequence[Setting]) -> list[Setting]:
    """*settings*: of a name that a file assigns more than once gunicorn sees the last value only."""
    last = {(s.place.path, _name(s)): s for s in settings if _is_assigned(s) and s.place}
    return [
        replace(each, status=Status.SHADOWED, winner=last[each.place.path, _name(each)])
        if each.status is Status.REFUSED
        and each.place
        and last.get((each.place.path, _name(each)), each) is not each
        else each
        for each in settings
    ]


def _is_assigned(setting: Setting) -> bool:
    return setting.origin is Origin.FILE and setting.status in (Status.EFFECTIVE, Status.REFUSED)


def _is_written_down(setting: Setting) -> bool:
    """Whether it is more than the default that a variable gives."""
    return setting.origin is not Origin.ENVIRONMENT or setting.belongs not in DEFAULTS


def _name(setting: Setting) -> tuple[str, tuple[object, ...]]:
    return setting.name, setting.scope


def _against(setting: Setting, winner: Setting | None) -> Setting:
    option = OPTIONS.get(setting.name)
    is_list = option is not None and option.kind is Kind.LIST
    if winner is not None and is_list and _group(setting) == _group(winner):
        return setting
    return shadowed(setting, winner)


def _group(setting: Setting) -> object:
    if setting.origin is Origin.FILE and setting.place is not None:
        return setting.place.path, setting.place.span
    return setting.origin, setting.belongs


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    arguments=arguments,
    endpoints=endpoints,
)
