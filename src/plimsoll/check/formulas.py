"""What is compiled once: expressions of rules and facts, and the formulas that readers find."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from plimsoll.check.language.compile import Evaluate, compiled
from plimsoll.check.language.nodes import Node, RuleSyntaxError, children
from plimsoll.model.rule import Expression
from plimsoll.plugins import cache as disk

_MOST = 8192  # expressions of a few hundred rules
_KEPT = 500  # formulas on the disk: stacks have a handful
_FILE = "formulas"


@lru_cache(maxsize=_MOST)
def evaluation(expression: Expression) -> Evaluate:
    """What gives the expression's value for a world and variables."""
    return compiled(expression.node)


@lru_cache(maxsize=_MOST)
def names_in(expression: Expression) -> frozenset[str]:
    """The names that an expression asks its variables for."""
    found, waiting = set(), [expression.node]
    while waiting:
        node = waiting.pop()
        if node[0] == "name":
            found.add(node[2])
        waiting.extend(children(node))
    return frozenset(found)


@lru_cache(maxsize=_MOST)
def formula(text: str) -> Evaluate | None:
    """What gives the value of a `Formula`; None where its text is no expression."""
    node = _stored().get(text) or _parsed(text)
    return compiled(node) if node else None


def _parsed(text: str) -> Node | None:
    from plimsoll.check.language.parse import parse  # the parser's library takes time to load

    try:
        node = parse(text)
    except RuleSyntaxError:
        return None
    kept = _stored()
    if len(kept) < _KEPT:
        kept[text] = node
        disk.store(_FILE, "", kept)
    return node


@cache
def _stored() -> dict[str, Node]:
    found = disk.load(_FILE, "")
    return found if isinstance(found, dict) else {}


def mentions(text: str, name: str) -> bool:
    """Whether a formula asks for an attribute of that name."""
    return name in re.findall(r"\.\s*(\w+)", text)
