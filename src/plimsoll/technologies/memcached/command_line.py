"""The command line: letters as getopt takes them, long names, the list behind -o.

Source: memcached -h; measured on 1.6.18. What RHEL's unit and the images make of the environment:
/etc/sysconfig/memcached; the entry point of bitnami/memcached.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Item, Origin, Setting, Status, Unread
from plimsoll.syntax.arguments import after_program, place_of
from plimsoll.syntax.globs import literal
from plimsoll.syntax.suggest import did_you_mean
from plimsoll.technologies.memcached.options import (
    BOTH,
    FLAGS,
    LONG,
    NO_SERVER,
    SWITCHES,
    VALUES,
    WITH_VALUE,
    extended,
)
from plimsoll.technologies.memcached.signs import SIGNS

_WRAPPERS = ("systemd-memcached-wrapper", "start-memcached")
_DEBIAN = "/etc/memcached.conf"
_NOWHERE = Place("", Span(1, 1, 1, 1))

# Of RHEL's unit, together: a PORT alone is anybody's.
_SYSCONFIG = {"PORT": "-p", "MAXCONN": "-c", "CACHESIZE": "-m"}
_TELLING = frozenset({"MAXCONN", "CACHESIZE"})
_BITNAMI = {
    "MEMCACHED_CACHE_SIZE": "-m", "MEMCACHED_LISTEN_ADDRESS": "-l",
    "MEMCACHED_MAX_CONNECTIONS": "-c", "MEMCACHED_MAX_ITEM_SIZE": "-I",
    "MEMCACHED_PORT_NUMBER": "-p", "MEMCACHED_THREADS": "-t",
}  # fmt: skip


class _Option(Struct, frozen=True):
    """A letter with the word that has its value, which starts there; None where it has none."""

    letter: str
    word: Word
    value: Word | None = None
    start: int = 0


def arguments(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """Settings of the environment, then those of the command line; Debian's wrapper reads a file."""
    program, rest = after_program(words, SIGNS.programs)
    yield from _of_environment(environment)
    if program in _WRAPPERS:
        named = rest[0] if rest else Word(_DEBIAN)
        yield Include(literal(named.text), named.place or _NOWHERE, is_optional=not rest)
        return
    yield from settings(rest, Origin.COMMAND_LINE)


def _of_environment(environment: Mapping[str, Word]) -> Iterator[Item]:
    known = dict(_BITNAMI)
    if not _TELLING.isdisjoint(environment):
        known |= _SYSCONFIG
    for variable, name in known.items():
        word = environment.get(variable)
        if word is not None and word.text:
            yield Setting(name, word.text, place_of(word), origin=Origin.ENVIRONMENT)
    options = environment.get("OPTIONS")
    if options is not None and not _TELLING.isdisjoint(environment):
        from plimsoll.syntax.shell import words_in  # few services have it

        yield from settings(words_in(options), Origin.ENVIRONMENT)


def settings(words: Sequence[Word], origin: Origin) -> Iterator[Item]:
    """What the words behind the program say; words that are no options are passed over."""
    left = iter(words)
    for word in left:
        if word.text == "--":
            return
        found: Iterator[_Option | Unread]
        if word.text.startswith("--"):
            found = _long(word, left)
        elif word.text.startswith("-") and len(word.text) > 1:
            found = _letters(word, left)
        else:
            continue
        for each in found:
            if isinstance(each, Unread):
                yield each
            elif each.letter not in NO_SERVER:
                yield from _items(each, origin)


def _unread(word: Word, reason: str) -> Unread:
    place = word.place or _NOWHERE
    return Unread(place.path, f"memcached refuses this word: {reason}", place)


def _long(word: Word, left: Iterator[Word]) -> Iterator[_Option | Unread]:
    name, equals, _ = word.text[2:].partition("=")
    hits = [name] if name in LONG else [each for each in LONG if each.startswith(name)]
    if len(hits) != 1:
        why = (
            f"it may be --{' or --'.join(hits)}"
            if hits
            else f"no --{name}{did_you_mean(name, LONG)}"
        )
        yield _unread(word, why)
        return
    letter = LONG[hits[0]]
    if letter not in WITH_VALUE:
        yield _unread(word, f"--{hits[0]} takes no value") if equals else _Option(letter, word)
    elif equals:
        yield _Option(letter, word, word, len(name) + 3)
    else:
        yield from _with_next(letter, word, left)


def _letters(word: Word, left: Iterator[Word]) -> Iterator[_Option | Unread]:
    text = word.text
    if len(text) > 1 and set(text[1:]) == {"v"}:
        yield _Option("v", word)
        return
    for at, letter in enumerate(text[1:], start=2):
        if letter in FLAGS:
            yield _Option(letter, word)
        elif letter not in WITH_VALUE:
            yield _unread(word, f"no -{letter}")
        elif at < len(text):
            yield _Option(letter, word, word, at)
            return
        else:
            yield from _with_next(letter, word, left)


def _with_next(letter: str, word: Word, left: Iterator[Word]) -> Iterator[_Option | Unread]:
    follower = next(left, None)
    if follower is None:
        yield _unread(word, f"-{letter} needs a value")
    else:
        yield _Option(letter, word, follower)


def _items(option: _Option, origin: Origin) -> Iterator[Item]:
    if option.letter == "v":
        text = str(max(1, option.word.text.count("v"))) if option.word.text[:2] != "--" else "1"
        yield Setting("-v", text, place_of(option.word), origin=origin)
    elif option.value is None:
        yield Setting(f"-{option.letter}", "", place_of(option.word), origin=origin, value=True)
    elif option.letter == "o":
        yield from _extended(option.value, option.start, origin)
    else:
        place = _spanning(option.word, option.value, option.start)
        yield Setting(f"-{option.letter}", option.value.text[option.start :], place, origin=origin)


def _spanning(letter: Word, word: Word, start: int) -> Place | None:
    """From the letter to the end of its value, where both stand on one line of one file."""
    own, value = letter.place, place_of(word, start)
    if own is None or value is None or letter is word or own.path != value.path:
        return value
    first, last = own.span, value.span
    if first.line != last.end_line or first.column > last.column:
        return value
    return Place(
        value.path, Span(first.line, first.column, last.end_line, last.end_column), value.value
    )


def _extended(word: Word, start: int, origin: Origin) -> Iterator[Item]:
    """`idle_timeout=30,no_maxconns_fast`"""
    at = start
    for piece in word.text[start:].split(","):
        name, equals, text = piece.partition("=")
        if piece:
            place = _inside(word, at, at + len(piece), at + len(name) + len(equals))
            yield _one_extended(name, text if equals else None, place, origin)
        at += len(piece) + 1


def _inside(word: Word, start: int, end: int, value: int) -> Place | None:
    """The place of a piece of a word; the word's own where its file writes it in another way."""
    place = place_of(word, value)
    if place is None or place.value is None:
        return place
    at, line = place.value.column - value, place.value.line
    if place.value.end_column - at != len(word.text):
        return place
    shown = Span(line, at + value, line, at + end) if value < end else None
    return Place(place.path, Span(line, at + start, line, at + end), shown)


def _one_extended(name: str, text: str | None, place: Place | None, origin: Origin) -> Setting:
    own = extended(name)
    if not own:
        reason = f"-o has no {name!r}{did_you_mean(name, (*SWITCHES, *VALUES))}"
        return Setting(name, text or "", place, (), origin, Status.UNKNOWN_NAME, reason)
    if own in SWITCHES and not (own in BOTH and text):
        return Setting(own, text or "", place, (), origin, value=not name.startswith("no_"))
    if text is None:
        reason = f"-o {name} needs a value"
        return Setting(own, "", place, (), origin, Status.REFUSED, reason)
    return Setting(own, text, place, (), origin)
