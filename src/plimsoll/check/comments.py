"""Findings that a comment accepts where the setting stands.

    max_connections = 400   # plimsoll: ignore[connections-exceed-server] until 2027-01-31 because ...

Alone on its line, it is about the next line that is neither empty nor a comment.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct

from plimsoll.check.adjust import until
from plimsoll.check.documents import FileError
from plimsoll.model.place import Place
from plimsoll.model.setting import Unread
from plimsoll.model.stack import Suppression
from plimsoll.syntax.suggest import did_you_mean
from plimsoll.syntax.text import Lines

_CALL = "plimsoll:"
_COMMENT = re.compile(
    r"(?:#|;|//|--|/\*|<!--)[^\n]*?\bplimsoll:[ \t]*ignore\b(?P<rest>[^\n]*?)[ \t]*(?:\*/|-->)?[ \t\r]*$",
    re.MULTILINE,
)
_TERMS = re.compile(
    r"[ \t]*\[(?P<rules>[^\]\n]*)\](?:[ \t]+until[ \t]+(?P<until>\S+))?"
    r"(?:[ \t]+because[ \t]+(?P<reason>.*\S))?"
)
_SAYS_NOTHING = re.compile(r"[ \t\r]*(?:(?:#|;|//|--|/\*|\*|<!--).*)?")
_HOW = "write it like `# plimsoll: ignore[rule-id] until 2027-01-31 because ...`"


class Comments(Struct, frozen=True):
    """What the comments of a stack's texts accept, and those that are not understood."""

    suppressions: tuple[Suppression, ...] = ()
    unread: tuple[Unread, ...] = ()


def in_comments(texts: Mapping[str, str], rules: Collection[str]) -> Comments:
    """The suppressions that stand in comments; *rules*: the ids that there are."""
    found = [
        each
        for path, text in texts.items()
        if _CALL in text
        for each in _of_text(text, path, rules)
    ]
    return Comments(
        tuple(each for each in found if isinstance(each, Suppression)),
        tuple(each for each in found if isinstance(each, Unread)),
    )


def _of_text(text: str, path: str, rules: Collection[str]) -> Iterator[Suppression | Unread]:
    lines = Lines(text, path)
    for comment in _COMMENT.finditer(text):
        place = lines.place(comment.start(), comment.end())
        terms = _TERMS.fullmatch(comment["rest"])
        reason = _fault(terms, rules)
        if terms is None or reason:
            yield Unread(path, reason, place)
            continue
        about = _line(text, lines, comment)
        for rule in _names(terms["rules"]):
            made = Suppression(rule, terms["reason"], place, until=terms["until"] or "", line=about)
            yield _dated(made, place)


def _fault(terms: re.Match[str] | None, rules: Collection[str]) -> str:
    """What is wrong with a comment that means to accept something; empty where nothing is."""
    if terms is None or not _names(terms["rules"]):
        return f"accepts nothing: {_HOW}"
    if not terms["reason"]:
        return f"accepts nothing without a reason: {_HOW}"
    unknown = [name for name in _names(terms["rules"]) if name not in rules]
    return f"no rule {unknown[0]!r}; {did_you_mean(unknown[0], rules)}" if unknown else ""


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _dated(made: Suppression, place: Place) -> Suppression | Unread:
    try:
        until(made)
    except FileError as problem:
        return Unread(place.path, problem.reason, place)
    return made


def _line(text: str, lines: Lines, comment: re.Match[str]) -> int:
    """The line that a comment is about: its own, or the next that says something."""
    number, _ = lines.position(comment.start())
    start = text.rfind("\n", 0, comment.start()) + 1
    if text[start : comment.start()].strip():
        return number
    following = text[comment.end() :].split("\n")[1:]
    told = (n for n, line in enumerate(following, 1) if not _SAYS_NOTHING.fullmatch(line))
    return number + next(told, 0)
