"""Bytes to text without loss, and offsets to lines and columns."""

from __future__ import annotations

from bisect import bisect_right

from msgspec import Struct

from plimsoll.model.place import Place, Span


def decoded(data: bytes) -> str:
    """*data* as text; bytes that are not UTF-8 count as one code point each and can be restored."""
    return data.decode("utf-8", "surrogateescape")


def encoded(text: str) -> bytes:
    """The bytes that `decoded` was given."""
    return text.encode("utf-8", "surrogateescape")


class Token(Struct, frozen=True):
    """A piece of a text. The tokens of a text, joined, are the text: a lexer loses nothing."""

    kind: str
    text: str
    start: int  # offset in code points

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class Lines:
    """Where offsets of a text stand. Only a line feed ends a line; a return before it is part of it."""

    __slots__ = ("_starts", "path")

    def __init__(self, text: str, path: str) -> None:
        self.path = path
        self._starts = [0]
        at = text.find("\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = text.find("\n", at + 1)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of *offset*, from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        return self._starts[line - 1] + column - 1

    def span(self, start: int, end: int) -> Span:
        starts = self._starts
        line = bisect_right(starts, start)
        begin = starts[line - 1]
        if line == len(starts) or end < starts[line]:  # in one line, as most
            return Span(line, start - begin + 1, line, end - begin + 1)
        return Span(line, start - begin + 1, *self.position(end))

    def place(self, start: int, end: int, value: tuple[int, int] | None = None) -> Place:
        """The place from *start* to *end* (offsets), with that of its value."""
        return Place(self.path, self.span(start, end), self.span(*value) if value else None)
