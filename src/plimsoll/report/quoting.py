"""A line of a file as it is quoted: what it hides is shown, its secrets are not, carets below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from plimsoll.report.width import columns, shown_char

MASK = "***"
TAB = 4
CUT = "…"

# Ranges of offsets in one line; the end is exclusive.
Ranges = Sequence[tuple[int, int]]


class Quote(Struct, frozen=True):
    """A line and the carets under a part of it, both ready to be printed one below the other."""

    text: str
    carets: str


class _Cell(Struct, frozen=True):
    """One character of the line (a whole secret) as it is shown, from offset *start* to *end*."""

    start: int
    end: int
    text: str
    columns: int


def quoted(line: str, start: int, end: int, width: int, secrets: Ranges = ()) -> Quote:
    """*line* in at most *width* columns, with carets under the characters *start* to *end*.

    Of a longer line the part around the carets is shown. A range of *secrets* is one "***".
    """
    line = line.removesuffix("\r")
    start = min(start, len(line))
    end = max(start, min(end, len(line)))
    cells = list(_cells(line, start, end, width, secrets))
    first, last = _marked(cells, start, end)
    left, right = _window(cells, first, last, width)
    shown = cells[left:right]
    before = CUT if left or (cells and cells[0].start > 0) else ""
    after = CUT if right < len(cells) or (cells and cells[-1].end < len(line)) else ""
    text = before + "".join(cell.text for cell in shown) + after
    return Quote(text.rstrip(), _carets(cells, (left, right), (first, last), len(before)))


def _cells(line: str, start: int, end: int, width: int, secrets: Ranges) -> Iterator[_Cell]:
    """The cells near the carets; what is farther than *width* characters can never be shown."""
    masks = {a: b for a, b in secrets if a < b}
    at = _outside(max(0, start - 2 * width), secrets)
    stop, column = min(len(line), end + 2 * width, start + 4 * width), 0
    while at < stop:
        after = masks.get(at, at + 1)
        text = MASK if at in masks else _char(line[at], column)
        cell = _Cell(at, after, text, columns(text))
        yield cell
        at, column = after, column + cell.columns


def _outside(offset: int, secrets: Ranges) -> int:
    """*offset*, or the start of the secret that it falls into."""
    return next((a for a, b in secrets if a < offset < b), offset)


def _char(char: str, column: int) -> str:
    return " " * (TAB - column % TAB) if char == "\t" else shown_char(char)


def _marked(cells: Sequence[_Cell], start: int, end: int) -> tuple[int, int]:
    """Which cells the carets stand under; where there is nothing, the place where it would be."""
    inside = [i for i, cell in enumerate(cells) if cell.start < end and cell.end > start]
    if inside:
        return inside[0], inside[-1] + 1
    after = next((i for i, cell in enumerate(cells) if cell.start >= start), len(cells))
    return after, after


def _window(cells: Sequence[_Cell], first: int, last: int, width: int) -> tuple[int, int]:
    """The cells that fit in *width* columns: all, else the marked ones and as much around them."""
    room = width - 2 * len(CUT)
    if sum(cell.columns for cell in cells) <= room:
        return 0, len(cells)
    left = right = first
    used = 0
    while right < last and used + cells[right].columns <= room:
        used += cells[right].columns
        right += 1
    share = max(0, room - used) // 2
    left, used = _back(cells, left, used, used + share)
    while right < len(cells) and used + cells[right].columns <= room:
        used += cells[right].columns
        right += 1
    left, _ = _back(cells, left, used, room)
    return left, right


def _back(cells: Sequence[_Cell], left: int, used: int, room: int) -> tuple[int, int]:
    while left > 0 and used + cells[left - 1].columns <= room:
        left -= 1
        used += cells[left].columns
    return left, used


def _carets(
    cells: Sequence[_Cell], window: tuple[int, int], marked: tuple[int, int], indent: int
) -> str:
    left, right = window
    first, last = max(left, marked[0]), min(right, marked[1])
    space = indent + sum(cell.columns for cell in cells[left:first])
    under = sum(cell.columns for cell in cells[first:last])
    return " " * space + "^" * max(1, under)
