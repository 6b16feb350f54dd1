"""What is compiled once: expressions of rules and facts, and the formulas that readers find."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from plimsoll.check.language.asked import asked_of
from plimsoll.check.language.compile import Evaluate, compiled
from plimsoll.check.language.nodes import Node, RuleSyntaxError, children
from plimsoll.check.parsed import node_of
from plimsoll.model.rule import Expression

_MOST = 8192  # expressions of a few hundred rules


def evaluation(expression: Expression) -> Evaluate:
    """What gives the expression's value for a world and variables."""
    return _evaluation(expression.text, expression.parse)


@lru_cache(maxsize=_MOST)
def _evaluation(text: str, parse: Callable[[str], Node]) -> Evaluate:
    return compiled(parse(text))


def names_in(expression: Expression) -> frozenset[str]:
    """The names that an expression asks its variables for."""
    return _names_in(expression.text, expression.parse)


@lru_cache(maxsize=_MOST)
def _names_in(text: str, parse: Callable[[str], Node]) -> frozenset[str]:
    found, waiting = set(), [parse(text)]
    while waiting:
        node = waiting.pop()
        if node[0] == "name":
            found.add(node[2])
        waiting.extend(children(node))
    return frozenset(found)


@lru_cache(maxsize=_MOST)
def formula(text: str) -> Evaluate | None:
    """What gives the value of a `Formula`; None where its text is no expression."""
    try:
        return compiled(node_of(text))
    except RuleSyntaxError:
        return None


@lru_cache(maxsize=_MOST)
def formula_asks(text: str) -> tuple[str, ...] | None:
    """The attributes that a `Formula` is calculated from; None where they are not all that it takes."""
    try:
        asked = asked_of("s", (node_of(text),))
    except RuleSyntaxError:
        return None
    return tuple(each.name for each in asked.attributes) if asked else None


def mentions(text: str, name: str) -> bool:
    """Whether a formula asks for an attribute of that name."""
    return name in re.findall(r"\.\s*(\w+)", text)
