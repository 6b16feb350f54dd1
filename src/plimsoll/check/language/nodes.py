"""What an expression consists of, once it is read: plain tuples, which can be cached as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# (kind, column, ...): the column from 1, in code points of the whole text, where the node starts.
#   ("number", column, text)                ("text", column, text)
#   ("truth", column, bool)                 ("name", column, name)
#   ("list", column, nodes)                 ("attribute" or "index", column, owner, name)
#   ("call", column, name, nodes)           ("method", column, owner, name, nodes)
#   ("each", column, list, name, variable, body)
#   ("unary", column, symbol, node)         ("binary", column, symbol, left, right)
#   ("ternary", column, condition, when true, when false)
Node = tuple[Any, ...]

LONGEST = 10_000  # characters of one expression
DEEPEST = 64  # nodes inside each other: what evaluates recurses a few times for each

# Name -> number of arguments, at least and at most.
FUNCTIONS = {"min": (1, 99), "max": (1, 99), "ceil": (1, 1), "has": (1, 1), "written": (1, 1)}
METHODS = {
    "size": (0, 0), "sum": (0, 0), "min": (0, 0), "max": (0, 0),
    "startsWith": (1, 1), "contains": (1, 1), "matches": (1, 1),
}  # fmt: skip
EACH = ("map", "filter", "all", "exists")  # x.map(variable, expression)


class RuleSyntaxError(Exception):
    """An expression that cannot be read: what, and at which column."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(f"column {column}: {message}")
        self.message = message
        self.column = column


def children(node: Node) -> Iterator[Node]:
    """The nodes right inside of *node*, in order."""
    for each in node[2:]:
        if isinstance(each, tuple):
            if each and isinstance(each[0], tuple):
                yield from each
            elif each:
                yield each
