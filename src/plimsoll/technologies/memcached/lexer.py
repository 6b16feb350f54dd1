r"""Lines of /etc/memcached.conf as Debian's wrapper cuts them before it joins them to one command.

A `#` that has no backslash before it begins a comment, wherever it stands.

Source: systemd-memcached-wrapper of Debian 12.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from plimsoll.syntax.text import Token

_COMMENT = re.compile(r"(?<!\\)#")


def lines(text: str) -> Iterator[Token]:
    """The pieces of *text*, which joined are the text: space, comment, said."""
    at = 0
    while at < len(text):
        feed = text.find("\n", at)
        stop = len(text) if feed < 0 else feed + 1
        yield from _line(text, at, stop)
        at = stop


def _line(text: str, begin: int, stop: int) -> Iterator[Token]:
    found = _COMMENT.search(text, begin, stop)
    end = found.start() if found else stop
    said = text[begin:end].strip()
    start = text.index(said, begin) if said else end
    close = start + len(said)
    tail = len(text[end:stop].rstrip("\r\n")) + end
    pieces = (("space", begin, start), ("said", start, close), ("space", close, end))
    for kind, low, high in (*pieces, ("comment", end, tail), ("space", tail, stop)):
        if low < high:
            yield Token(kind, text[low:high], low)
