"""Is everything said? The characters of a text that nothing of what a reader gives stands for."""

from __future__ import annotations

from collections.abc import Iterable

from plimsoll.model.setting import Item, Unread
from plimsoll.syntax.text import Lines


def uncovered(text: str, items: Iterable[Item]) -> str:
    """*text* with blanks in place of settings, includes, what is unread, and the blocks around them."""
    lines, left = Lines(text, "f"), list(text)
    for item in items:
        blocks = () if isinstance(item, Unread) else item.scope
        for place in (item.place, *(block.place for block in blocks)):
            if place is None:
                left = [" " if char != "\n" else char for char in left]
                continue
            start = lines.offset(place.span.line, place.span.column)
            end = lines.offset(place.span.end_line, place.span.end_column)
            for at in range(start, end):
                left[at] = " " if left[at] != "\n" else "\n"
    return "".join(left)
