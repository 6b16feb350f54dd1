"""Parts of a word after expansion, put together to words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Formula, Unknown
from plimsoll.syntax.uncertain import Uncertain, Written

# Where a part of a text stands, by its offsets; None where that is not known.
Locate = Callable[[int, int], Place | None]

_LONGEST = 20_000
_BLANK = re.compile(r"[ \t\n]+")


class Piece(Struct, frozen=True):
    """A part of a word after expansion; *splits*: white space in it separates words.

    *place*: of the text itself. *value*: where the text is not told. *raw*, *raw_place*: what more
    variables may change, as in `Written`.
    """

    text: str
    place: Place | None = None
    splits: bool = False
    value: Unknown | Formula | None = None
    raw: str = ""
    raw_place: Place | None = None


def fields(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """The pieces of each word: what is not quoted in a variable is split at white space."""
    current: list[Piece] = []
    for piece in pieces:
        if piece.value is not None or not piece.splits or not _BLANK.search(piece.text):
            current.append(piece)
            continue
        at = 0
        for blank in _BLANK.finditer(piece.text):
            if blank.start() > at:
                current.append(_part(piece, at, blank.start()))
            if current:
                yield current
            current, at = [], blank.end()
        if at < len(piece.text):
            current.append(_part(piece, at, len(piece.text)))
    if current:
        yield current


def _part(piece: Piece, start: int, end: int) -> Piece:
    place = located(piece.text, piece.place)(start, end)
    return Piece(piece.text[start:end], place)


def located(text: str, place: Place | None) -> Locate:
    """Where parts of *text* stand that stands at *place*: exact where it stands there as it is.

    A value in quotes is two longer than its text; one with escapes has only its whole place.
    """
    span = (place.value or place.span) if place else None
    width = span.end_column - span.column if span and span.line == span.end_line else -1
    shift = {len(text): 0, len(text) + 2: 1}.get(width)

    def locate(start: int, end: int) -> Place | None:
        if place is None or span is None or shift is None or "\n" in text:
            return place
        first = span.column + shift
        return Place(place.path, Span(span.line, first + start, span.line, first + end))

    return locate


def joined(pieces: Sequence[Piece], raw: str, whole: Place | None) -> Word:
    """The word that pieces make up; *raw* is how it is written and *whole* where.

    Where its text stands alone somewhere else (in the assignment of the variable that it is), that
    is its place.
    """
    text = "".join(p.text for p in pieces)
    if len(text) > _LONGEST:
        return Uncertain(raw, whole, value=Unknown("longer than a word may be"))
    only = pieces[0] if len(pieces) == 1 else None
    changing = [p for p in pieces if p.raw]
    again = (only.raw, only.raw_place) if only else (raw if changing else "", whole)
    unknown = [p for p in pieces if p.value is not None]
    if unknown:
        may_change = all(p.raw for p in unknown)
        value = only.value if only else Unknown(f"computed: {raw}")
        shown = text if only else raw
        again = again if may_change else ("", None)
        return Uncertain(shown, whole, *again, value=value or Unknown(raw))
    place = (only.place if only else None) or whole
    return Written(text, place, *again) if changing else Word(text, place)
