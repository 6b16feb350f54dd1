"""The command line of nginx: `-c` names the file, `-g` gives directives of the outermost level."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Item, Origin, Setting, Unread

_WITH_VALUE = "cegps"
_PLAIN = "?hvVtTq"

Read = Callable[[str, str], Iterator[Item]]


def items(read: Read, words: Sequence[Word]) -> Iterator[Item]:
    """The configuration file that is named, then the directives that the command line gives."""
    options = list(_options(words[1:]))
    prefix = next((word.text for flag, word in options if flag == "p"), "")
    for flag, word in options:
        if flag == "c" and word.place:
            yield Include(_joined(prefix, word.text), word.place)
    for flag, word in options:
        if flag == "g":
            yield from _directives(read, word)
        elif flag == "?" and word.place:
            reason = f"nginx has no option {word.text!r}"
            yield Unread(word.place.path, reason, word.place)


def _joined(prefix: str, path: str) -> str:
    return path if not prefix or path.startswith("/") else f"{prefix.rstrip('/')}/{path}"


def _options(words: Sequence[Word]) -> Iterator[tuple[str, Word]]:
    """Flag and value; flags without one may stand together, a value may be joined to its flag."""
    waiting = ""
    for word in words:
        if waiting:
            yield waiting, word
            waiting = ""
            continue
        flags = word.text[1:].lstrip(_PLAIN) if word.text.startswith("-") else ""
        if not flags:
            if not word.text.startswith("-"):
                yield "?", word
        elif flags[0] not in _WITH_VALUE:
            yield "?", word
        elif len(flags) == 1:
            waiting = flags
        else:
            yield flags[0], _cut(word, len(word.text) - len(flags) + 1)


def _cut(word: Word, start: int) -> Word:
    """The word from *start* on, with its place where that can be told."""
    inside = _offset(word)
    if word.place is None or inside is None:
        return Word(word.text[start:], word.place)
    span = word.place.span
    begin = span.column + inside + start
    end = begin + len(word.text) - start
    return Word(word.text[start:], Place(word.place.path, Span(span.line, begin, span.line, end)))


def _offset(word: Word) -> int | None:
    """Where the word's text begins in its place: behind a quote or at once; None: it is not there."""
    if word.place is None:
        return None
    span = word.place.span
    longer = span.end_column - span.column - len(word.text)
    return longer // 2 if span.line == span.end_line and longer in (0, 2) else None


def _directives(read: Read, word: Word) -> Iterator[Item]:
    """What `-g` says; nginx ends its last directive itself."""
    path = word.place.path if word.place else ""
    text = word.text if word.text.rstrip().endswith((";", "}")) else f"{word.text};"
    for item in read(text, path):
        place = _moved(item.place, word) if item.place else None
        if isinstance(item, Setting):
            yield replace(item, place=place, origin=Origin.COMMAND_LINE)
        elif place is not None:
            yield replace(item, place=place)


def _moved(place: Place, word: Word) -> Place | None:
    """A place in the word's text as one in what holds the word; the whole word where not told."""
    inside = _offset(word)
    if word.place is None or inside is None:
        return word.place
    span = word.place.span

    def moved(at: Span) -> Span:
        by = span.column + inside - 1
        return Span(span.line, at.column + by, span.line, at.end_column + by)

    return Place(place.path, moved(place.span), moved(place.value) if place.value else None)
