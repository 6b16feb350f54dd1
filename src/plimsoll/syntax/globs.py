"""Paths as patterns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import translate
from functools import cache

_WILD = re.compile(r"[*?\[\]]")
_SPECIAL = re.compile(r"([*?\[])")
_PIECE = re.compile(r"\*+|\?|\[!?\]?[^\]/]*\]|.", re.S)


def literal(path: str) -> str:
    """The pattern that means just *path*."""
    return _SPECIAL.sub(r"[\1]", path)


def matches(path: str, globs: tuple[str, ...]) -> bool:
    """Whether one of *globs* means a whole path, as `compiled` says."""
    return path.endswith(_endings(globs)) and any(
        _mean(each, path.split("/")) for each in _parted(globs)
    )


@cache
def _endings(globs: tuple[str, ...]) -> tuple[str, ...]:
    """How the paths end that *globs* can mean: most paths are none of them."""
    return tuple(_WILD.split(glob.strip("/").rpartition("/")[2])[-1] for glob in globs)


@cache
def _parted(globs: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(("**", *glob.strip("/").removeprefix("**/").split("/")) for glob in globs)


def _mean(parts: Sequence[str], names: Sequence[str]) -> bool:
    """Whether the parts of a glob mean those of a path: its last one first, it excludes most."""
    *folders, last = parts
    if last == "**":
        return _lead(parts, names[:-1])
    return _means(last, names[-1]) and _lead(folders, names[:-1])


def _lead(parts: Sequence[str], folders: Sequence[str]) -> bool:
    """Whether parts of a glob mean all of the folders; where they do not, the last `**` takes more."""
    at = inside = 0
    behind = taken = -1
    while inside < len(folders):
        if at < len(parts) and parts[at] == "**":
            at, taken = at + 1, inside
            behind = at
        elif at < len(parts) and _means(parts[at], folders[inside]):
            at, inside = at + 1, inside + 1
        elif behind >= 0:
            taken += 1
            at, inside = behind, taken
        else:
            return False
    return all(part == "**" for part in parts[at:])


def _means(part: str, name: str) -> bool:
    """Whether part of a glob means a name; an expression is made only where it takes one."""
    first, *others = part.split("*")
    if _WILD.search(part.replace("*", "")):
        return _compiled_name(part).fullmatch(name) is not None
    if not others:
        return name == part
    *inner, last = others
    at, end = len(first), len(name) - len(last)
    if at > end or not name.startswith(first) or not name.endswith(last):
        return False
    for piece in inner:
        at = name.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True


@cache
def _compiled_name(part: str) -> re.Pattern[str]:
    return re.compile(_name(part), re.S)


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
