"""Positions as editors count them: lines from 0, columns in the units that were agreed on."""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import StrEnum
from functools import cached_property

from msgspec import Struct

from plimsoll.model.place import Span
from plimsoll.syntax.text import Lines

# To an editor a lone return ends a line as well; to our readers only a line feed does.
_END = re.compile(r"\r\n|\n|\r")


class Unit(StrEnum):
    """What a column counts, in the protocol's words."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    UTF_32 = "utf-32"


class Position(Struct, frozen=True, order=True):
    line: int
    character: int


class Text:
    """A text whose positions can be told and found."""

    def __init__(self, text: str, unit: Unit) -> None:
        self.text = text
        self.unit = unit

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(each.end() for each in _END.finditer(self.text))]

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text, "")

    @cached_property
    def _is_plain(self) -> bool:
        return self.text.isascii() or self.unit is Unit.UTF_32

    def offset(self, at: Position) -> int:
        """Where a position is; what lies behind the end of a line or of the text is that end."""
        if at.line >= len(self._starts):
            return len(self.text)
        start = self._starts[at.line]
        end = self._end(at.line)
        if self._is_plain:
            return min(start + at.character, end)
        left = at.character
        for offset in range(start, end):
            left -= _units(self.text[offset], self.unit)
            if left < 0:
                return offset
        return end

    def _end(self, line: int) -> int:
        """Where a line ends, without what ends it."""
        if line + 1 == len(self._starts):
            return len(self.text)
        end = self._starts[line + 1]
        return end - (2 if self.text.endswith("\r\n", 0, end) else 1)

    def position(self, offset: int) -> Position:
        """The position of an offset."""
        line = bisect_right(self._starts, offset) - 1
        start = self._starts[line]
        if self._is_plain:
            return Position(line, offset - start)
        units = sum(_units(char, self.unit) for char in self.text[start:offset])
        return Position(line, units)

    def ends(self, span: Span) -> tuple[Position, Position]:
        """The positions of a place's ends; of one outside of the text that of its end."""
        found = [
            self.position(self._offset(*end))
            for end in ((span.line, span.column), (span.end_line, span.end_column))
        ]
        return found[0], max(found)

    def span(self, start: Position, end: Position) -> Span:
        """What lies between two positions, as our places are told."""
        return self._lines.span(self.offset(start), self.offset(end))

    def _offset(self, line: int, column: int) -> int:
        try:
            return min(self._lines.offset(line, column), len(self.text))
        except IndexError:  # of a text that is not the one that was read
            return len(self.text)


def _units(char: str, unit: Unit) -> int:
    if unit is Unit.UTF_16:
        return 2 if ord(char) > 0xFFFF else 1
    return len(char.encode("utf-8", "surrogatepass"))
