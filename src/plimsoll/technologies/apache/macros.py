"""Macros of mod_macro: `<Macro name $a ${b}>` and `Use name 1 2`, as far as they are literal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from plimsoll.syntax.text import Token
from plimsoll.technologies.apache.lexer import unquoted

_MOST = 20_000  # lines that macros of one text may come to

Body = list[tuple[Sequence[Token], list[str]]]


class Macros:
    """The macros of a text: their parameters and the directives in them."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[list[str], list[Sequence[Token]]]] = {}
        self._open = ""
        self._left = _MOST

    @property
    def is_open(self) -> bool:
        return bool(self._open)

    def begin(self, arguments: Sequence[str]) -> None:
        if arguments:
            self._open = arguments[0].lower()
            self._known[self._open] = (list(arguments[1:]), [])

    def add(self, words: Sequence[Token]) -> None:
        self._known[self._open][1].append(words)

    def end(self) -> None:
        self._open = ""

    def expanded(self, arguments: Sequence[str]) -> Body | None:
        """The directives of a macro with its parameters replaced; None where it is not here."""
        known = self._known.get(arguments[0].lower()) if arguments else None
        if known is None or len(known[0]) != len(arguments) - 1:
            return None
        parameters = dict(zip(known[0], arguments[1:], strict=True))
        self._left -= len(known[1])
        if self._left < 0:
            return None
        return [(words, _replaced(words, parameters)) for words in known[1]]


def _replaced(words: Sequence[Token], parameters: dict[str, str]) -> list[str]:
    texts = [unquoted(word.text) for word in words]
    if not parameters:
        return texts
    longest = sorted(map(re.escape, parameters), key=len, reverse=True)
    pattern = re.compile("|".join(longest))
    return [pattern.sub(lambda found: parameters[found[0]], text) for text in texts]
