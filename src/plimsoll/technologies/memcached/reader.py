"""/etc/memcached.conf as Debian makes a command line of it, and who wins.

Source: systemd-memcached-wrapper of Debian 12; memcached -h; measured on 1.6.18.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.quantity import Amount
from plimsoll.model.reader import Reader, Word, last_wins
from plimsoll.model.setting import Item, Origin, Setting, Status, Unread
from plimsoll.syntax.shell import words
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.text import Lines, Token
from plimsoll.technologies.memcached.command_line import arguments, settings
from plimsoll.technologies.memcached.endpoints import endpoints
from plimsoll.technologies.memcached.lexer import lines
from plimsoll.technologies.memcached.options import WITH_VALUE
from plimsoll.technologies.memcached.values import value

# Several of them are several addresses.
_ADD_UP = frozenset({"-l"})
_LEFT_OUT = "Debian's wrapper leaves out a line that begins with -d or -h"


def read(text: str, path: str) -> Iterator[Item]:
    """Every line of *text* that says something, in file order."""
    where = Lines(text, path)
    pending: list[Word] = []  # a line that ends with an option whose value begins the next
    for token in lines(text):
        if token.kind != "said":
            continue
        place = where.place(token.start, token.end)
        if is_unrendered(token.text):
            yield Unread(path, UNRENDERED, place)
        elif not token.text.startswith("-") and not pending:
            yield _directive(token, where)
        elif token.text.startswith(("-d", "-h")) and not pending:
            yield from _left_out(token, place)
        else:
            pending += words(token.text, place)
            if not _is_open(pending):
                yield from settings(pending, Origin.FILE)
                pending = []
    yield from settings(pending, Origin.FILE)


def _is_open(said: Sequence[Word]) -> bool:
    """Whether the last word is an option that still needs its value."""
    last = said[-1].text if said else ""
    return len(last) == 2 and last[0] == "-" and last[1] in WITH_VALUE


def _directive(token: Token, where: Lines) -> Setting:
    """`logfile /var/log/memcached.log`: a line that no option begins is for the old wrapper only."""
    name, *rest = token.text.split(None, 1)
    text = rest[0] if rest else ""
    span = (token.end - len(text), token.end) if text else None
    return Setting(name, text, where.place(token.start, token.end, span), value=text)


def _left_out(token: Token, place: Place) -> Iterator[Item]:
    found = settings(words(token.text, place), Origin.FILE)
    for each in found:
        is_whole_line = token.text in ("-d", "-h")  # what is left out is implied
        if isinstance(each, Setting) and not is_whole_line:
            yield replace(each, status=Status.IGNORED, reason=_LEFT_OUT)
        else:
            yield each


def effective(found: Sequence[Setting]) -> list[Setting]:
    """The same settings in order; the last of a name wins, but every -l is an address more.

    Every -v makes it say more: the last one has them all.
    """
    loud = [s.value.low for s in found if s.name == "-v" and isinstance(s.value, Amount)]
    last = iter(last_wins([each for each in found if each.name not in _ADD_UP]))
    settled = [each if each.name in _ADD_UP else next(last) for each in found]
    return [
        replace(each, value=Amount.of(sum(loud)))
        if each.name == "-v" and each.status is Status.EFFECTIVE
        else each
        for each in settled
    ]


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    arguments=arguments,
    endpoints=endpoints,
    refuses_unknown=True,
)
