"""Files of environment variables, in the two dialects that there are: nothing runs, places are exact.

They look alike and differ: in one `A=x # y` is all value and a backslash escapes everywhere, in
the other ` #` begins a comment, `export` may stand before a name and `${B}` is replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from plimsoll.model.place import Place
from plimsoll.model.setting import Unread
from plimsoll.syntax.text import Lines
from plimsoll.syntax.traced import Traced, joined

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LOOSE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_SPACE = re.compile(r"[ \t\r]*")
_BLANK_LINES = re.compile(r"[\s\ufeff]*")
_EXPORT = re.compile(r"export[ \t]+(?=[A-Za-z_])")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "b": "\b", "a": "\a", "v": "\v"}


class EnvDialect(StrEnum):
    """*POSIX*: escapes as in a shell, no expansion. *DOTENV*: comments behind values, `${X}`."""

    POSIX = "posix"
    DOTENV = "dotenv"


class Variable(Struct, frozen=True):
    """One assignment. *value* is None where only the name stands: the caller's environment has it.

    *is_literal*: variables in it are not replaced.
    """

    name: str
    value: Traced | None
    place: Place
    is_literal: bool = True


def variables(text: str, path: str, dialect: EnvDialect) -> Iterator[Variable | Unread]:
    """The assignments of *text* in order; a line that is none is Unread, and skipped as there."""
    lines = Lines(text, path)
    at = _blank(text, 0)
    while at < len(text):
        if text[at] in ("#" if dialect is EnvDialect.DOTENV else "#;"):
            at = _line_end(text, at)
        else:
            item, at = _Reading(text, path, lines, dialect).assignment(at)
            yield item
        at = _blank(text, at)


def _blank(text: str, at: int) -> int:
    found = _BLANK_LINES.match(text, at)
    return found.end() if found else at


def _line_end(text: str, at: int) -> int:
    feed = text.find("\n", at)
    return len(text) if feed < 0 else feed


def _space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


Part = tuple[str, int, int]


class _Reading(Struct, frozen=True):
    text: str
    path: str
    lines: Lines
    dialect: EnvDialect

    def assignment(self, at: int) -> tuple[Variable | Unread, int]:
        """What stands at *at*, and where the rest begins."""
        is_dotenv = self.dialect is EnvDialect.DOTENV
        if is_dotenv and (found := _EXPORT.match(self.text, at)):
            at = found.end()
        name = (_LOOSE_NAME if is_dotenv else _NAME).match(self.text, at)
        if name is None:
            return self._unread(at, "no name of a variable")
        after = _space(self.text, name.end())
        sign = self.text[after : after + 1]
        if sign != "=" and not (is_dotenv and sign == ":"):
            if is_dotenv and sign in ("", "\n", "#"):
                place = self.lines.place(at, name.end())
                return Variable(name[0], None, place), _line_end(self.text, after)
            return self._unread(at, "no `=` behind the name")
        value, end, rest, is_literal = self._value(_space(self.text, after + 1))
        if value is None:
            return self._unread(at, "a quote is not closed")
        first, last = value.range(0, len(value.text))
        place = self.lines.place(at, max(end, last), (first, last))
        return Variable(name[0], value, place, is_literal), rest

    def _unread(self, at: int, reason: str) -> tuple[Unread, int]:
        end = _line_end(self.text, at)
        stop = at + len(self.text[at:end].rstrip())
        return Unread(self.path, reason, self.lines.place(at, stop)), end

    def _value(self, at: int) -> tuple[Traced | None, int, int, bool]:
        """A value, its end with quotes, where the rest begins, and whether it is literal."""
        if self.dialect is EnvDialect.POSIX:
            value, end = self._posix(at)
            return value, end, end, True
        quote = self.text[at : at + 1]
        if quote in ("'", '"'):
            value, end = self._quoted(at + 1, quote)
            return value, end, _line_end(self.text, end), quote == "'"
        end = self._bare_end(at)
        value = joined([(self.text[at:end], at, end)], at)
        return value, end, _line_end(self.text, end), False

    def _bare_end(self, at: int) -> int:
        """The end of a value without quotes: its line's, or where a comment begins."""
        line = self.text[at : _line_end(self.text, at)]
        comment = re.search(r"(?:^|[ \t])#", line)
        return at + len(line[: comment.start() if comment else len(line)].rstrip())

    def _quoted(self, at: int, quote: str) -> tuple[Traced | None, int]:
        start, parts, text = at, list[Part](), self.text
        while at < len(text) and text[at] != quote:
            if text[at] == "\\" and at + 1 < len(text) and (quote == '"' or text[at + 1] == "'"):
                parts.append((_dotenv_escape(text[at + 1]), at, at + 2))
                at += 2
            else:
                parts.append((text[at], at, at + 1))
                at += 1
        if at >= len(text):
            return None, at
        return joined(parts, start), at + 1

    def _posix(self, at: int) -> tuple[Traced | None, int]:
        """As a shell reads it, except that inner white space and later quotes stay."""
        start, parts, text, kept, inside = at, list[Part](), self.text, 0, False
        while at < len(text) and text[at] != "\n":
            char = text[at]
            if char in "'\"" and not inside:
                end = self._posix_quoted(at, char, parts)
                if end is None:
                    return None, at
                at, kept = end, len(parts)
            elif char == "\\":
                inside = True
                if text[at + 1 : at + 2] not in ("\n", ""):
                    parts.append((text[at + 1], at, at + 2))
                    kept = len(parts)
                at += 2
            else:
                is_space = char in " \t\r"
                inside = inside or not is_space
                if inside:
                    parts.append((char, at, at + 1))
                kept = kept if is_space else len(parts)
                at += 1
        return joined(parts[:kept], start), min(at, len(text))

    def _posix_quoted(self, at: int, quote: str, parts: list[Part]) -> int | None:
        text, at = self.text, at + 1
        while at < len(text) and text[at] != quote:
            after = text[at + 1 : at + 2]
            if quote == '"' and text[at] == "\\" and after and after in '"\\`$\n':
                if after != "\n":
                    parts.append((after, at, at + 2))
                at += 2
            else:
                parts.append((text[at], at, at + 1))
                at += 1
        return at + 1 if at < len(text) else None


def _dotenv_escape(char: str) -> str:
    """What a backslash and *char* mean; an escaped `$` becomes `$$`, which expansion makes one."""
    return "$$" if char == "$" else _ESCAPES.get(char, char)
