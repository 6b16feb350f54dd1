"""Expressions in files of ours; an error has its place in the file."""

from __future__ import annotations

import re

from plimsoll.check.documents import FileError, Node
from plimsoll.check.language.nodes import RuleSyntaxError
from plimsoll.check.parsed import node_of
from plimsoll.model.rule import Expression

# What may be a variable in an expression.
NAME = re.compile(r"[a-z_][a-z0-9_]*")


def expression(node: Node) -> Expression:
    """The value of *node* as an expression."""
    return inside(node, node.text(), 0)


def inside(node: Node, text: str, offset: int) -> Expression:
    """*text*, which stands *offset* characters into the value of *node*, as an expression."""
    found = Expression(text, node.at(offset + 1, len(text)), node_of)
    if not node.is_proven:
        try:
            node_of(text)
        except RuleSyntaxError as problem:
            raise FileError(node.at(offset + problem.column), problem.message) from problem
    return found
