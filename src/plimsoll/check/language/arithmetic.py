"""How a value was calculated, as a person would write it: "2 x 4 x 20 = 160"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from plimsoll.check.language.shown import amount
from plimsoll.check.language.truths import truth
from plimsoll.check.language.values import (
    ABSENT,
    Items,
    Leaf,
    Named,
    NotHere,
    Num,
    Op,
    Truth,
    Value,
)

_MOST_TERMS = 6
# How strongly what was written holds together: "at least 3" needs brackets in any calculation.
_PHRASE, _SUM, _PRODUCT, _ATOM = 0, 1, 2, 3

Written = tuple[str, int]


def arithmetic(value: Value) -> str:
    """The calculation and its result; of a condition what is the case ("60 s >= 30 s")."""
    while isinstance(value.how, Named):
        value = value.how.child
    if isinstance(value, Num):
        body, result = _within(value, _PHRASE), amount(value)
        return result if body == result else f"{body} = {result}"
    return _statement(value) if isinstance(value, Truth) else amount(value)


# ---------------------------------------------------------------------------------------- numbers


def _within(value: Value, outer: int) -> str:
    """*value* as it was calculated, in brackets where *outer* holds together more strongly."""
    written, binding = _written(value)
    return f"({written})" if binding < outer else written


def _written(value: Value) -> Written:
    how = value.how
    if isinstance(how, Op) and isinstance(value, Num) and how.symbol in _CALCULATED:
        return _CALCULATED[how.symbol](value, how)
    if isinstance(how, Named) and how.operand is None and not how.is_fact:
        return f"{how.name} {amount(value)}", _SUM
    return _plain(value)


def _plain(value: Value) -> Written:
    text = amount(value)
    return text, _ATOM if value.is_known or text in ("unknown", "unset") else _PHRASE


def _added(value: Num, _how: Op) -> Written:
    terms = [term for term in _terms(value, "+") if term[1].how is not ABSENT]
    if len(terms) < 2:
        return _written(terms[0][1]) if terms and terms[0][0] == "+" else _plain(value)
    first, *rest = [f"{sign} {_within(each, _SUM)}" for sign, each in terms[:_MOST_TERMS]]
    if len(terms) > _MOST_TERMS:
        rest.append(f"+ {len(terms) - _MOST_TERMS} more")
    return " ".join((first.removeprefix("+ "), *rest)), _SUM


def _terms(value: Value, sign: str) -> Iterator[tuple[str, Value]]:
    """What was added, with its sign: sums inside of sums are one sum."""
    how = value.how
    if not isinstance(how, Op) or how.symbol not in ("+", "-", "sum", "?:"):
        yield sign, value
    elif how.symbol == "sum":
        for each in how.children:
            entries = each.entries if isinstance(each, Items) else ()
            for entry, _ in entries:
                yield from _terms(entry, sign)
    elif how.symbol == "?:":
        yield from _terms(how.children[1], sign) if len(how.children) == 2 else [(sign, value)]
    else:
        left, right = how.children
        yield from _terms(left, sign)
        yield from _terms(right, sign if how.symbol == "+" else "-" if sign == "+" else "+")


def _multiplied(_value: Num, how: Op) -> Written:
    left, right = how.children
    inner = _PRODUCT if how.symbol == "*" else _ATOM
    sign = "x" if how.symbol == "*" else how.symbol
    return f"{_within(left, _PRODUCT)} {sign} {_within(right, inner)}", _PRODUCT


def _negated(_value: Num, how: Op) -> Written:
    return f"-{_within(how.children[0], _ATOM)}", _PRODUCT


def _called(_value: Num, how: Op) -> Written:
    candidates = [each for each in how.children if isinstance(each, Num)]
    if len(candidates) == 1 and how.symbol != "ceil":
        return _written(candidates[0])
    written = [_within(each, _PHRASE) for each in candidates[:_MOST_TERMS]]
    if len(candidates) > _MOST_TERMS:
        written.append(f"{len(candidates) - _MOST_TERMS} more")
    return f"{how.symbol}({', '.join(written)})", _ATOM


def _taken(value: Num, how: Op) -> Written:
    return _written(how.children[1]) if len(how.children) == 2 else _plain(value)


_CALCULATED: Mapping[str, Callable[[Num, Op], Written]] = {
    **dict.fromkeys(("+", "-", "sum"), _added),
    **dict.fromkeys(("*", "/", "%"), _multiplied),
    **dict.fromkeys(("min", "max", "ceil"), _called),
    "neg": _negated,
    "?:": _taken,
}


# ------------------------------------------------------------------------------------- conditions


def _statement(value: Value) -> str:
    """What is the case, whether the condition holds or not."""
    while isinstance(value.how, Named):
        value = value.how.child
    how = value.how
    if not isinstance(value, Truth) or value.value is None:
        return ""
    if isinstance(how, Op):
        return _stated(how.symbol, how.children, holds=value.value)
    return f"{_name(value)}is {amount(value)}"


def _stated(symbol: str, children: Sequence[Value], *, holds: bool) -> str:
    if symbol in _OPPOSITE:
        sign = symbol if holds else _OPPOSITE[symbol]
        return f" {sign} ".join(_side(each) for each in children)
    if symbol in _PHRASES:
        phrase = _PHRASES[symbol][0 if holds else 1]
        return " ".join((_side(children[0]), phrase, *(_side(each) for each in children[1:])))
    if symbol in _ASKED:
        return f"{_name(children[0])}is {'' if holds else 'not '}{_ASKED[symbol]}"
    if symbol in ("!", "?:"):
        return _statement(children[-1])
    said = [_statement(each) for each in children if truth(each) is holds]
    return " and ".join(each for each in said if each)


def _side(value: Value) -> str:
    if isinstance(value, Num):
        return arithmetic(value)
    if isinstance(value, Items):
        return ", ".join(amount(each) for each, _ in value.entries)
    return f"{_name(value)}{amount(value)}"


def _name(value: Value) -> str:
    """The name of the setting that says it, with a space."""
    if isinstance(value, NotHere):
        return f"{value.name} "
    how = value.how
    operand = how.operand if isinstance(how, (Leaf, Named)) else None
    return f"{operand.setting.name} " if operand else ""


_OPPOSITE = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}
_PHRASES = {
    "in": ("is one of", "is none of"),
    "startsWith": ("starts with", "does not start with"),
    "contains": ("contains", "does not contain"),
    "matches": ("matches", "does not match"),
}
_ASKED = {"has": "set", "written": "written", "there": "there in this version"}
