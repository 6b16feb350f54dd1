"""Instructions of a Dockerfile, their lines joined, with the place of every character.

Source: Dockerfile reference 1.x (format, escape, here-documents), BuildKit's parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from plimsoll.syntax.text import Token
from plimsoll.syntax.traced import Traced, joined

_DIRECTIVE = re.compile(r"#[ \t]*([A-Za-z][A-Za-z0-9]*)[ \t]*=[ \t]*(.*?)[ \t\r\n]*\Z")
_DIRECTIVES = frozenset({"syntax", "escape", "check"})
_HEREDOC = re.compile(r"<<(-?)([\"']?)([A-Za-z_][A-Za-z0-9_.-]*)\2")
_NAME = re.compile(r"[ \t]*([A-Za-z]+)(?=[ \t\r\n\\`]|\Z)[ \t]*")
_TAKES_HEREDOCS = frozenset({"RUN", "COPY", "ADD"})


class Heredoc(Struct, frozen=True):
    """*is_raw*: its delimiter is quoted: no variable in it is replaced. *text* is what is between."""

    name: str
    text: Traced
    is_raw: bool


class Instruction(Struct, frozen=True):
    """*name* in capitals, empty where there is none; *arguments*: with continued lines joined."""

    name: str
    arguments: Traced
    start: int
    end: int
    heredocs: tuple[Heredoc, ...] = ()


def tokens(text: str) -> Iterator[Token]:
    """The pieces of *text*: directive, blank, comment, instruction, heredoc; joined they are it."""
    at, escape, may_direct = 0, "\\", True
    if text.startswith("\ufeff"):
        yield Token("blank", "\ufeff", 0)
        at = 1
    while at < len(text):
        end = _line_end(text, at)
        line = text[at:end]
        if not line.strip():
            yield Token("blank", line, at)
            may_direct = False
        elif line.lstrip()[0] == "#":
            found = _DIRECTIVE.match(line.lstrip()) if may_direct else None
            may_direct = found is not None and found[1].lower() in _DIRECTIVES
            if found and may_direct and found[1].lower() == "escape" and found[2] in ("\\", "`"):
                escape = found[2]
            yield Token("directive" if may_direct else "comment", line, at)
        else:
            may_direct = False
            end = _continued(text, at, escape)
            yield Token(f"instruction{escape}", text[at:end], at)
            for body in _bodies(text, at, end):
                yield body
                end = body.end
        at = end


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def _continued(text: str, at: int, escape: str) -> int:
    """Where the instruction ends that begins at *at*: behind the first line that goes not on."""
    end = _line_end(text, at)
    goes_on = _goes_on(text[at:end], escape)
    while goes_on and end < len(text):
        start, end = end, _line_end(text, end)
        if not _is_passed(text[start:end]):
            goes_on = _goes_on(text[start:end], escape)
    return end


def _goes_on(line: str, escape: str) -> bool:
    return line.rstrip().endswith(escape)


def _is_passed(line: str) -> bool:
    """Whether a line inside of an instruction is a comment or empty."""
    return not line.strip() or line.lstrip()[0] == "#"


def _bodies(text: str, start: int, end: int) -> Iterator[Token]:
    """The here-documents of the instruction that stands there; those without an end reach to it."""
    head = text[start:end]
    name = _NAME.match(head)
    if not name or name[1].upper() not in _TAKES_HEREDOCS or "<<" not in head:
        return
    at = end
    for found in _HEREDOC.finditer(head):
        begin = at
        while at < len(text):
            stop = _line_end(text, at)
            line = text[at:stop].rstrip("\r\n")
            at = stop
            if (line.lstrip("\t") if found[1] else line) == found[3]:
                break
        if at > begin:
            yield Token("heredoc", text[begin:at], begin)


def instructions(text: str) -> Iterator[Instruction]:
    """Every instruction in the order of the file."""
    waiting: Token | None = None
    bodies: list[Token] = []
    for token in tokens(text):
        if token.kind == "heredoc":
            bodies.append(token)
            continue
        if waiting is not None:
            yield _instruction(waiting, bodies)
        waiting, bodies = (token if token.kind.startswith("instruction") else None), []
    if waiting is not None:
        yield _instruction(waiting, bodies)


def _instruction(token: Token, bodies: list[Token]) -> Instruction:
    whole = _joined(token, token.kind[-1])
    name = _NAME.match(whole.text)
    behind = name.end() if name else 0
    written = whole.text.rstrip()
    arguments = whole.cut([(written[behind:], behind, max(behind, len(written)))], behind)
    start, end = whole.range(0, max(len(written), 1)) if written else (token.start, token.start)
    start += len(written) - len(written.lstrip())
    heads = _HEREDOC.finditer(token.text)
    heredocs = tuple(_heredoc(head, body) for head, body in zip(heads, bodies, strict=False))
    upper = name[1].upper() if name else ""
    return Instruction(upper, arguments, start, max(end, start), heredocs)


def _joined(token: Token, escape: str) -> Traced:
    """The instruction in one line: without escapes at line ends, comments and empty lines."""
    parts: list[tuple[str, int, int]] = []
    at = token.start
    for number, line in enumerate(_lines(token.text)):
        if number == 0 or not _is_passed(line):
            content = line.rstrip()
            if content.endswith(escape):
                content = content[:-1]
            parts.append((content, at, at + len(content)))
        at += len(line)
    return joined(parts, token.start)


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+\Z", text)


def _heredoc(head: re.Match[str], body: Token) -> Heredoc:
    lines = _lines(body.text)
    last = lines[-1].rstrip("\r\n") if lines else ""
    if (last.lstrip("\t") if head[1] else last) == head[3]:
        lines = lines[:-1]
    parts: list[tuple[str, int, int]] = []
    at = body.start
    for line in lines:
        content = line.lstrip("\t") if head[1] else line
        skipped = len(line) - len(content)
        parts.append((content, at + skipped, at + len(line)))
        at += len(line)
    return Heredoc(head[3], joined(parts, body.start), bool(head[2]))
