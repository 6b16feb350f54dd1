"""redis.conf as the server reads it, and who wins.

Source: redis.conf; measured on 7.0.15.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plimsoll.model.place import Place
from plimsoll.model.reader import Reader, Word, last_wins
from plimsoll.model.setting import Item, Setting, Unread
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.text import Lines, Token
from plimsoll.technologies.redis.command_line import arguments
from plimsoll.technologies.redis.directives import Directive, items
from plimsoll.technologies.redis.endpoints import endpoints
from plimsoll.technologies.redis.lexer import lines, unquoted
from plimsoll.technologies.redis.names import ADD_UP
from plimsoll.technologies.redis.save_points import effective_saves
from plimsoll.technologies.redis.values import adjusted, value


def read(text: str, path: str) -> Iterator[Item]:
    """Every line of *text* that says something, in file order."""
    where = Lines(text, path)
    for words, junk in lines(text):
        if junk is None:
            yield from items(_directive(words, where))
        else:
            yield _unbalanced(words, junk, text, where)


def _directive(words: Sequence[Token], where: Lines) -> Directive:
    name, *values = words
    value_ = (values[0].start, values[-1].end) if values else None
    return Directive(
        name=unquoted(name.text),
        words=tuple(Word(unquoted(v.text), _place_of(v, where)) for v in values),
        place=where.place(name.start, words[-1].end, value_),
    )


def _place_of(token: Token, where: Lines) -> Place:
    return where.place(token.start, token.end, (token.start, token.end))


def _unbalanced(words: Sequence[Token], junk: Token, text: str, where: Lines) -> Item:
    """A line with a quote that is not closed, or closed in the middle of a word."""
    reason = "a quote is not closed, or no blank stands behind it: the server refuses the file"
    first = words[0] if words else junk
    raw = text[first.start : junk.end]
    place = where.place(first.start, junk.end)
    if is_unrendered(raw):
        return Unread(where.path, UNRENDERED, place)
    if not words:
        return Unread(where.path, reason, place)
    start = words[1].start if len(words) > 1 else junk.start
    place = where.place(first.start, junk.end, (start, junk.end))
    said = Directive(unquoted(first.text), (Word(text[start : junk.end]),), place)
    return said.refused(reason)


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """The same settings in order; the last wins, but lines of save, user, ... hold together."""
    last = iter(last_wins([each for each in settings if each.name not in ADD_UP]))
    saves = effective_saves(settings)
    return [
        saves[index] if index in saves else each if each.name in ADD_UP else adjusted(next(last))
        for index, each in enumerate(settings)
    ]


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    arguments=arguments,
    endpoints=endpoints,
    refuses_unknown=True,
    includes_from_main=True,
)
