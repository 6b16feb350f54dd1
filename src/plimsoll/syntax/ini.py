"""INI dialects: sections, keys and values in file order, nothing lost, every place exact.

Repeated sections and keys stay what they are: one item for each time that they are written. Who
of them wins is said by the technology.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from plimsoll.syntax.text import Token
from plimsoll.syntax.traced import Traced, joined

_BLANK = " \t\r"
_BACKSLASHES = re.compile(r"\\*\Z")


class IniDialect(Struct, frozen=True):
    r"""What a line may be.

    *comments*: characters that begin a comment line. *trailing*: characters that begin a comment
    behind a value, after white space and outside of *quotes*. *separators*: between key and value,
    the first in the line counts. *continues*: a line that ends in a backslash goes on in the next,
    comment lines in between are dropped. *folds*: a line that is indented deeper than the key above
    goes on with its value. *flags*: a key may stand without a value.
    """

    comments: str = "#;"
    trailing: str = ""
    quotes: str = ""
    separators: str = "="
    continues: bool = False
    folds: bool = False
    flags: bool = False


class Section(Struct, frozen=True):
    """`[name]`; *start* and *end* are offsets."""

    name: str
    start: int
    end: int


class Assignment(Struct, frozen=True):
    """A key with its value, which is empty for `key =` and for a flag without a separator."""

    key: str
    value: Traced
    start: int
    end: int


class Junk(Struct, frozen=True):
    """What is neither of these."""

    text: str
    start: int
    end: int


Entry = Section | Assignment | Junk


def tokens(text: str, dialect: IniDialect) -> Iterator[Token]:
    """The pieces of *text*, which joined are the text.

    Kinds: space, comment, section, key, separator, value, continuation, junk.
    """
    continued = False  # the line before ended in a backslash
    depth = len(text)  # of the key that a line which is indented deeper goes on with
    for begin, start, end, stop in _lines(text):
        body = _body(text, start, end, stop) if dialect.continues else end
        is_comment = start < end and text[start] in dialect.comments
        if is_comment:
            yield from _token("space", text, begin, start)
            yield Token("comment", text[start:end], start)
        elif continued:
            yield from _token("value", text, begin, body)
        elif start < end and start - begin > depth:
            yield from _token("continuation", text, begin, start)
            yield from _folded(text, start, end, dialect)
        else:
            yield from _token("space", text, begin, start)
            yield from _content(text, start, body, dialect)
            if dialect.folds and start < end:
                depth = len(text) if text[start] == "[" else start - begin
        if not is_comment:
            yield from _token("continuation", text, body, end)
            continued = body < end
        yield from _token("space", text, end, stop)


def entries(text: str, dialect: IniDialect) -> Iterator[Entry]:
    """What the lines of *text* say, in order; white space and comments say nothing."""
    pending: list[Token] = []
    for token in tokens(text, dialect):
        if token.kind in ("section", "key", "junk"):
            yield from _entry(pending)
            pending = []
        if token.kind not in ("space", "comment"):
            pending.append(token)
    yield from _entry(pending)


def _lines(text: str) -> Iterator[tuple[int, int, int, int]]:
    """Of each line: where it begins, its first and last character that is not blank, its end."""
    begin = 0
    while begin < len(text):
        feed = text.find("\n", begin)
        stop = len(text) if feed < 0 else feed + 1
        first = begin + (text[0] == "\ufeff") if begin == 0 else begin
        end = first + len(text[first:stop].rstrip(_BLANK + "\n"))
        start = end - len(text[first:end].lstrip(_BLANK))
        yield begin, start, end, stop
        begin = stop


def _body(text: str, start: int, end: int, stop: int) -> int:
    """The end of a line's content without the backslash that continues it."""
    if text[end:stop] not in ("\n", "\r\n") or not text.endswith("\\", start, end):
        return end
    found = _BACKSLASHES.search(text[start:end])
    return end - 1 if found and len(found[0]) % 2 else end


def _token(kind: str, text: str, start: int, end: int) -> Iterator[Token]:
    if end > start:
        yield Token(kind, text[start:end], start)


def _content(text: str, start: int, end: int, dialect: IniDialect) -> Iterator[Token]:
    """A line that is neither blank nor a comment, without what surrounds it."""
    if start >= end:
        return
    if text[start] == "[":
        stop = _comment(text, start, end, dialect)
        kind = "section" if text[stop - 1] == "]" else "junk"
        yield Token(kind, text[start:stop], start)
        yield from _behind(text, stop, end)
        return
    at = min((i for c in dialect.separators if (i := text.find(c, start, end)) >= 0), default=-1)
    if at < 0:
        stop = _comment(text, start, end, dialect)
        yield Token("key" if dialect.flags else "junk", text[start:stop], start)
        yield from _behind(text, stop, end)
    elif at == start:
        yield Token("junk", text[start:end], start)
    else:
        yield from _assignment(text, start, at, end, dialect)


def _assignment(text: str, start: int, at: int, end: int, dialect: IniDialect) -> Iterator[Token]:
    key_end = start + len(text[start:at].rstrip(_BLANK))
    yield Token("key", text[start:key_end], start)
    yield from _token("space", text, key_end, at)
    yield Token("separator", text[at], at)
    value = end - len(text[at + 1 : end].lstrip(_BLANK))
    yield from _token("space", text, at + 1, value)
    stop = _comment(text, value, end, dialect)
    yield from _token("value", text, value, stop)
    yield from _behind(text, stop, end)


def _folded(text: str, start: int, end: int, dialect: IniDialect) -> Iterator[Token]:
    stop = _comment(text, start, end, dialect)
    yield from _token("value", text, start, stop)
    yield from _behind(text, stop, end)


def _comment(text: str, start: int, end: int, dialect: IniDialect) -> int:
    """Where the content ends that a trailing comment may follow."""
    if not dialect.trailing:
        return end
    quote = ""
    for at in range(start, end):
        char = text[at]
        if quote:
            quote = "" if char == quote else quote
        elif char in dialect.quotes:
            quote = char
        elif char in dialect.trailing and (at == start or text[at - 1] in _BLANK):
            return start + len(text[start:at].rstrip(_BLANK))
    return end


def _behind(text: str, start: int, end: int) -> Iterator[Token]:
    """The space and the comment behind a value."""
    comment = end - len(text[start:end].lstrip(_BLANK))
    yield from _token("space", text, start, comment)
    yield from _token("comment", text, comment, end)


def _entry(found: list[Token]) -> Iterator[Entry]:
    if not found:
        return
    first, start, end = found[0], found[0].start, found[-1].end
    if first.kind == "section" and len(found) == 1:
        yield Section(first.text[1:-1], start, end)
    elif first.kind == "key":
        yield _valued(found)
    else:
        yield Junk("".join(t.text for t in found), start, end)


def _valued(found: list[Token]) -> Assignment:
    key, rest = found[0], found[1:]
    if not rest or rest[0].kind != "separator":
        return Assignment(key.text, Traced("", (), key.end), key.start, key.end)
    value = _value(rest[1:], rest[0].end)
    return Assignment(key.text, value, key.start, max(value.end, rest[0].end))


def _value(found: list[Token], start: int) -> Traced:
    """The value of its lines, each backslash between them a space, without blanks around it."""
    parts = [(" " if t.kind == "continuation" else t.text, t.start, t.end) for t in found]
    while parts and not parts[-1][0].strip(_BLANK):
        parts.pop()
    while parts and not parts[0][0].strip(_BLANK):
        parts.pop(0)
    if not parts:
        return Traced("", (), start)
    text, first, last = parts[-1]
    parts[-1] = (text.rstrip(_BLANK), first, last - len(text) + len(text.rstrip(_BLANK)))
    text, first, last = parts[0]
    parts[0] = (text.lstrip(_BLANK), first + len(text) - len(text.lstrip(_BLANK)), last)
    return joined(parts, parts[0][1])
