"""The lines of a text as items: headings, bullets, rows of tables, paragraphs, code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum, auto

from msgspec import Struct, field
from msgspec.structs import replace

from plimsoll.learn.reading.clock import stamp_at
from plimsoll.learn.reading.headings import label_topic, topic_of
from plimsoll.learn.reading.inline import plain
from plimsoll.learn.reading.texts import without_emoji


class Shape(Enum):
    HEADING = auto()
    BULLET = auto()
    ROW = auto()
    PARAGRAPH = auto()
    QUOTE = auto()
    CODE = auto()


class Item(Struct, frozen=True):
    """A piece of the text that says one thing.

    *text*: without marks. *raw*: as written. *depth*: the level of a heading, the columns before a
    bullet. *box*: of a check box. *cells*, *header*: of a row. *is_bold*: all of it, or its label.
    *is_soft*: a heading that only stands alone on its line, or is bold.
    """

    shape: Shape
    line: int
    text: str
    raw: str
    depth: int = 0
    box: bool | None = None
    cells: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    is_bold: bool = False
    is_soft: bool = False
    number: int | None = None


class Document(Struct, frozen=True):
    """*front*: names and values of front matter, with their lines."""

    items: tuple[Item, ...]
    front: dict[str, tuple[str, int]] = field(default_factory=dict)


_LEADERS = re.compile(r"^(\s*[A-Z][\w /-]{1,40}?) \.{3,} (?=\S)")  # Detected ........ 10:00
_FENCE = re.compile(r"\s{0,8}(?P<sign>```+|~~~+)")
_ATX = re.compile(r"\s{0,3}(?P<signs>#{1,6})(?:\s+|(?=[^#\s!]))(?P<text>.*?)\s*#*\s*$")
_SETEXT = re.compile(r"\s{0,3}(?P<sign>=|-)(?P=sign){2,}\s*$")
_BULLET = re.compile(
    r"(?P<indent>\s*)(?P<sign>[-*+\u2022\u25cf\u25aa\u2023\u25e6\u00b7\u2013\u2014]|\(?\d{1,3}[.)](?!\d)|[a-z][.)])(?P<gap>\s+|(?=\[[ xX]\]))(?P<text>\S.*)$"
)
_TIGHT_BULLET = re.compile(
    r"(?P<indent>\s*)(?P<sign>[\u2022\u25cf\u25aa\u2023\u25e6]|-(?=[A-Z][a-z]))(?P<gap>)(?P<text>\S.*)$"
)
_BOX = re.compile(r"\[(?P<mark>[ xX\u2713\u2714])\]\s*")
_ROW = re.compile(r"\s*\|.*\|\s*$|\s*[^|\n]+\|[^|\n]+(?:\|[^|\n]*)*$")
_RULE_OF_TABLE = re.compile(r"\s*+\|?\s*+:?-{2,}:?\s*+(?:\|\s*+:?-+:?\s*+)*\|?\s*$")
_BREAK = re.compile(r"\s{0,3}(?:-{3,}|\*{3,}|_{3,}|={3,}|- - -|\* \* \*)\s*$")
_DEFINITION = re.compile(r"\s{0,3}\[[^\]]{1,200}\]:\s*\S+")
_QUOTE = re.compile(r"\s{0,3}>\s?(?P<text>.*)$")
_COMMENT_BEGIN, _COMMENT_END = "<!--", "-->"
_TAG_ONLY = re.compile(r"\s*(?:<[^<>]*>\s*)+$")
_BOLD_ONLY = re.compile(r"\s*(?:\*\*|__)(?P<text>[^*_].{0,120}?)(?:\*\*|__)\s*:?\s*$")
_LABELLED = re.compile(r"\s*(?:\*\*|__)[^*_\n]{1,80}(?:\*\*|__)")
_FRONT = re.compile(r"(?P<name>[A-Za-z_][\w-]*)\s*[:=]\s*(?P<value>.*)$")
_SENTENCE_END = re.compile(r"[.!?:;\u3002\uff01\uff1f\uff1a)\]\"'\u2019\u201d]\s*$")
_LABEL_START = re.compile(
    r"\s*(?:\*\*|__)?[A-Z][A-Za-z/&' -]{2,40}(?:\*\*|__)?\s?:(?:\*\*|__)?(?:\s|$)"
)
_SECONDARY_BREAK = re.compile(r"(?: {2,}|\\|<br ?/?>)$")


def document_of(lines: Sequence[tuple[int, str]]) -> Document:
    """The items of numbered lines."""
    front, at = _front_matter(lines)
    return Document(tuple(_joined(list(_items(lines[at:])))), front)


def _front_matter(lines: Sequence[tuple[int, str]]) -> tuple[dict[str, tuple[str, int]], int]:
    """Names and values between --- or +++ at the top, and where the text begins."""
    first = next((n for n, (_, line) in enumerate(lines) if line.strip()), 0)
    if first >= len(lines) or lines[first][1].strip() not in ("---", "+++"):
        return {}, 0
    sign = lines[first][1].strip()
    found: dict[str, tuple[str, int]] = {}
    for at in range(first + 1, min(first + 60, len(lines))):
        number, line = lines[at]
        if line.strip() == sign:
            return (found, at + 1) if found else ({}, 0)
        if match := _FRONT.match(line):
            value = match["value"].strip()
            if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
                value = value[1:-1]
            found[match["name"].casefold()] = value, number
    return {}, 0


def _items(lines: Sequence[tuple[int, str]]) -> Iterator[Item | None]:
    """Items line by line; None for a blank line."""
    fence, is_comment = "", False
    header: tuple[str, ...] = ()
    for at, (number, written) in enumerate(lines):
        line = _LEADERS.sub(r"\1: ", written) if " ..." in written else written
        if fence:
            if line.strip().startswith(fence):
                fence = ""
            else:
                yield Item(Shape.CODE, number, line.strip(), line)
            continue
        if is_comment or line.lstrip().startswith(_COMMENT_BEGIN):
            is_comment = _COMMENT_END not in line
            continue
        if opening := _FENCE.match(line):
            if line.count(opening["sign"]) == 1 or line.strip() == opening["sign"]:
                fence = opening["sign"][:3]
                continue
            yield Item(Shape.CODE, number, line.strip(), line)
            continue
        if not line.strip() or _TAG_ONLY.match(line) or _DEFINITION.match(line):
            header = ()
            yield None
            continue
        after = lines[at + 1][1] if at + 1 < len(lines) else ""
        if "|" in line and _RULE_OF_TABLE.match(line):
            continue
        if "|" in line and "|" in after and _RULE_OF_TABLE.match(after):
            header = tuple(plain(cell) for cell in _cells(line))
            if not _is_fact(header):
                continue
            yield Item(Shape.ROW, number, " | ".join(header), line, cells=header)
            header = ()
            continue
        if "|" in line and (header or line.lstrip().startswith("|")) and _ROW.match(line):
            cells = tuple(without_emoji(plain(cell)) or plain(cell) for cell in _cells(line))
            yield Item(Shape.ROW, number, " | ".join(cells), line, cells=cells, header=header)
            continue
        yield _item(number, line, after)


def _is_fact(header: tuple[str, ...]) -> bool:
    """Whether what stands as the head of a table is its first fact: Impact | 33 % of requests failed."""
    if len(header) != 2 or label_topic(header[0]) is None:
        return False
    return len(header[1].split()) > 2 or any(sign.isdigit() for sign in header[1])


def _cells(line: str) -> list[str]:
    inner = re.sub(r"\\\|", "\0", line.strip())
    inner = inner.removeprefix("|").removesuffix("|")
    return [cell.replace("\0", "|").strip() for cell in inner.split("|")]


def _item(number: int, line: str, after: str) -> Item | None:
    if heading := _ATX.match(line):
        return _heading(number, line, heading["text"], len(heading["signs"]), is_soft=False)
    if _BREAK.match(line):
        return None
    if _SETEXT.match(after) and not _BULLET.match(line) and len(line) < 120 and "|" not in line:
        return _heading(number, line, line, 1 if "=" in after else 2, is_soft=False)
    if quote := _QUOTE.match(line):
        return Item(Shape.QUOTE, number, _said(quote["text"]), line)
    bullet = _BULLET.match(line) or _TIGHT_BULLET.match(line)
    if bullet:
        return _bullet(number, bullet)
    if box := _BOX.match(line.strip()):
        is_done = box["mark"] not in " "
        text = _said(line.strip()[box.end() :])
        return Item(
            Shape.BULLET, number, text, line, depth=len(line) - len(line.lstrip()), box=is_done
        )
    if bold := _BOLD_ONLY.match(line):
        return _heading(number, line, bold["text"], 7, is_soft=True)
    return Item(
        Shape.PARAGRAPH,
        number,
        _said(line),
        line,
        depth=len(line) - len(line.lstrip()),
        is_bold=_LABELLED.match(line) is not None,
    )


def _heading(number: int, line: str, text: str, level: int, *, is_soft: bool) -> Item:
    return Item(
        Shape.HEADING, number, _said(text), line, depth=level, is_soft=is_soft, is_bold=is_soft
    )


def _bullet(number: int, found: re.Match[str]) -> Item:
    raw, box = found["text"], None
    if marked := _BOX.match(raw):
        box, raw = marked["mark"] not in " ", raw[marked.end() :]
    return Item(
        Shape.BULLET,
        number,
        _said(raw),
        raw,
        depth=len(found["indent"].expandtabs(4)),
        box=box,
        is_bold=_LABELLED.match(raw) is not None,
        number=int(digits) if (digits := found["sign"].strip("(.)")).isdecimal() else None,
    )


def _said(text: str) -> str:
    return without_emoji(plain(text))


def _joined(items: Sequence[Item | None]) -> Iterator[Item]:
    """Items with the lines that go on with the sentence of the line before them."""
    held: Item | None = None
    last_raw, is_apart = "", True
    wraps = _wrapping(items)
    for at, item in enumerate(items):
        if item is None:
            is_apart = True
            continue
        if (
            held is not None
            and not is_apart
            and _goes_on(held, item, last_raw, is_wrapped=wraps[at])
        ):
            held = replace(held, text=f"{held.text} {item.text}", raw=f"{held.raw}\n{item.raw}")
        else:
            if held is not None:
                yield held
            held = item
        last_raw, is_apart = item.raw, False
    if held is not None:
        yield held


def _wrapping(items: Sequence[Item | None]) -> list[bool]:
    """For each item, whether its block of lines looks wrapped at a column: not one thing a line."""
    out = [False] * len(items)
    start = 0
    for end in range(len(items) + 1):
        each = items[end] if end < len(items) else None
        if each is not None and each.shape is Shape.PARAGRAPH:
            continue
        if each is not None and each.shape is Shape.BULLET and end == start:
            continue
        block = [i for i in items[start:end] if i is not None]
        open_lines = [i for i in block[:-1] if not _SENTENCE_END.search(i.raw)]
        for at in range(start, end):
            out[at] = len(open_lines) * 3 >= max(1, len(block) - 1)
        start = end + (1 if each is None or each.shape is not Shape.BULLET else 0)
    return out


_BARE_CLOCK = re.compile(r"(?:[01]\d|2[0-3])\.?[0-5]\d\b")


# The beginning of an entry that is no clock by itself: 0411Z, T+5m.
_OF_ENTRY = re.compile(r"(?:[01]\d|2[0-3])[0-5]\dZ\b|T\s?\+\s?\d")


_MOST_OF_A_REST = 5  # words that a name may still have on the next line


def _is_name(item: Item) -> bool:
    """Whether a line is the name of a section and nothing else."""
    text = item.text
    is_short = len(text.split()) <= 6 and text[:1].isupper() and text[-1:].isalnum()
    return is_short and topic_of(text) is not None


def _goes_on(held: Item, item: Item, last_raw: str, *, is_wrapped: bool) -> bool:
    if held.shape is Shape.QUOTE and item.shape is Shape.QUOTE:
        return bool(item.text)
    if item.shape is not Shape.PARAGRAPH or held.shape not in (Shape.PARAGRAPH, Shape.BULLET):
        return False
    if _SECONDARY_BREAK.search(last_raw) or _LABEL_START.match(item.raw) or item.is_bold:
        return False
    begun = item.text.lstrip("[(~ ")
    if (found := stamp_at(begun, 0)) and (found.moment.has_clock or found.is_unknown):
        return False
    if _OF_ENTRY.match(begun):
        return False
    if _BARE_CLOCK.match(item.text) and _BARE_CLOCK.match(held.text):
        return False
    if (
        held.shape is Shape.PARAGRAPH
        and held.raw == last_raw
        and _is_name(held)
        and (item.text[:1].isupper() or len(item.text.split()) > _MOST_OF_A_REST)
    ):
        return False
    if held.shape is Shape.BULLET:
        return item.depth > held.depth or not _SENTENCE_END.search(last_raw) or is_wrapped
    return is_wrapped or not _SENTENCE_END.search(last_raw)
