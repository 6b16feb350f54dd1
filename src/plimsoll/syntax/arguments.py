"""Command lines: where the parts of one word stand."""

from __future__ import annotations

from dataclasses import replace

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word


def place_of(word: Word, start: int = 0) -> Place | None:
    """The place of *word*, with that of its value, the characters from *start* on.

    A word that its file writes in another way (with quotes, escapes, over lines) is its own value.
    """
    if word.place is None:
        return None
    span = word.place.value or word.place.span
    is_plain = span.line == span.end_line and span.end_column - span.column == len(word.text)
    at = span.column + start if is_plain else span.column
    return replace(word.place, value=Span(span.line, at, span.end_line, span.end_column))
