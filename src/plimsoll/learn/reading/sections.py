"""Which item stands in which section: headings, labels and their reach."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.learn.reading.blocks import Item, Shape
from plimsoll.learn.reading.clock import stamp_at, stamps
from plimsoll.learn.reading.headings import Topic, bare, label_topic, topic_of

_SOFT, _LABEL, _BULLET_LABEL = 7, 8, 10
# Headings inside of a list of actions that only say what these are for.
_KINDS_OF_ACTION = frozenset({Topic.DETECTION, Topic.RESOLUTION, Topic.RESPONSE, Topic.IMPACT})
# Headings inside of a timeline that name a stage of it.
_STAGES = frozenset(
    {
        Topic.DETECTION,
        Topic.RESPONSE,
        Topic.RESOLUTION,
        Topic.IMPACT,
        Topic.START,
        Topic.END,
        Topic.PERIOD,
    }
)
_DEEDS = re.compile(r"(?:immediate )?actions?(?: taken)?:?$", re.IGNORECASE)
# What a bullet in these says is an item of them, whatever its first words are.
_LISTS = frozenset(
    {Topic.ACTIONS, Topic.TASKS, Topic.FACTORS, Topic.LESSONS, Topic.WELL, Topic.WRONG, Topic.LUCKY}
)
_OF_TIMES = frozenset({Topic.TIMELINE, Topic.MILESTONES})
_FACTS = frozenset({Topic.IMPACT, Topic.CAUSE, Topic.RESOLUTION, Topic.DETECTION, Topic.TRIGGER})
_ONE_LINE = frozenset(
    {Topic.PEOPLE, Topic.SEVERITY, Topic.PERIOD, Topic.START, Topic.END, Topic.TITLE}
)
_LABEL_TEXT = re.compile(
    r"(?P<name>[^:\uff1a\n]{2,60}?)\s?(?:(?<!\d)[:\uff1a]|[:\uff1a](?!\d))\s*(?P<rest>.*)$",
    re.DOTALL,
)
_BOLD_LABEL = re.compile(
    r"\s*(?:\*\*|__)(?P<name>[^*_\n]{2,60}?)\s?[:\uff1a]?(?:\*\*|__)\s*(?P<sign>[:\uff1a\u00b7|\u2014\u2013-])?\s*(?P<rest>\S?)"
)
_PROSE_MARK = re.compile(r"[.!?,;]\s*$")


class Section(Struct, frozen=True):
    """*topic*: its own, else that of the section around it. *parent*: -1 at the top."""

    title: str
    topic: Topic | None
    own: Topic | None
    level: int
    line: int
    parent: int


class Part(Struct, frozen=True):
    """An item in its section. *label*: what stood before its text on the line."""

    item: Item
    section: int
    topic: Topic | None
    label: str = ""


class Outline(Struct, frozen=True):
    """*sections*: the first is the document itself."""

    title: Item | None
    sections: tuple[Section, ...]
    parts: tuple[Part, ...]

    def of(self, *topics: Topic) -> Iterator[Part]:
        """The items whose innermost known section is about one of *topics*."""
        return (part for part in self.parts if part.topic in topics)

    def has_children(self, section: int) -> bool:
        return any(each.parent == section for each in self.sections)

    def ancestors(self, section: int) -> Iterator[Section]:
        while section >= 0:
            yield self.sections[section]
            section = self.sections[section].parent


def outline_of(items: Sequence[Item]) -> Outline:
    """Every item with the section that it is in."""
    return _Outliner(items).outline()


class _Outliner:
    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        self.sections = [Section("", None, None, 0, 0, -1)]
        self.open = [0]
        self.parts: list[Part] = []
        self.title = _title(items)
        self.has_timeline = any(
            item.shape is Shape.HEADING and topic_of(item.text) is Topic.TIMELINE for item in items
        )

    def outline(self) -> Outline:
        for at, item in enumerate(self.items):
            if item is self.title:
                continue
            before = self.items[at - 1] if at else None
            after = self.items[at + 1] if at + 1 < len(self.items) else None
            self._take(item, before, after)
        return Outline(self.title, tuple(self.sections), tuple(self.parts))

    @property
    def topic(self) -> Topic | None:
        return self.sections[self.open[-1]].topic

    def _take(self, item: Item, before: Item | None, after: Item | None) -> None:
        if item.shape is Shape.HEADING:
            self._heading(item, after)
        elif item.shape in (Shape.PARAGRAPH, Shape.BULLET):
            self._leave_labels(item)
            if not self._standing_label(item, before, after) and not self._label(item):
                self._put(item)
        elif not self._fact(item):
            self._put(item)

    def _fact(self, item: Item) -> bool:
        """A row of a table of facts that is a section of its own: Impact | 45 % of the customers."""
        if len(item.cells) != 2 or not item.cells[1] or self.topic in _LISTS | _OF_TIMES:
            return False
        topic = label_topic(item.cells[0])
        if topic not in _FACTS:
            return False
        self._start(item.cells[0], topic, _LABEL, item.line)
        self._put(
            replace(item, shape=Shape.PARAGRAPH, text=item.cells[1], cells=(), header=()),
            item.cells[0],
        )
        self.open.pop()
        return True

    def _heading(self, item: Item, after: Item | None) -> None:
        is_timed = _begins_with_time(item.text) and not (
            topic_of(_rest(item.text)) and item.depth < 3
        )
        if is_timed and (self.topic is Topic.TIMELINE or not self.has_timeline):
            self._close_from(_SOFT if self.topic is not Topic.TIMELINE else _LABEL)
            self._put(item)
            return
        if (
            item.is_soft
            and self.topic in _LISTS
            and topic_of(item.text) is None
            and not _is_shape(after, Shape.BULLET)
        ):
            self._put(item)
            return
        found = _LABEL_TEXT.match(item.text)
        if found and found["rest"] and (topic := label_topic(found["name"])):
            self._start(found["name"], topic, item.depth, item.line)
            self._put(replace(item, shape=Shape.PARAGRAPH, text=found["rest"]), found["name"])
            return
        self._start(item.text, topic_of(item.text), item.depth, item.line)

    def _standing_label(self, item: Item, before: Item | None, after: Item | None) -> bool:
        """A line that is nothing but the name of a section."""
        text = item.text
        is_colon = text.endswith((":", "\uff1a"))
        name = bare(text)
        topic = topic_of(name) if len(name.split()) <= 9 else None
        if _begins_with_time(text):
            return False
        if item.shape is Shape.BULLET:
            if topic is None and self.topic not in _LISTS and _heads_bullets(item, after):
                self._start(name, None, _BULLET_LABEL + item.depth, item.line)
                return True
            if topic is None:
                return False
            if _is_numbered_name(item, after) and self.topic not in (Topic.ACTIONS, Topic.TASKS):
                self._start(name, topic, _SOFT, item.line)
                return True
            if _is_numbered_name(item, after) and text.isupper():
                self._start(name, topic, _SOFT, item.line)
                return True
            is_whole_bold = item.is_bold and item.raw.strip().rstrip(":").endswith(
                ("**", "__", ":**")
            )
            if not (is_whole_bold or (is_colon and (item.is_bold or len(name.split()) <= 5))):
                return False
            if self.topic in _LISTS and not item.is_bold:
                return False
            self._start(name, topic, _BULLET_LABEL + item.depth, item.line)
            return True
        if topic is None:
            return False
        if not is_colon and (
            _labelled(item)[1]
            or len(name.split()) > 6
            or _PROSE_MARK.search(text)
            or after is None
            or (not name[:1].isupper() and name.isascii())
            or (_is_shape(before, Shape.BULLET) and item.depth > 0)
        ):
            return False
        if is_colon and self.topic in (Topic.ACTIONS, Topic.TASKS) and len(name.split()) > 6:
            return False
        is_stage = self.topic is Topic.TIMELINE and _is_stage(name, topic)
        if is_stage and after is not None and _begins_with_time(after.text):
            self._start(name, Topic.TIMELINE, _LABEL, item.line)
            return True
        self._start(name, topic, _SOFT, item.line)
        return True

    def _label(self, item: Item) -> bool:
        """A name of a section with its text on the same line."""
        name, rest = _labelled(item)
        topic = label_topic(name) if name else None
        if topic is None:
            return False
        is_bullet = item.shape is Shape.BULLET
        if is_bullet and self.topic in _LISTS:
            return False
        if self.topic in (Topic.TIMELINE, Topic.MILESTONES) and (
            is_bullet or _has_time(rest) or _begins_with_time(item.text)
        ):
            return False
        level = _BULLET_LABEL + item.depth if is_bullet else _LABEL
        self._start(name, topic, level, item.line)
        if rest:
            self._put(replace(item, text=rest), name)
        if topic in _ONE_LINE and rest:
            self.open.pop()
        return True

    def _leave_labels(self, item: Item) -> None:
        """A bullet as far left as the one whose label is open ends that section."""
        level = self.sections[self.open[-1]].level
        if level >= _BULLET_LABEL:
            is_left = item.depth <= level - _BULLET_LABEL
            if item.shape is Shape.BULLET and is_left:
                self._close_from(_BULLET_LABEL + item.depth)
            elif item.shape is Shape.PARAGRAPH and item.depth == 0 and self._has_text():
                self._close_from(_BULLET_LABEL)

    def _has_text(self) -> bool:
        return bool(self.parts) and self.parts[-1].section == self.open[-1]

    def _close_from(self, level: int) -> None:
        while len(self.open) > 1 and self.sections[self.open[-1]].level >= level:
            self.open.pop()

    def _start(self, title: str, topic: Topic | None, level: int, line: int) -> None:
        self._close_from(level)
        around = self.open[-1]
        own = topic
        outer = self.sections[around].topic
        if around and (
            topic is None
            or (outer in (Topic.ACTIONS, Topic.TASKS) and topic in _KINDS_OF_ACTION)
            or (outer is Topic.TIMELINE and level < _SOFT and _is_stage(title, topic))
        ):
            topic = outer
        self.sections.append(Section(bare(title), topic, own, level, line, around))
        self.open.append(len(self.sections) - 1)

    def _put(self, item: Item, label: str = "") -> None:
        self.parts.append(Part(item, self.open[-1], self.topic, label))


def _title(items: Sequence[Item]) -> Item | None:
    """The heading that names the document: the first, where it is alone on its level."""
    headings = [item for item in items if item.shape is Shape.HEADING]
    hard = [item for item in headings if not item.is_soft]
    first = (hard or headings)[0] if headings else None
    if first is None:
        return None
    if hard and headings[0] is not first and topic_of(headings[0].text) is None and len(hard) > 1:
        first = headings[0] if not _begins_with_time(headings[0].text) else first
    peers = [item for item in headings if item.depth == first.depth]
    words = bare(first.text).split()
    topic = topic_of(first.text)
    if (
        topic is not None
        and (len(words) <= 3 or len(peers) > 1)
        and not _NAMES_REPORT.search(first.text)
    ):
        return None
    if first.is_soft and items and first is not items[0]:
        return None
    return first


_NAMES_REPORT = re.compile(
    r"post.?mortem|incident report|outage report|ポストモーテム|インシデント|事故报告|复盘",
    re.IGNORECASE,
)


def _is_stage(title: str, topic: Topic) -> bool:
    return topic in _STAGES or _DEEDS.match(bare(title)) is not None


def _is_numbered_name(item: Item, after: Item | None) -> bool:
    """1. TIMELINE, and no 2. below it: a heading of a text that numbers its sections."""
    if item.number is None or item.depth or after is None or len(item.text.split()) > 7:
        return False
    goes_on = after.shape is Shape.BULLET and after.number == item.number + 1
    is_name = item.text.isupper() or all(w[:1].isupper() or len(w) <= 3 for w in item.text.split())
    return is_name and not goes_on and not _PROSE_MARK.search(item.text)


def _heads_bullets(item: Item, after: Item | None) -> bool:
    """Whether a bullet is a bold name with further bullets below it."""
    is_whole_bold = item.is_bold and item.raw.strip().rstrip(":").endswith(("**", "__"))
    return (
        is_whole_bold
        and after is not None
        and after.shape is Shape.BULLET
        and after.depth > item.depth
    )


def _labelled(item: Item) -> tuple[str, str]:
    """The label of an item and the text behind it; empty without one."""
    if bold := _BOLD_LABEL.match(item.raw):
        name = bold["name"].strip()
        is_marked = bold["sign"] or ":" in item.raw[: bold.end()]
        if is_marked and item.text.startswith(name):
            return name, item.text[len(name) :].lstrip(" :\uff1a\u00b7|\u2014\u2013-")
    if found := _LABEL_TEXT.match(item.text):
        return found["name"], found["rest"]
    return "", ""


def _begins_with_time(text: str) -> bool:
    return stamp_at(text.lstrip("[(~ "), 0, is_entry=True) is not None


def _rest(text: str) -> str:
    found = stamp_at(text.lstrip("[(~ "), 0, is_entry=True)
    return text.lstrip("[(~ ")[found.end :].strip(" -:,|") if found else text


def _has_time(text: str) -> bool:
    return any(each.moment.has_clock for each in stamps(text[:200]))


def _is_shape(item: Item | None, shape: Shape) -> bool:
    return item is not None and item.shape is shape
