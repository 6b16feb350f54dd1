"""Functions of Python that a reader knows the result of, without calling them."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Protocol

from msgspec import Struct

from plimsoll.syntax.python import symbols, texts
from plimsoll.syntax.python.operations import ABSENT, Absent
from plimsoll.syntax.python.symbols import CORES
from plimsoll.syntax.python.values import (
    Computed,
    Entry,
    Listed,
    Reference,
    Result,
    Symbol,
    Table,
    is_number,
    is_plain,
    shown,
)

_LONGEST_NUMBER = 30
_LONGEST_TEXT = 10_000
_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?")


class Missing(Reference, frozen=True):
    """In the place of a default: without a value Python raises."""


MISSING = Missing("")


class Context(Protocol):
    """What a function may ask of the reading around it."""

    def computed(self, node: ast.AST, *causes: Result) -> Computed:
        """That *node* cannot be told, because of *causes*."""

    def variable(self, name: str, default: Result, node: ast.AST) -> Result:
        """An environment variable."""

    def truth(self, value: Result) -> bool | None:
        """Whether Python takes *value* for true."""


class Call(Struct, frozen=True):
    """A call with its arguments read; *named* are those with keywords."""

    context: Context
    node: ast.Call
    arguments: tuple[Result, ...] = ()
    named: tuple[Entry, ...] = ()

    @property
    def keywords(self) -> Mapping[str, Result]:
        return {each.key: each.value for each in self.named}

    def argument(self, position: int, name: str, default: Result = MISSING) -> Result:
        """The argument at *position* or of that name."""
        if position < len(self.arguments):
            return self.arguments[position]
        return self.keywords.get(name, default)

    @property
    def causes(self) -> tuple[Result, ...]:
        """What the result depends on."""
        return (*self.arguments, *self.keywords.values())

    def computed(self) -> Computed:
        return self.context.computed(self.node, *self.causes)


Callee = Callable[[Call], Result]


def _cores(_: Call) -> Result:
    return CORES


def _psutil_cores(call: Call) -> Result:
    return CORES if call.argument(0, "logical", default=True) is True else call.computed()


def _affinity(_: Call) -> Result:
    # What `len` makes of it: a CPU quota does not narrow it, and of a set of cores that the
    # process is bound to nothing is known.
    return Reference("os.sched_getaffinity()")


def _variable(call: Call) -> Result:
    name = call.argument(0, "key")
    default = call.argument(1, "default", None)
    return (
        call.context.variable(name, default, call.node)
        if isinstance(name, str)
        else call.computed()
    )


def _len(call: Call) -> Result:
    value = call.argument(0, "")
    if isinstance(value, Reference) and value.dotted == "os.sched_getaffinity()":
        return CORES
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Listed) or (isinstance(value, Table) and value.is_complete):
        return len(value.entries)
    return call.computed()


def _int(call: Call) -> Result:
    value = call.argument(0, "x", 0)
    if len(call.arguments) != 1 or call.keywords:
        return call.computed()
    if isinstance(value, Symbol) and not value.is_condition:
        return symbols.truncated(value) or call.computed()
    if isinstance(value, str):
        return _whole(value, call)
    return int(value) if isinstance(value, int | Fraction) else call.computed()


def _whole(text: str, call: Call) -> Result:
    try:
        return int(text) if len(text) <= _LONGEST_NUMBER else call.computed()
    except ValueError:
        return Computed(f"int({text!r}) fails", raises=True)


def _float(call: Call) -> Result:
    value = call.argument(0, "x")
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        return Fraction(value.strip())
    if isinstance(value, int | Fraction):
        return Fraction(value)
    if isinstance(value, Symbol) and not value.is_condition:
        return Symbol(value.expression, value.level, is_float=True, is_positive=value.is_positive)
    return call.computed()


def _str(call: Call) -> Result:
    value = call.argument(0, "object", "")
    return shown(value) if is_plain(value) else call.computed()


def _bool(call: Call) -> Result:
    truth = call.context.truth(call.argument(0, "x", default=False))
    return call.computed() if truth is None else truth


def _round(call: Call) -> Result:
    value = call.argument(0, "number")
    if len(call.arguments) == 1 and isinstance(value, int | Fraction):
        return round(value)
    if len(call.arguments) != 1 or call.keywords or not isinstance(value, Symbol):
        return call.computed()
    return symbols.rounded(value) or call.computed()


def _ceil(call: Call) -> Result:
    value = call.argument(0, "x")
    if isinstance(value, int | Fraction):
        return math.ceil(value)
    found = symbols.ceiled(value) if isinstance(value, Symbol) else None
    return call.computed() if found is None else found


def _floor(call: Call) -> Result:
    value = call.argument(0, "x")
    if isinstance(value, int | Fraction):
        return math.floor(value)
    found = symbols.floored(value) if isinstance(value, Symbol) else None
    return call.computed() if found is None else found


def _abs(call: Call) -> Result:
    value = call.argument(0, "x")
    if isinstance(value, int | Fraction):
        return -value if value < 0 else value
    return value if isinstance(value, Symbol) and value.is_positive else call.computed()


def _extreme(name: str) -> Callee:
    def read(call: Call) -> Result:
        first = call.argument(0, "")
        given = call.arguments
        if len(given) == 1 and isinstance(first, Listed):
            given = tuple(e.value for e in first)
        if not given or call.keywords or not all(is_number(v) for v in given):
            return call.context.computed(call.node, *given)
        plain = [v for v in given if isinstance(v, int | Fraction)]
        if len(plain) == len(given):
            ordered = sorted(plain)
            return ordered[0] if name == "min" else ordered[-1]
        found = symbols.extreme(name, [s for v in given if (s := symbols.symbolic(v))])
        return call.computed() if found is None else found

    return read


def _dict(call: Call) -> Result:
    if call.arguments:
        same = call.arguments[0]
        return same if isinstance(same, Table) and not call.keywords else call.computed()
    return Table(call.named)


def _list(call: Call) -> Result:
    value = call.argument(0, "iterable", Listed())
    return value if isinstance(value, Listed) else call.computed()


# By the name under which they are reached through imports.
CORE: Mapping[str, Callee] = {
    "multiprocessing.cpu_count": _cores,
    "os.cpu_count": _cores,
    "os.process_cpu_count": _cores,
    "psutil.cpu_count": _psutil_cores,
    "os.sched_getaffinity": _affinity,
    "os.getenv": _variable,
    "os.environ.get": _variable,
    "len": _len,
    "int": _int,
    "float": _float,
    "str": _str,
    "bool": _bool,
    "round": _round,
    "math.ceil": _ceil,
    "math.floor": _floor,
    "math.trunc": _int,
    "abs": _abs,
    "min": _extreme("min"),
    "max": _extreme("max"),
    "dict": _dict,
    "list": _list,
    "tuple": _list,
}


def method(base: Result, name: str, call: Call) -> Result | Absent:
    """A method of a text or a dictionary; ABSENT for those that we do not know."""
    if isinstance(base, Table) and name == "get":
        return _get(base, call)
    if not isinstance(base, str):
        return ABSENT
    if name == "format":
        text = texts.formatted(base, call.arguments, call.keywords)
        return ABSENT if text is None else text
    given = [a for a in call.arguments if isinstance(a, str)]
    if len(given) != len(call.arguments) or call.keywords:
        return ABSENT
    return _text_method(base, name, given)


def _text_method(base: str, name: str, given: list[str]) -> Result | Absent:
    if name in _PLAIN_METHODS and not given:
        return _PLAIN_METHODS[name](base)
    if name == "strip" and len(given) == 1:
        return base.strip(given[0])
    if name == "replace" and len(given) == 2:
        found = base.replace(given[0], given[1])
        return found if len(found) <= _LONGEST_TEXT else ABSENT
    if name in ("startswith", "endswith") and len(given) == 1:
        return base.startswith(given[0]) if name == "startswith" else base.endswith(given[0])
    if name == "split" and len(given) <= 1 and given != [""]:
        pieces = base.split(given[0] if given else None)
        return Listed(tuple(Entry(str(n), piece, None) for n, piece in enumerate(pieces)))
    return ABSENT


_PLAIN_METHODS: Mapping[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "strip": str.strip,
    "title": str.title,
    "casefold": str.casefold,
}


def _get(base: Table, call: Call) -> Result | Absent:
    key = call.argument(0, "key")
    found = base.get(shown(key)) if is_plain(key) else None
    if found is not None:
        return found.value
    return call.argument(1, "default", None) if base.is_complete and is_plain(key) else ABSENT
