"""Command lines: which word is the program, and where the parts of a word stand."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec.structs import replace

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word


def after_program(words: Sequence[Word], programs: Collection[str]) -> tuple[str, Sequence[Word]]:
    """The program without its folder, and the words behind it.

    Wrappers in front of it are left out (`gosu redis redis-server`); a container's command that
    begins with an option has no program: its image knows it.
    """
    program, start = "", 0
    for index, word in enumerate(words):
        if word.text.startswith("-"):
            break
        stem = word.text.rpartition("/")[2]
        if stem in programs or index == 0:
            program, start = stem, index + 1
        if stem in programs and index + 1 < len(words) and words[index + 1].text != stem:
            break
    return program, words[start:]


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
