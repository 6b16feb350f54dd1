"""What texts decide of a condition, without a value being made of anything.

A rule about settings asks thousands of them, and most are told from those that it is about by their
name or by a pattern.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from plimsoll.check.language.nodes import Node
from plimsoll.check.language.patterns import compiled_pattern

T = TypeVar("T")

# What a condition surely says of something; None: its texts do not decide.
Screen = Callable[[T], bool | None]
Tells = Mapping[str, Callable[[T], str]]  # texts by attribute


def screen(
    condition: Node, variable: str, tells: Tells[T], lets: Mapping[str, Node] | None = None
) -> Screen[T] | None:
    """What *condition* says of the thing named *variable*; None where its texts decide nothing.

    *lets*: what other names stand for.
    """
    return _Screens(variable, tells, lets or {}).of(condition)


class _Screens(Generic[T]):
    def __init__(self, variable: str, tells: Tells[T], lets: Mapping[str, Node]) -> None:
        self._variable = variable
        self._tells = tells
        self._lets = lets

    def of(self, node: Node) -> Screen[T] | None:
        kind = node[0]
        if kind == "unary" and node[2] == "!":
            return self._negated(node[3])
        if kind == "method":
            return self._asked(*node[2:])
        if kind == "binary":
            return self._binary(*node[2:])
        if kind == "name" and node[2] in self._lets:
            return self.of(self._lets[node[2]])
        return None

    def _negated(self, node: Node) -> Screen[T] | None:
        inner = self.of(node)
        if inner is None:
            return None

        def says(thing: T) -> bool | None:
            found = inner(thing)
            return None if found is None else not found

        return says

    def _binary(self, symbol: str, left: Node, right: Node) -> Screen[T] | None:
        if symbol in ("&&", "||"):
            return _joined(symbol, self.of(left), self.of(right))
        text = self._text(left)
        if symbol == "in" and text and right[0] == "list" and all(e[0] == "text" for e in right[2]):
            wanted = frozenset(each[2] for each in right[2])
            return lambda thing: text(thing) in wanted
        if symbol in ("==", "!=") and text and right[0] == "text":
            other, is_wanted = right[2], symbol == "=="
            return lambda thing: (text(thing) == other) is is_wanted
        return None

    def _asked(self, owner: Node, name: str, arguments: tuple[Node, ...]) -> Screen[T] | None:
        text = self._text(owner)
        if text is None or [each[0] for each in arguments] != ["text"]:
            return None
        other: str = arguments[0][2]
        if name == "matches":
            search = compiled_pattern(other).search
            return lambda thing: search(text(thing))
        if name == "startsWith":
            return lambda thing: text(thing).startswith(other)
        return (lambda thing: other in text(thing)) if name == "contains" else None

    def _text(self, node: Node) -> Callable[[T], str] | None:
        """The text that *node* is."""
        is_own = node[0] == "attribute" and node[2][0] == "name" and node[2][2] == self._variable
        return self._tells.get(node[3]) if is_own else None


def _joined(symbol: str, left: Screen[T] | None, right: Screen[T] | None) -> Screen[T] | None:
    """One that decides does so whatever the other is."""
    decisive = symbol == "||"
    if left is None or right is None:
        one = left or right
        return (lambda thing: decisive if one(thing) is decisive else None) if one else None

    def says(thing: T) -> bool | None:
        first = left(thing)
        if first is decisive:
            return decisive
        second = right(thing)
        if second is decisive:
            return decisive
        return None if first is None or second is None else not decisive

    return says
