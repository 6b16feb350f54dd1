"""Rules and facts to plain data and back, for the cache."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from fractions import Fraction
from typing import Any

from plimsoll.check.facts import Fact
from plimsoll.check.parsed import node_of
from plimsoll.model.finding import Kind, Severity
from plimsoll.model.place import Place, Span
from plimsoll.model.quantity import Amount, Unit
from plimsoll.model.rule import (
    Example,
    Expression,
    Level,
    Param,
    Repair,
    Rule,
    Target,
    TargetKind,
    Verdict,
)
from plimsoll.model.setting import Status

_CLASSES: dict[str, type[Any]] = {
    f"@{each.__name__}": each
    for each in (*(Rule, Target, Level, Repair, Param, Example, Fact, Amount, Unit),)
}
_ENUMS: dict[str, type[Enum]] = {
    f"@{each.__name__}": each for each in (Severity, Kind, Status, TargetKind, Verdict)
}
_EXPRESSION, _PLACE, _LIST, _FRACTION = "@Expression", "@Place", "@", "@/"


class NotPlainError(Exception):
    """What came out of the cache describes no rule and no fact."""


def plain(value: Any) -> Any:
    """*value* as tuples, dictionaries, texts and numbers."""
    make = _PLAIN.get(type(value))
    return make(value) if make else value


def _plain_place(place: Place) -> tuple[Any, ...]:
    span = place.span
    return (_PLACE, place.path, span.line, span.column, span.end_line, span.end_column)


def _plain_fields(tag: str, names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    return lambda value: (tag, *[plain(getattr(value, name)) for name in names])


def _plain_member(tag: str) -> Callable[[Enum], tuple[Any, ...]]:
    return lambda value: (tag, value.value)


_PLAIN: dict[type, Callable[[Any], Any]] = {
    Expression: lambda e: (_EXPRESSION, e.text, _plain_place(e.place)),
    Place: _plain_place,
    tuple: lambda entries: (_LIST, *map(plain, entries)),
    dict: lambda pairs: {name: plain(each) for name, each in pairs.items()},
    Fraction: lambda number: (_FRACTION, number.numerator, number.denominator),
    **{class_: _plain_fields(tag, class_.__struct_fields__) for tag, class_ in _CLASSES.items()},
    **{enum: _plain_member(tag) for tag, enum in _ENUMS.items()},
}


def restored(data: Any) -> Any:
    """What `plain` was given.

    Raises:
        NotPlainError: the data is of another form.
    """
    try:
        return _restored(data)
    except (LookupError, TypeError, ValueError) as problem:
        raise NotPlainError(str(problem)) from problem


def _restored(data: Any) -> Any:
    kind = type(data)
    if kind is tuple:
        return _MAKE[data[0]](data)
    if kind is dict:
        return {name: _restored(each) for name, each in data.items()}
    return data


def _place(data: tuple[Any, ...]) -> Place:
    _, path, *span = data
    return Place(path, Span(*span))


def _instance(class_: type[Any]) -> Callable[[tuple[Any, ...]], Any]:
    return lambda data: class_(*map(_restored, data[1:]))


def _member(enum: type[Enum]) -> Callable[[tuple[Any, ...]], Any]:
    return lambda data: enum(data[1])


_MAKE: dict[str, Callable[[tuple[Any, ...]], Any]] = {
    _EXPRESSION: lambda d: Expression(d[1], _place(d[2]), node_of),
    _PLACE: _place,
    _LIST: lambda d: tuple(map(_restored, d[1:])),
    _FRACTION: lambda d: Fraction(d[1], d[2]),
    **{tag: _instance(class_) for tag, class_ in _CLASSES.items()},
    **{tag: _member(enum) for tag, enum in _ENUMS.items()},
}
