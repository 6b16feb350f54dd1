"""What nginx refuses for how a directive is written: the number of its arguments, their notation."""

from __future__ import annotations

from collections.abc import Sequence

from plimsoll.syntax.braces import unquoted
from plimsoll.syntax.suggest import closest
from plimsoll.syntax.text import Lines, Token
from plimsoll.technologies.nginx.directives import directives
from plimsoll.technologies.nginx.levels import TABLES, Levels
from plimsoll.technologies.nginx.values import invalid, number

_BLOCKS = TABLES - {"geoip2"} | {"events", "http", "stream", "mail", "server", "location"}
_BLOCKS |= {"upstream", "if", "limit_except"}
_CLOSE = 0.9  # of two names that are as alike as this one is a slip of the other
# Words of `listen` that are names of directives too.
_LISTEN = frozenset({"ssl", "http2", "proxy_protocol"})


def refusal(words: Sequence[Token], levels: Levels) -> str:
    """Why nginx refuses the directive written as *words* at one of *levels*; empty: it does not."""
    name = unquoted(words[0])
    known = directives().get(name)
    if known is None or not levels & known.contexts:
        return ""
    count = len(words) - 1
    if count < known.least or (known.most is not None and count > known.most):
        return f'invalid number of arguments in "{name}" directive'
    if known.notation == "buffers":
        wanted = ["count", "size"]
    elif known.notation in ("flag", "count", "size", "ms", "seconds", "offset"):
        wanted = [known.notation]
    else:
        return ""
    for text, notation in zip(map(unquoted, words[1:]), wanted, strict=True):
        if "$" not in text and number(text, notation) is None:
            return invalid(name, text, notation)
    return ""


def run_on(words: Sequence[Token], levels: Levels, lines: Lines) -> int:
    """The index of the word that looks like the next directive, because a `;` is missing; else 0.

    It begins a line, is the name of a directive that may stand here, and has an argument beside it.
    """
    for at in range(1, len(words) - 1):
        known = directives().get(words[at].text)
        if known is None or not levels & known.contexts or not _begins_line(words, at, lines):
            continue
        is_argument = words[0].text == "listen" and words[at].text in _LISTEN
        if not is_argument and not _begins_line(words, at + 1, lines):
            return at
    return 0


def unended(words: Sequence[Token], lines: Lines) -> int:
    """The index of the block's name where the directive before it lacks its `;`; else 0."""
    first = words[0].text
    if first in _BLOCKS or first not in directives():
        return 0
    return next(
        (
            at
            for at in range(1, len(words))
            if words[at].text in _BLOCKS and _begins_line(words, at, lines)
        ),
        0,
    )


def missing_end(words: Sequence[Token], at: int, lines: Lines) -> str:
    """In words: where a `;` seems to be missing, before the word at that index."""
    line, _ = lines.position(words[at - 1].end)
    return f"is a ';' missing at the end of line {line}?"


def _begins_line(words: Sequence[Token], at: int, lines: Lines) -> bool:
    before, _ = lines.position(words[at - 1].end)
    return lines.position(words[at].start)[0] > before


def slip(name: str) -> str:
    """Why a name is most likely a slip: modules add names, but none that is so close to another."""
    if name in directives() or not name.isascii():
        return ""
    near = closest(name, directives(), _CLOSE)
    return f'unknown directive "{name}"; did you mean {near}?' if near else ""
