"""What a file says, as settings: values that are told, and why the others are not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Rejected, Word
from plimsoll.model.schema import Entry as Known
from plimsoll.model.schema import Type
from plimsoll.model.setting import Block, Formula, Origin, Setting, Status, Unknown, Unset, Value
from plimsoll.syntax.javascript.module import Reach
from plimsoll.syntax.javascript.values import (
    NAN,
    UNDEFINED,
    Computed,
    Entry,
    Listed,
    Reference,
    Result,
    Symbol,
    Table,
    is_literal,
    literal_number,
    shown,
    truth,
)
from plimsoll.syntax.python.deferred import Deferred

_NUMBERS = (Type.COUNT, Type.TIME, Type.SIZE, Type.NUMBER)
_DEEPEST = 12
REACHED = Reach()


def setting(
    name: str,
    entry: Entry,
    text: str,
    *,
    scope: tuple[Block, ...] = (),
    place: Place | None = None,
    reach: Reach = REACHED,
) -> Setting:
    """The setting that an entry is. *text*: of its file, to be read again with the environment."""
    made = Setting(
        name=name,
        text=shown(entry.value, entry.source),
        place=entry.place or place,
        scope=scope,
        value=_meaning(entry, text, reach.doubt),
    )
    if reach.reason:
        return replace(made, status=Status.SHADOWED, reason=reach.reason)
    if entry.value in (UNDEFINED, NAN) and None in entry.asked.values():
        names = " or ".join(name for name, word in entry.asked.items() if word is None)
        unknown = Unknown(f"the environment does not give {names}")
        return replace(made, text=entry.source, value=unknown)
    if entry.value == UNDEFINED:
        return replace(made, status=Status.IGNORED, reason="undefined: the default holds")
    return _from_environment(made, entry.value, entry.asked)


def _meaning(entry: Entry, text: str, doubt: Computed | None) -> Value | None:
    """What only this reading can say: a formula, or why the value is not told."""
    value = entry.value
    unknown = value if isinstance(value, Computed) else doubt
    if unknown is not None:
        asks = unknown.asks_environment
        return Deferred(unknown.reason, text) if asks else Unknown(unknown.reason)
    if isinstance(value, Symbol):
        return Formula(value.expression)
    if isinstance(value, Reference) and not is_literal(value):
        return Unknown(f"computed: {value.dotted}")
    return None


def _from_environment(made: Setting, value: Result, asked: Mapping[str, Word | None]) -> Setting:
    """*made*, at the place of the variable where its value is that of one."""
    unset = [name for name, word in asked.items() if word is None]
    given = [(n, w) for n, w in asked.items() if w is not None]
    if len(given) == 1 and not unset:
        name, word = given[0]
        if word.place is not None and made.text == word.text.strip():
            reason = f"{made.place} asks for {name}"
            return replace(made, place=word.place, origin=Origin.ENVIRONMENT, reason=reason)
    if unset and not isinstance(value, Computed):
        return replace(made, reason=f"unless the environment sets {' or '.join(unset)}")
    return made


def leaves(name: str, entry: Entry, depth: int = 0) -> Iterator[tuple[str, Entry]]:
    """The values inside of an object or list, with dotted names; what is empty is one itself."""
    value = entry.value
    inner = value.entries if isinstance(value, Table | Listed) else ()
    if not inner or depth > _DEEPEST:
        yield name, entry
        return
    for each in inner:
        placed = each if each.place else replace(each, place=entry.place)
        yield from leaves(f"{name}.{each.key}" if name else each.key, placed, depth + 1)


def value(text: str, entry: Known) -> Value | Rejected:
    """What a value's text means by an entry of settings.yaml: numbers as JavaScript takes them."""
    plain = text.strip()
    if plain in entry.infinite:
        return Amount.of(UNLIMITED, entry.unit)
    if plain in ("undefined", "null"):
        return Unset()
    if entry.type is Type.BOOLEAN:
        return bool(truth(_told(plain)))
    if entry.type not in _NUMBERS:
        return text
    return _amount(plain, entry)


def _told(text: str) -> Result:
    words: dict[str, Result] = {"false": False, "0": 0, "": "", "NaN": Reference("NaN")}
    return words.get(text, True)


def _amount(text: str, entry: Known) -> Value | Rejected:
    if text == "Infinity":
        return Amount.of(UNLIMITED, entry.unit)
    sign = -1 if text.startswith("-") else 1
    number = literal_number(text.removeprefix("-"))
    if number is None:
        return Rejected(Status.IGNORED, f"{text!r} is no number")
    exact = number * sign * Fraction(entry.scale or 1)
    is_infinite = any(_is_number(word, number * sign) for word in entry.infinite)
    found = exact.numerator if exact.denominator == 1 else exact
    return Amount.of(UNLIMITED if is_infinite else found, entry.unit)


def _is_number(text: str, number: Fraction) -> bool:
    known = literal_number(text.removeprefix("-"))
    return known is not None and known * (-1 if text.startswith("-") else 1) == number
