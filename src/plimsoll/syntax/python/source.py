"""Python source with the places of its nodes, in code points."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

from plimsoll.model.place import Place
from plimsoll.syntax.text import Lines

_LINE_END = re.compile(r"\r\n|\r|\n")
# Bytes that were not UTF-8 stand as lone surrogates, which the parser refuses.
_NOT_DECODED = re.compile("[\ud800-\udfff]")
_LONGEST_QUOTE = 80


class SourceError(Exception):
    """The text is no Python; *line* is where the parser stopped, where it says so."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


class Source:
    """A parsed text.

    Raises:
        SourceError: it is no Python, or nested too deeply to be read.
    """

    __slots__ = ("_ends", "_lines", "_starts", "path", "text", "tree")

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self._lines = Lines(text, path)
        mark = 1 if text.startswith("\ufeff") else 0
        self._starts, self._ends = [mark], []
        for found in _LINE_END.finditer(text):
            self._ends.append(found.start())
            self._starts.append(found.end())
        self._ends.append(len(text))
        self.tree = _parsed(_NOT_DECODED.sub("\ufffd", text[mark:]))

    def offsets(self, node: ast.AST) -> tuple[int, int]:
        """Where a node starts and ends in the text."""
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        end_line = getattr(node, "end_lineno", None) or line
        end = getattr(node, "end_col_offset", None)
        return self._offset(line, column), self._offset(end_line, column if end is None else end)

    def _offset(self, line: int, column: int) -> int:
        start = self._starts[min(line, len(self._starts)) - 1]
        text = self.text[start : self._ends[min(line, len(self._ends)) - 1]]
        if text.isascii():
            return start + column
        counted = _NOT_DECODED.sub("\ufffd", text).encode()[:column]
        return start + len(counted.decode("utf-8", "replace"))

    def place(self, first: ast.AST, last: ast.AST, value: ast.AST | None = None) -> Place:
        """From the start of *first* to the end of *last*, with that of its value."""
        start, end = self.offsets(first)[0], self.offsets(last)[1]
        return self._lines.place(start, end, self.offsets(value) if value is not None else None)

    def segment(self, node: ast.AST) -> str:
        """The text of a node."""
        start, end = self.offsets(node)
        return self.text[start:end]

    def quoted(self, node: ast.AST) -> str:
        """The text of a node on one line, cut where it is long."""
        line = " ".join(self.segment(node).split())
        return line if len(line) <= _LONGEST_QUOTE else f"{line[: _LONGEST_QUOTE - 3]}..."


def line_place(text: str, path: str, number: int | None) -> Place | None:
    """The place of a line of a text that could not be parsed, as the parser counts lines."""
    if number is None:
        return None
    starts = [0, *(found.end() for found in _LINE_END.finditer(text))]
    ends = [*(found.start() for found in _LINE_END.finditer(text)), len(text)]
    at = min(max(number, 1), len(starts)) - 1
    return Lines(text, path).place(starts[at], ends[at])


def _parsed(text: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\\d" in a string is none of our business
            return ast.parse(text)
    except SyntaxError as problem:
        raise SourceError(f"not Python: {problem.msg}", problem.lineno) from problem
    except (RecursionError, MemoryError) as problem:
        raise SourceError("not read: nested too deeply") from problem
    except ValueError as problem:  # a NUL
        raise SourceError(f"not Python: {problem}") from problem


def names_read(tree: ast.AST) -> Iterator[str]:
    """Every name that the code reads anywhere."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
