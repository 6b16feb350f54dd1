"""What a file of `rules/` offers, and what a rule is given to look at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from msgspec import Struct

from plimsoll.learn.postmortem import Postmortem
from plimsoll.learn.reading.blocks import Shape
from plimsoll.learn.reading.headings import Topic
from plimsoll.learn.reading.sections import Outline, Part
from plimsoll.learn.reading.words import sentences


class Sheet(Struct, frozen=True):
    """One postmortem to look at: what was read of it, and how it stands on its lines."""

    postmortem: Postmortem
    outline: Outline
    lines: tuple[str, ...]
    today: date

    @property
    def first_line(self) -> int:
        """Where a finding about the whole document stands."""
        if self.outline.title is not None:
            return self.outline.title.line
        return next((n for n, line in enumerate(self.lines, 1) if line.strip()), 1)

    def narrative(self) -> Iterator[tuple[Part, str]]:
        """Sentences that tell what happened; not plans, lessons, code or quoted words."""
        for part in self.outline.parts:
            if part.topic in NOT_TOLD or part.item.shape in (Shape.CODE, Shape.QUOTE):
                continue
            for sentence in sentences(part.item.text):
                yield part, sentence

    def has(self, *topics: Topic) -> bool:
        """Whether a section or label is about one of them."""
        return any(each.own in topics for each in self.outline.sections)

    def line_of(self, part: Part, words: str) -> int:
        """The line of an item on which these words stand."""
        for offset, line in enumerate(part.item.raw.split("\n")):
            if words.casefold() in line.casefold():
                return part.item.line + offset
        return part.item.line


NOT_TOLD = frozenset(
    {
        Topic.ACTIONS,
        Topic.TASKS,
        Topic.LESSONS,
        Topic.WELL,
        Topic.WRONG,
        Topic.LUCKY,
        Topic.ASIDE,
        Topic.PEOPLE,
        Topic.TITLE,
    }
)


class Found(Struct, frozen=True):
    """One place that breaks a rule. *others*: further lines that it is about."""

    line: int
    message: str
    others: tuple[int, ...] = ()


class LintRule(Struct, frozen=True):
    """*hint*: what to do about it. *is_on*: off where fewer than nine in ten findings were true."""

    id: str
    title: str
    hint: str
    find: Callable[[Sheet], Iterator[Found]]
    is_warning: bool = True
    is_on: bool = True


class Rules(Struct, frozen=True):
    """What a file of `rules/` offers as RULES."""

    all: tuple[LintRule, ...]


def words(pattern: str) -> re.Pattern[str]:
    """A pattern of whole words, in any case."""
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)
