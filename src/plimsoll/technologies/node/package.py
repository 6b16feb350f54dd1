"""package.json: what it says, and the command that starts the server."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.reader import Word
from plimsoll.model.setting import Item, Unread
from plimsoll.syntax.javascript import Entry, Table, leaves, read_json, setting
from plimsoll.syntax.shell import located, starts

_START = ("start:prod", "start:production", "start")

# Reads a command line and its environment.
Line = Callable[[Sequence[Word], Mapping[str, Word]], Iterable[Item]]


def package(text: str, path: str, line: Line) -> Iterator[tuple[Place | None, Item]]:
    """Every entry, then what the script that starts it sets."""
    whole = read_json(text, path)
    if isinstance(whole, Unread):
        yield whole.place, whole
        return
    for name, leaf in leaves("", whole):
        if name:
            yield leaf.place, setting(name, leaf, text, place=whole.place)
    start = _start(whole)
    if start is None or start.place is None or not isinstance(start.value, str):
        return
    locate = located(start.value, _inside(start, start.value, start.place))
    for run in starts(start.value, locate, {})[-1:]:
        for item in line(run.words, run.environment):
            yield start.place, item


def _start(whole: Entry) -> Entry | None:
    """The script that starts the server: that for production, where there is one."""
    scripts = whole.value.get("scripts") if isinstance(whole.value, Table) else None
    if scripts is None or not isinstance(scripts.value, Table):
        return None
    found = (scripts.value.get(name) for name in _START)
    return next((each for each in found if each is not None), None)


def _inside(start: Entry, text: str, place: Place) -> Place:
    """The place of the text between the quotes; of one with escapes the whole value."""
    value = place.value or place.span
    if start.source[1:-1] != text or value.line != value.end_line:
        return place
    inner = replace(value, column=value.column + 1, end_column=value.end_column - 1)
    return Place(place.path, inner)
