"""Text of an expression to nodes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from plimsoll.check.language.nodes import DEEPEST, LONGEST, Node, RuleSyntaxError, children

if TYPE_CHECKING:
    from lark import Lark
    from lark.exceptions import UnexpectedInput

_HINTS = {
    "=": "; write == to compare",
    "&": "; write && for and",
    "|": "; write || for or",
    "and": "; write &&",
    "or": "; write ||",
    "not": "; write !",
    "?": "; a condition that is itself a ?: needs brackets",
}


def parse(text: str) -> Node:
    """The nodes of an expression.

    Raises:
        RuleSyntaxError: it is none of ours, too long or too deep.
    """
    if len(text) > LONGEST:
        raise RuleSyntaxError(f"longer than {LONGEST} characters", LONGEST + 1)
    from lark.exceptions import UnexpectedInput

    try:
        found: object = _parser().parse(text)
    except UnexpectedInput as problem:
        raise _translated(problem, text) from None
    assert isinstance(found, tuple)  # noqa: S101 - what Build makes, not lark's tree
    _bound_depth(found)
    return found


@cache
def _parser() -> Lark:
    from lark import Lark

    from plimsoll.check.language.build import Build

    grammar = Path(__file__).with_name("grammar.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", lexer="basic", transformer=Build())


def _translated(problem: UnexpectedInput, text: str) -> RuleSyntaxError:
    token = getattr(problem, "token", None)
    if token is not None and token.type == "$END":
        return RuleSyntaxError("the expression ends too early", len(text) + 1)
    at = getattr(problem, "pos_in_stream", None) or 0
    found = str(token) if token is not None else text[at]
    if found in ("'", '"'):
        return RuleSyntaxError("this text is not closed", at + 1)
    return RuleSyntaxError(f"did not expect {found!r} here{_HINTS.get(found, '')}", at + 1)


def _bound_depth(node: Node) -> None:
    level = [node]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in children(each)]
        if not level:
            return
    raise RuleSyntaxError(f"more than {DEEPEST} levels inside each other", level[0][1])
