"""The server's command line: a file first, then directives that are read behind it.

Source: redis.conf; measured on 7.0.15.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Item, Origin, Unread
from plimsoll.syntax.arguments import after_program, place_of
from plimsoll.syntax.globs import literal
from plimsoll.technologies.redis.directives import Directive, items
from plimsoll.technologies.redis.signs import SIGNS

_NO_SERVER = ("-v", "--version", "-h", "--help", "--test-memory", "--check-system")
_NOWHERE = Place("", Span(1, 1, 1, 1))


def arguments(words: Sequence[Word], _environment: Mapping[str, Word]) -> Iterator[Item]:
    """The file that is named, and every `--name value ...` as a directive behind it."""
    _, rest = after_program(words, SIGNS.programs)
    if rest and rest[0].text in _NO_SERVER:
        return
    if rest and not rest[0].text.startswith("-"):
        yield Include(literal(rest[0].text), rest[0].place or _NOWHERE)
        rest = rest[1:]
    for name, values in _options(rest):
        if name is None:
            for word in values:
                place = word.place or _NOWHERE
                yield Unread(place.path, "stands before any --option", place)
        else:
            yield from _directive(name, values)


def _options(words: Sequence[Word]) -> Iterator[tuple[Word | None, list[Word]]]:
    """Each option with its values; None for values that stand before any.

    The word behind an option without a value is always its value, even with two dashes.
    """
    name: Word | None = None
    values: list[Word] = []
    for index, word in enumerate(words):
        if word.text == "-" and index in (0, len(words) - 1):
            continue  # more directives come from standard input
        is_waiting = name is not None and not values and " " not in name.text.strip()
        is_waiting = is_waiting and not (_is_save(name) and word.text.startswith("--"))
        if word.text.startswith("--") and not is_waiting:
            if name or values:
                yield name, values
            name, values = word, []
        else:
            values.append(word)
    if name or values:
        yield name, values


def _is_save(name: Word | None) -> bool:
    return name is not None and name.text.lower() in ("--save", "--sentinel")


def _directive(name: Word, values: Sequence[Word]) -> Iterator[Item]:
    own, *more = name.text[2:].split() or [""]
    words = [*(Word(text, name.place) for text in more), *values]
    if own.lower() == "sentinel" and not words:
        return
    if own.lower() == "save" and not words:
        words = [Word("", name.place)]
    placed = tuple(replace(word, place=place_of(word)) for word in words)
    place = placed[0].place if placed else place_of(name)
    yield from items(Directive(own, placed, place, Origin.COMMAND_LINE))
