"""`$(( ... ))`: a shell's arithmetic, read as the Python expression that it is but for `/`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from plimsoll.model.reader import Word
from plimsoll.model.setting import Formula
from plimsoll.syntax.uncertain import Uncertain

_DIGITS = re.compile(r"[0-9]{1,18}")


def number(word: Word) -> int | Formula | None:
    """The number that a word is, or depends on."""
    if isinstance(word, Uncertain):
        return word.value if isinstance(word.value, Formula) else None
    return int(word.text) if _DIGITS.fullmatch(word.text) else None


def arithmetic(text: str, names: Mapping[str, int | Formula]) -> int | Formula | None:
    """What whole-number arithmetic comes to; None where that cannot be told."""
    import ast  # few scripts calculate: the reader of Python is loaded for them only

    from plimsoll.syntax.python.evaluation import Evaluator
    from plimsoll.syntax.python.source import Source, SourceError
    from plimsoll.syntax.python.symbols import read_back
    from plimsoll.syntax.python.values import Symbol

    try:
        source = Source("(" + text.replace("/", "//") + ")", "")
    except SourceError:
        return None
    body = source.tree.body
    if len(body) != 1 or not isinstance(body[0], ast.Expr):
        return None
    evaluator = Evaluator(source, {}, {})
    for name, value in names.items():
        evaluator.names[name] = read_back(value.expression) if isinstance(value, Formula) else value
    found = evaluator.value(body[0].value)
    if isinstance(found, Symbol):
        return None if found.is_condition else Formula(found.expression)
    return int(found) if isinstance(found, int) else None
