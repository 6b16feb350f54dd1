"""Texts put together from pieces of a file, whose characters know where they stand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """From *index* on, the text stands from *start* to *end* (offsets in the file).

    Either character by character, or the piece is one character for all of it: an escape, a fold.
    """

    index: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Traced:
    """A text as the server sees it, with the pieces of the file that it comes from, in order.

    *start* is where it stands when it is empty.
    """

    text: str
    pieces: tuple[Piece, ...]
    start: int

    @property
    def end(self) -> int:
        return self.pieces[-1].end if self.pieces else self.start

    def range(self, start: int, end: int) -> tuple[int, int]:
        """From which to which offset of the file the characters from *start* to *end* stand."""
        if start >= end:
            at = self._first(start) if start < len(self.text) else self.end
            return at, at
        return self._first(start), self._last(end - 1)

    def cut(self, parts: Iterable[tuple[str, int, int]], start: int) -> Traced:
        """Another text made of pieces of this one: (text, first index, index behind the last).

        A part is either as it stands here or the one character that an escape means. *start*: the
        index where it begins when it is empty.
        """
        found = []
        for text, first, last in parts:
            if len(text) == last - first:
                found += [
                    (char, *self.range(first + i, first + i + 1)) for i, char in enumerate(text)
                ]
            else:
                found.append((text, *self.range(first, last)))
        return joined(found, self.range(start, start)[0])

    def _first(self, index: int) -> int:
        piece, _ = self._piece(index)
        return min(piece.start + index - piece.index, piece.end)

    def _last(self, index: int) -> int:
        piece, after = self._piece(index)
        is_last = index + 1 >= after
        return piece.end if is_last else piece.start + index - piece.index + 1

    def _piece(self, index: int) -> tuple[Piece, int]:
        """The piece that holds the character at *index*, and the index behind that piece."""
        at = bisect_right(self.pieces, index, key=_index)
        after = self.pieces[at].index if at < len(self.pieces) else len(self.text)
        return self.pieces[at - 1], after


def _index(piece: Piece) -> int:
    return piece.index


def straight(text: str, start: int) -> Traced:
    """A text that stands in the file as it is."""
    return Traced(text, (Piece(0, start, start + len(text)),) if text else (), start)


def joined(parts: Iterable[tuple[str, int, int]], start: int) -> Traced:
    """The text made of *parts*: (text, start, end), the same length as in the file, or one character."""
    texts, pieces, length = [], [], 0
    for text, first, last in parts:
        if text:
            texts.append(text)
            pieces.append(Piece(length, first, last))
            length += len(text)
    return Traced("".join(texts), tuple(pieces), start)
