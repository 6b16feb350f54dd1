"""What `.gitignore` files leave out: such files are found by nobody, but may be named.

Source: gitignore(5). Held against git itself in tests. A library for this takes 84 ms to load
(pathspec 1.1.1), a third of a whole check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import translate

from msgspec import Struct

NAME = ".gitignore"

_TRAILING = re.compile(r"(?<!\\)((?:\\\\)*) +\Z")
_PIECE = re.compile(r"\*+|\?|\\.|\[[!^]?\]?(?:\\.|[^\]/\\])*\]|.", re.DOTALL)


class _Line(Struct, frozen=True):
    """One pattern; it matches paths relative to the folder of its file."""

    expression: re.Pattern[str]
    is_negated: bool
    is_for_folders: bool


class Ignored(Struct, frozen=True):
    """The patterns that hold in a folder: by the folder of their file, those of the root first."""

    files: tuple[tuple[str, tuple[_Line, ...]], ...] = ()

    def below(self, folder: str, text: str) -> Ignored:
        """With what the file of a folder says too."""
        return Ignored((*self.files, (folder, tuple(_lines(text)))))

    def leaves_out(self, path: str, *, is_folder: bool) -> bool:
        """Whether the last pattern that matches *path* is one that leaves it out."""
        for folder, lines in reversed(self.files):
            inside = path[len(folder) + 1 :] if folder else path
            for line in reversed(lines):
                if (is_folder or not line.is_for_folders) and line.expression.fullmatch(inside):
                    return not line.is_negated
        return False


def _lines(text: str) -> Iterator[_Line]:
    for written in text.split("\n"):
        line = _TRAILING.sub(r"\1", written.removesuffix("\r"))
        if not line or line.startswith("#"):
            continue
        is_negated = line.startswith("!")
        body = line[1:] if is_negated else line
        expression = _expression(body.removesuffix("/"))
        if expression is not None:
            yield _Line(expression, is_negated, body.endswith("/"))


def _expression(pattern: str) -> re.Pattern[str] | None:
    """What matches the paths that a pattern means; None for one that means nothing."""
    parts = pattern.split("/")
    if len(parts) == 1:
        parts = ["**", *parts]
    elif not parts[0]:
        parts = parts[1:]
    if not any(parts):
        return None
    try:
        return re.compile("".join(_joined(parts)), re.DOTALL)
    except re.error:
        return None


def _joined(parts: Sequence[str]) -> Iterator[str]:
    last = len(parts) - 1
    for at, part in enumerate(parts):
        if part == "**":
            yield ".+" if at == last else "(?:[^/]+/)*"
        else:
            yield "".join(map(_piece, _PIECE.findall(part))) + ("" if at == last else "/")


def _piece(text: str) -> str:
    if text[0] == "*":
        return "[^/]*"
    if text[0] == "\\":
        return re.escape(text[1:])
    if text == "?":
        return "[^/]"
    if text[0] == "[" and len(text) > 1:
        inside = text.replace("[^", "[!", 1)
        return "(?!/)" + translate(inside).replace(r"\Z", "")
    return re.escape(text)
