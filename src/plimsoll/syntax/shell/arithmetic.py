"""`$(( ... ))`: a shell's arithmetic, read as the Python expression that it is but for `/`."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from plimsoll.model.setting import Formula
from plimsoll.syntax.python.evaluation import Evaluator
from plimsoll.syntax.python.source import Source, SourceError
from plimsoll.syntax.python.values import TERNARY, Symbol


def arithmetic(text: str, names: Mapping[str, int | Formula]) -> int | Formula | None:
    """What whole-number arithmetic comes to; None where that cannot be told."""
    try:
        source = Source("(" + text.replace("/", "//") + ")", "")
    except SourceError:
        return None
    body = source.tree.body
    if len(body) != 1 or not isinstance(body[0], ast.Expr):
        return None
    evaluator = Evaluator(source, {}, {})
    for name, value in names.items():
        symbol = Symbol(value.expression, TERNARY) if isinstance(value, Formula) else value
        evaluator.names[name] = symbol
    found = evaluator.value(body[0].value)
    if isinstance(found, Symbol):
        return None if found.is_condition else Formula(found.expression)
    return int(found) if isinstance(found, int) else None
