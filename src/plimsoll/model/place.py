"""Places in texts: where a setting and its value stand."""

from __future__ import annotations

from msgspec import Struct


class Span(Struct, frozen=True, order=True):
    """From a line and column to another: both count from 1, in code points; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class Place(Struct, frozen=True):
    """Where something stands: *span* is the whole of it, *value* the part that is its value.

    *path* is relative to the checked folder, with "/".
    """

    path: str
    span: Span
    value: Span | None = None

    def __str__(self) -> str:
        return f"{self.path}:{self.span.line}"
