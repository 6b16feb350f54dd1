"""Texts put together from pieces of a file, whose characters know where they stand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from msgspec import Struct


class Piece(Struct, frozen=True):
    """From *index* on, the text stands from *start* to *end* (offsets in the file).

    Either character by character, or the piece is one character for all of it (an escape, a fold),
    or nothing stands there for its characters: *start* is *end*.
    """

    index: int
    start: int
    end: int


class Traced(Struct, frozen=True):
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

        A part is as it stands here, or one character for all of it, or stands nowhere (first is
        last). *start*: the index where it begins when it is empty.
        """
        found: list[tuple[str, int, int]] = []
        for text, first, last in parts:
            if len(text) == last - first:
                found += self._straight(text, first)
            else:
                found.append((text, *self.range(first, last)))
        return joined(found, self.range(start, start)[0])

    def _straight(self, text: str, first: int) -> Iterator[tuple[str, int, int]]:
        """*text*, which stands here from *first* on, by the pieces that it comes from."""
        at, end = first, first + len(text)
        while at < end:
            _, after = self._piece(at)
            stop = min(after, end)
            yield text[at - first : stop - first], *self.range(at, stop)
            at = stop

    def _first(self, index: int) -> int:
        piece, _ = self._piece(index)
        return min(piece.start + index - piece.index, piece.end)

    def _last(self, index: int) -> int:
        piece, after = self._piece(index)
        is_last = index + 1 >= after
        return piece.end if is_last else min(piece.start + index - piece.index + 1, piece.end)

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
    """The text made of *parts*: (text, start, end), as `Piece` says; neighbours become one piece."""
    texts: list[str] = []
    pieces: list[Piece] = []
    length = 0
    for text, first, last in parts:
        if not text:
            continue
        above = pieces[-1] if pieces else None
        goes_on = above is not None and above.end == first and _is_straight(above, length)
        if above is not None and goes_on and len(text) == last - first:
            pieces[-1] = Piece(above.index, above.start, last)
        else:
            pieces.append(Piece(length, first, last))
        texts.append(text)
        length += len(text)
    return Traced("".join(texts), tuple(pieces), start)


def _is_straight(piece: Piece, after: int) -> bool:
    return piece.end - piece.start == after - piece.index
