"""Paths as patterns."""

from __future__ import annotations

import re
from fnmatch import translate
from functools import cache

_SPECIAL = re.compile(r"([*?\[])")
_PIECE = re.compile(r"\*+|\?|\[!?\]?[^\]/]*\]|.", re.S)


def literal(path: str) -> str:
    """The pattern that means just *path*."""
    return _SPECIAL.sub(r"[\1]", path)


@cache
def compiled(globs: tuple[str, ...]) -> re.Pattern[str]:
    """What matches a whole path that one of *globs* means.

    A glob without "/" means the name of a file; with one the end of a path. `**` stands for any
    folders, or none; `*` and `?` stay within one name.
    """
    return re.compile("|".join(map(_expression, globs)) or r"(?!)", re.S)


def _expression(glob: str) -> str:
    parts = glob.strip("/").split("/")
    if parts[0] != "**":
        parts = ["**", *parts]
    *folders, last = parts
    head = "".join("(?:[^/]+/)*" if part == "**" else _name(part) + "/" for part in folders)
    return head + (".*" if last == "**" else _name(last))


def _name(part: str) -> str:
    return "".join(map(_piece, _PIECE.findall(part)))


def _piece(text: str) -> str:
    if text[0] == "*":
        return "[^/]*"
    return rf"(?!/)(?:{translate(text)})".replace(r"\Z", "") if text[0] in "?[" else re.escape(text)
