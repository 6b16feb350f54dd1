"""Are the places right? Asked of a reader and a text, whatever the technology."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Reader
from plimsoll.model.setting import Include, Item, Setting, Unknown, Unread
from plimsoll.syntax.text import Lines

# What a server takes away from a value as it is written: quotes, escapes, blanks, a line's end.
_DRESS = re.compile(r"""[\s"'`\\,;]+""")
# What the server or we put something else in for.
_EXPANDED = re.compile(r"[$%@{<&|>!*]|^0[xob]")
_NUMBER = re.compile(r"[1-9][0-9]*[A-Za-z]{0,2}")


@dataclass(frozen=True, slots=True)
class Edited:
    """How many settings of a text were changed in their place, and read back changed."""

    settings: int = 0
    values: int = 0
    edited: int = 0

    def __add__(self, other: Edited) -> Edited:
        return Edited(
            self.settings + other.settings, self.values + other.values, self.edited + other.edited
        )


def wrong_places(reader: Reader, text: str, path: str, most_edits: int = 12) -> list[str]:
    """What is wrong with the places that a reader says; empty as it should be."""
    items = list(reader.read(text, path))
    lines = Lines(text, path)
    widths = [len(line) for line in text.split("\n")]
    found = [
        f"{item!r:.300}: {span} is not in the text"
        for item in items
        for span in _spans(item, path)
        if not _is_inside(span, widths)
    ]
    if found:
        return found
    found += [w for item in items if isinstance(item, Setting) for w in _value(item, text, lines)]
    return [*found, *_edits(reader, text, path, items, lines, most_edits)]


def wrong_values(settings: Iterable[Setting], texts: Mapping[str, str]) -> list[str]:
    """Settings of a stack whose value does not stand where they say, in any of its texts."""
    found: list[str] = []
    for each in settings:
        if each.place is not None and (text := texts.get(each.place.path)) is not None:
            found += _value(each, text, Lines(text, each.place.path))
    return found


def counted(reader: Reader, text: str, path: str) -> Edited:
    """What there was to ask about."""
    settings = [item for item in reader.read(text, path) if isinstance(item, Setting)]
    lines = Lines(text, path)
    return Edited(
        settings=len(settings),
        values=sum(1 for s in settings if s.place and s.place.value),
        edited=sum(1 for s in settings if _number(s, text, lines) is not None),
    )


def _spans(item: Item, path: str) -> Iterator[Span]:
    blocks = () if isinstance(item, Unread) else item.scope
    for place in (item.place, *(block.place for block in blocks)):
        if isinstance(place, Place) and place.path == path:
            yield place.span
            if place.value is not None:
                yield place.value


def _is_inside(span: Span, widths: list[int]) -> bool:
    begin, end = (span.line, span.column), (span.end_line, span.end_column)
    return begin <= end and all(
        1 <= line <= len(widths) and 1 <= column <= widths[line - 1] + 2
        for line, column in (begin, end)
    )


def sliced(text: str, lines: Lines, span: Span) -> str:
    """The text that a span means."""
    return text[lines.offset(span.line, span.column) : lines.offset(span.end_line, span.end_column)]


def _value(item: Setting, text: str, lines: Lines) -> Iterator[str]:
    """Between the places of its value stands what the setting says, dressed as the format wants."""
    if item.place is None or item.place.value is None or isinstance(item.value, Unknown):
        return
    if item.place.path != lines.path:
        return  # an environment's file says it
    raw = sliced(text, lines, item.place.value)
    said = raw in sliced(text, lines, item.place.span)
    same = _DRESS.sub("", raw) == _DRESS.sub("", item.text) or _DRESS.sub(
        "", item.text
    ) in _DRESS.sub("", raw)
    if not said:
        yield f"{item.place}: the value {raw!r:.80} is not within its setting"
    elif not same and item.value is None and not _EXPANDED.search(raw):
        yield f"{item.place}: {item.name} is {item.text!r:.80}, and {raw!r:.80} stands there"


def _number(item: Setting, text: str, lines: Lines) -> str | None:
    """The number that it is written as; None where it is none, or not just its text."""
    if item.place is None or item.place.value is None or item.place.path != lines.path:
        return None
    raw = sliced(text, lines, item.place.value)
    return raw if raw == item.text and _NUMBER.fullmatch(raw) else None


def _edits(
    reader: Reader, text: str, path: str, items: list[Item], lines: Lines, most: int
) -> Iterator[str]:
    """Another number in the place of a value: that setting says it, and nothing else has moved."""
    numbers = [
        (at, raw)
        for at, item in enumerate(items)
        if isinstance(item, Setting) and (raw := _number(item, text, lines)) is not None
    ]
    step = max(1, len(numbers) // most)
    for at, raw in numbers[::step]:
        item = items[at]
        assert isinstance(item, Setting)
        assert item.place is not None
        assert item.place.value is not None
        span = item.place.value
        start = lines.offset(span.line, span.column)
        new = ("2" if raw[0] == "1" else "1") + raw[1:]
        again = list(reader.read(text[:start] + new + text[start + len(raw) :], path))
        if list(map(_shape, again)) != list(map(_shape, items)):
            yield f"{item.place}: {item.name} = {new} in place of {raw} moves something else"
        elif isinstance(told := again[at], Setting) and told.text != new:
            yield f"{item.place}: {item.name} is {told.text!r} with {new} in the place of its value"


def _shape(item: Item) -> object:
    if isinstance(item, Setting):
        return replace(item, text="", value=None, winner=None, reason="", scope=())
    return (item.pattern, item.place) if isinstance(item, Include) else (item.path, item.place)
