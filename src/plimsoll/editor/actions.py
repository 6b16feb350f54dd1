"""What can be done about a finding where it is shown: accept it for a while, switch its rule off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import PurePosixPath

from msgspec import Struct

from plimsoll.editor.diagnostics import Told
from plimsoll.model.place import Span
from plimsoll.model.setting import Origin
from plimsoll.stack.statement import NAME

# So long a comment accepts a finding, unless who writes it says something else.
_ACCEPTED_FOR = timedelta(days=90)
_REASON = "say why"

# Formats in which a comment may stand alone on a line, other than behind "#".
_COMMENTS = {
    ".ini": "; {}",
    ".js": "// {}",
    ".cjs": "// {}",
    ".mjs": "// {}",
    ".ts": "// {}",
    ".groovy": "// {}",
    ".xml": "<!-- {} -->",
}
_WITHOUT_COMMENTS = frozenset({".json", ".lock"})
# Of php-fpm's pools (`www.conf`) "#" is no comment.
_SEMICOLON = frozenset({"php", "php-fpm", "pgbouncer"})
_RULES = re.compile(r"^rules:[ \t]*(?P<rest>[^#\n]*?)[ \t]*(?:#.*)?$", re.MULTILINE)
_ENTRY = re.compile(r"(?:[ \t]*(?:#.*)?\n)*(?P<indent>[ \t]+)\S")


class TextEdit(Struct, frozen=True):
    """In a file *text* takes the place of what stands at *span*. *is_new*: there is no such file."""

    path: str
    span: Span
    text: str
    is_new: bool = False


class Action(Struct, frozen=True):
    """Something to choose from, and the edits that it makes."""

    title: str
    edits: tuple[TextEdit, ...]
    is_preferred: bool = False


def actions(told: Told, text: str, statement: str | None, today: date) -> Iterator[Action]:
    """What can be done about *told*. *text*: of the file that it is shown in; *statement*: of plimsoll.yaml."""
    if told.finding is None:
        return
    comment = _comment(told, text, today)
    if comment is not None:
        yield Action(f"Accept {told.code} here until a day, with a comment", (comment,))
    off = _off(told.code, statement)
    if off is not None:
        yield Action(f"Switch {told.code} off in {NAME}", (off,))


def _comment(told: Told, text: str, today: date) -> TextEdit | None:
    """A comment above the setting; None where none may stand there."""
    setting = next(
        (
            o.setting
            for o in (told.finding.operands if told.finding else ())
            if o.setting.place == told.place
        ),
        None,
    )
    form = _form(told.place.path, setting.technology if setting else "")
    if setting is None or not form or setting.origin not in (Origin.FILE, Origin.DROP_IN):
        return None
    lines = text.split("\n")
    number = told.place.span.line
    if number > len(lines):
        return None
    line = lines[number - 1]
    before = line[: told.place.span.column - 1]
    continues = number > 1 and lines[number - 2].rstrip("\r").endswith("\\")
    is_inside_a_tag = form.startswith("<") and not line.lstrip().startswith("<")
    if before.strip() or continues or is_inside_a_tag:
        return None
    until = (today + _ACCEPTED_FOR).isoformat()
    said = form.format(f"plimsoll: ignore[{told.code}] until {until} because {_REASON}")
    end = "\r\n" if line.endswith("\r") else "\n"
    return TextEdit(told.place.path, Span(number, 1, number, 1), f"{before}{said}{end}")


def _form(path: str, technology: str) -> str:
    """How a comment is written in a file; empty where there are none."""
    suffix = PurePosixPath(path).suffix
    if suffix in _WITHOUT_COMMENTS:
        return ""
    return "; {}" if technology in _SEMICOLON else _COMMENTS.get(suffix, "# {}")


def _off(rule: str, statement: str | None) -> TextEdit | None:
    """The entry of plimsoll.yaml that switches a rule off; None where it has another shape."""
    if statement is None:
        return TextEdit(NAME, Span(1, 1, 1, 1), f"rules:\n  {rule}: off\n", is_new=True)
    found = _RULES.search(statement)
    if found is None:
        line = statement.count("\n") + 1
        column = len(statement) - (statement.rfind("\n") + 1) + 1
        gap = "" if not statement or statement.endswith("\n") else "\n"
        at = Span(line, column, line, column)
        return TextEdit(NAME, at, f"{gap}rules:\n  {rule}: off\n")
    line = statement.count("\n", 0, found.start()) + 1
    rest = found["rest"]
    if rest == "":
        entry = _ENTRY.match(statement, found.end() + 1)
        indent = entry["indent"] if entry else "  "
        behind = found.end() < len(statement)
        at = Span(line + 1, 1, line + 1, 1) if behind else _end_of(statement, line)
        return TextEdit(
            NAME, at, f"{indent}{rule}: off\n" if behind else f"\n{indent}{rule}: off\n"
        )
    if rest.startswith("{") and rest.endswith("}"):
        column = statement.index("{", found.start()) - found.start() + 2
        comma = ", " if rest[1:-1].strip() else ""
        return TextEdit(NAME, Span(line, column, line, column), f"{rule}: off{comma}")
    return None


def _end_of(text: str, line: int) -> Span:
    column = len(text.split("\n")[line - 1]) + 1
    return Span(line, column, line, column)
