"""Rules and facts to plain data and back, for the cache."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Sequence
from enum import Enum
from fractions import Fraction
from functools import cached_property
from typing import Any, overload

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
_EXPRESSION, _PLACE, _LIST, _FRACTION, _EXAMPLES = "@Expression", "@Place", "@", "@/", "@..."


class NotPlainError(Exception):
    """What came out of the cache describes no rule and no fact."""


class _Examples(Sequence[Example]):
    """The examples of a rule, restored when somebody looks at them: no check does."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    @cached_property
    def _entries(self) -> tuple[Example, ...]:
        found: tuple[Example, ...] = restored(marshal.loads(self.data))  # noqa: S302 - see the cache
        return found

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, at: int) -> Example: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Example]: ...

    def __getitem__(self, at: int | slice) -> Example | Sequence[Example]:
        return self._entries[at]


def plain(value: Any) -> Any:
    """*value* as tuples, dictionaries, texts and numbers."""
    make = _PLAIN.get(type(value))
    return make(value) if make else value


def _plain_place(place: Place) -> tuple[Any, ...]:
    span = place.span
    return (_PLACE, place.path, span.line, span.column, span.end_line, span.end_column)


def _plain_fields(tag: str, names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    return lambda value: (tag, *[plain(getattr(value, name)) for name in names])


def _plain_tuple(entries: tuple[Any, ...]) -> tuple[Any, ...]:
    listed = (_LIST, *map(plain, entries))
    are_examples = bool(entries) and type(entries[0]) is Example
    return (_EXAMPLES, marshal.dumps(listed)) if are_examples else listed


def _plain_member(tag: str) -> Callable[[Enum], tuple[Any, ...]]:
    return lambda value: (tag, value.value)


_PLAIN: dict[type, Callable[[Any], Any]] = {
    Expression: lambda e: (_EXPRESSION, e.text, _plain_place(e.place)),
    Place: _plain_place,
    tuple: _plain_tuple,
    _Examples: lambda examples: (_EXAMPLES, examples.data),
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
    return lambda data: class_(*_each(data[1:]))


def _each(entries: tuple[Any, ...]) -> list[Any]:
    """As `_restored` of each: most are texts and numbers, for which a call takes longer than the rest."""
    return [
        _MAKE[each[0]](each)
        if type(each) is tuple
        else _restored(each)
        if type(each) is dict
        else each
        for each in entries
    ]


def _member(enum: type[Enum]) -> Callable[[tuple[Any, ...]], Any]:
    return lambda data: enum(data[1])


_MAKE: dict[str, Callable[[tuple[Any, ...]], Any]] = {
    _EXPRESSION: lambda d: Expression(d[1], _place(d[2]), node_of),
    _PLACE: _place,
    _EXAMPLES: lambda d: _Examples(d[1]),
    _LIST: lambda d: tuple(_each(d[1:])),
    _FRACTION: lambda d: Fraction(d[1], d[2]),
    **{tag: _instance(class_) for tag, class_ in _CLASSES.items()},
    **{tag: _member(enum) for tag, enum in _ENUMS.items()},
}
