"""modprobe.d files: `options module name=value ...`, and the other commands as they stand.

Source: modprobe.d(5); measured on kmod 30. `#` begins a comment line, a backslash at the end joins
lines, and `-` and `_` are the same in the name of a module. An option is called as on the kernel's
command line: `nf_conntrack.hashsize`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from plimsoll.model.reader import Reader, last_wins
from plimsoll.model.setting import Setting, Status, Unread
from plimsoll.syntax.amounts import Dialect
from plimsoll.syntax.suggest import suggestion
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.text import Lines, Token

_WORD = r'(?:[^ \t\r\n\v\f"\\]|\\(?:\n(?=[^ \t\r\n\v\f])|[^\n])|"[^"\n]*")+'
_TOKEN = re.compile(
    rf"(?P<word>{_WORD})|(?P<continuation>\\\n)|(?P<newline>\n)|(?P<space>[ \t\r\v\f]+)"
    r'|(?P<word_>["\\])'
)
_COMMENT = re.compile(r"#(?:[^\n\\]|\\[\s\S]?)*")
_ESCAPE = re.compile(r"\\(.)")

# Commands that are no options, with the fewest words behind them.
_COMMANDS = {"alias": 2, "blacklist": 1, "install": 2, "remove": 2, "softdep": 2, "weakdep": 2}
_COMMANDS |= {"config": 1, "include": 1}

DIALECT = Dialect(true=("1", "y", "Y"), false=("0", "n", "N"), rejection=Status.IGNORED)


def tokens(text: str) -> Iterator[Token]:
    """Words, space, comments, line feeds and continuations; joined they are *text*."""
    at = 0
    if text.startswith("\ufeff"):
        yield Token("space", "\ufeff", 0)
        at = 1
    is_start = True
    while at < len(text):
        found = _COMMENT.match(text, at) if is_start else None
        kind = "comment" if found else ""
        found = found or _TOKEN.match(text, at)
        if found is None:  # never: any character is one of these
            return
        kind = kind or (found.lastgroup or "").rstrip("_")
        yield Token(kind, found[0], at)
        is_start = kind == "newline" or (is_start and kind == "space")
        at = found.end()


def read(text: str, path: str) -> Iterator[Setting | Unread]:
    """Every command, in file order; of `options` each option by itself."""
    lines = Lines(text, path)
    words: list[Token] = []
    for token in tokens(text):
        if token.kind == "word":
            words.append(token)
        elif token.kind == "newline":
            yield from _command(words, lines)
            words = []
    yield from _command(words, lines)


def _command(words: Sequence[Token], lines: Lines) -> Iterator[Setting | Unread]:
    if not words:
        return
    name, place = words[0].text, lines.place(words[0].start, words[-1].end)
    if any(is_unrendered(word.text) for word in words):
        yield Unread(lines.path, UNRENDERED, place)
    elif name == "options" and len(words) >= 3:
        yield from _options(words, lines)
    elif len(words) > _COMMANDS.get(name, len(words)):
        text = " ".join(_plain(word.text) for word in words[1:])
        value = (words[1].start, words[-1].end)
        yield Setting(name, text, lines.place(words[0].start, words[-1].end, value))
    else:
        yield Unread(lines.path, _why_skipped(name), place)


@lru_cache(maxsize=256)
def _why_skipped(name: str) -> str:
    if name == "options" or name in _COMMANDS:
        return f"{name!r} needs more words: modprobe skips the line"
    return f"modprobe knows no {name!r}{suggestion(name, ('options', *_COMMANDS))}"


def _options(words: Sequence[Token], lines: Lines) -> Iterator[Setting]:
    """The options of one line. The first place covers the words before it."""
    module = _plain(words[1].text).replace("-", "_")
    start = words[0].start
    for index, word in enumerate(words[2:]):
        name, equals, text = word.text.partition("=")
        value = (word.start + len(name) + len(equals), word.end)
        place = lines.place(word.start if index else start, word.end, value)
        yield Setting(f"{module}.{_plain(name).replace('-', '_')}", _plain(text), place)


def _plain(raw: str) -> str:
    """*raw* as the kernel sees it: a backslash joins lines, or is dropped before a character."""
    return _ESCAPE.sub(r"\1", raw.replace("\\\n", "")).replace('"', "")


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """The same settings in order; of an option the last holds, of other commands every line."""
    options = iter(last_wins([each for each in settings if "." in each.name]))
    return [next(options) if "." in each.name else each for each in settings]


READER = Reader(read=read, value=DIALECT.value, effective=effective, root="modules")
