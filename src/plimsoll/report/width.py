"""How text looks in a terminal: what is visible of it, how wide it is, where lines break."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Categories that would move the cursor, turn the direction of the text or show nothing at all.
_HIDDEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})
_JOINED = frozenset({"Mn", "Me"})  # they stand on the letter before them


@lru_cache(maxsize=1024)
def shown_char(char: str) -> str:
    r"""*char* as it may be sent to a terminal: control and direction characters become visible.

    A byte that was not UTF-8 is shown as `\xff`, a lone surrogate as `\ud800`.
    """
    if " " <= char <= "~" or unicodedata.category(char) not in _HIDDEN:
        return char
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if code < 0x100:
        return f"\\x{code:02x}"
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def visible(text: str) -> str:
    """*text* with every character that a terminal would act on shown instead; tabs are spaces."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if c == "\t" else shown_char(c) for c in text)


@lru_cache(maxsize=1024)
def columns_of_char(char: str) -> int:
    """How many columns one visible character takes."""
    if char <= "~":
        return 1
    if unicodedata.category(char) in _JOINED:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def columns(text: str) -> int:
    """How many columns a visible text takes."""
    return len(text) if text.isascii() else sum(columns_of_char(c) for c in text)


def wrapped(text: str, width: int) -> list[str]:
    """*text* in lines of at most *width* columns, broken at spaces; a long word stays whole."""
    lines: list[str] = []
    line, used = "", 0
    for word in visible(text.replace("\n", " ")).split():
        needed = columns(word)
        if line and used + 1 + needed > width:
            lines.append(line)
            line, used = "", 0
        line, used = (f"{line} {word}", used + 1 + needed) if line else (word, needed)
    return [*lines, line] if line else lines


def shown_bytes(text: str) -> str:
    r"""*text* with what was not UTF-8 shown as `\xff`: a lone surrogate is no valid JSON."""
    if text.isascii():
        return text
    return "".join(shown_char(c) if "\ud800" <= c <= "\udfff" else c for c in text)
