"""The entries of a timeline: where it stands, what has a time, and which day and zone that is of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.learn.moment import Moment
from plimsoll.learn.reading.blocks import Item, Shape
from plimsoll.learn.reading.clock import Stamp, stamp_at, stamps
from plimsoll.learn.reading.headings import Topic
from plimsoll.learn.reading.sections import Outline, Part
from plimsoll.learn.reading.zones import Zone, zone_in

_LEAD = re.compile(
    r"[\s\[(~*\u2192>|-]*(?:T0\s*[=:]\s*)?(?:(?:at|on|by|around|about|from|since|à|a las|às|um|le|el)\s+)?[\s~]*",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"^[\s\])]*(?:\([^()]{0,30}\d:\d\d[^()]{0,10}\)\s*)?[\s:\uff1a|,;.\-\u2013\u2014\u2192>=*\u3001\])]*(?:(?:hrs?|hours|[Uu]hr)\b[\s:.\-\u2013]*)?"
)
_AGO = re.compile(
    r"(?P<count>\d{1,3}|an?|one|two|three|four|five|six|seven|eight|ten|fifteen|twenty|thirty)\s+"
    r"(?P<unit>min(?:ute)?s?|hours?)\s+(?:later|after\w*)\b",
    re.IGNORECASE,
)
_SINCE_START = re.compile(
    r"T\s?\+\s?(?:(?P<hours>\d{1,2}):(?P<minutes>[0-5]\d)(?::\d\d)?|(?P<count>\d{1,4})\s?(?P<unit>s|sec|m|min(?:ute)?s?|h|hours?|hrs?)?)\b",
    re.IGNORECASE,
)
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
           "eight": 8, "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30}  # fmt: skip
_ABOUT_TIMES = re.compile(
    r"\b(?:all|note:?|the following|unless)\b.{0,60}\b(?:times?|timestamps?|events?|hours)\b|^_?times? (?:are|is|in)\b|時刻は|все время",
    re.IGNORECASE,
)
_TIME_HEADER = re.compile(
    r"time|date|when|hour|utc|clock|時刻|日時|时间|時間|시간|heure|hora|zeit|uhr|время",
    re.IGNORECASE,
)
_NO_TIME_HEADER = re.compile(
    r"duration|elapsed|ttd|ttr|latency|response time|minutes", re.IGNORECASE
)
_YESTERDAY = re.compile(
    r"(?:veille|the (?:day|night) before|previous (?:day|night)|la víspera|am vortag|накануне)\b[\s,:]*",
    re.IGNORECASE,
)
_NEXT_DAY = re.compile(
    r"(?:the )?(?:next|following) (?:day|morning)\b[\s,:]*(?:at\s+)?|le lendemain\b[\s,:]*|al día siguiente[\s,:]*|翌日|次日|第二天|\(\+1\)|\+1d?\b\s*",
    re.IGNORECASE,
)
_MIDNIGHT_STEP = 6 * 60
_MOST_WORDS_BEFORE = 8


class Timed(Struct, frozen=True):
    """An entry as it stands. *stamp*: None where it has no time of its own."""

    stamp: Stamp | None
    text: str
    line: int
    part: Part
    day_shift: int = 0  # said in words: the day before, the next day
    later_by: int | None = None  # minutes after the entry before it
    since_start: int | None = None  # minutes after the start


class Group(Struct, frozen=True):
    """The entries of one section that has times."""

    section: int
    topic: Topic | None
    entries: tuple[Timed, ...]
    strays: tuple[Part, ...] = ()

    @property
    def timed(self) -> int:
        return sum(
            1
            for e in self.entries
            if (e.stamp or e.later_by or e.since_start is not None) and not _is_only_day(e)
        )

    @property
    def has_clocks(self) -> bool:
        return any(each.stamp and each.stamp.moment.has_clock for each in self.entries)


def timeline_of(found: Sequence[Group]) -> Group | None:
    """The fullest timeline: that of a section called so, else where most entries begin with a time."""
    groups = [group for group in found if group.timed]
    named = [group for group in groups if group.topic is Topic.TIMELINE]
    if named:
        best = max(named, key=lambda group: group.timed)
        rivals = [
            g for g in groups if g.topic is not Topic.TIMELINE and g.timed > 2 * best.timed + 2
        ]
        return max(rivals, key=lambda group: group.timed) if rivals else best
    loose = [
        group
        for group in groups
        if (group.timed >= 2 and (group.has_clocks or group.topic is Topic.MILESTONES))
        and group.topic not in _NEVER
    ]
    return max(loose, key=lambda group: group.timed) if loose else None


_NEVER = frozenset(
    {Topic.ACTIONS, Topic.TASKS, Topic.ASIDE, Topic.PEOPLE, Topic.LESSONS, Topic.START, Topic.END}
)


def milestones_of(groups: Sequence[Group]) -> Group | None:
    """The list of key events, whether or not there is a timeline beside it."""
    found = [g for g in groups if g.topic is Topic.MILESTONES and g.timed]
    return max(found, key=lambda group: group.timed) if found else None


def groups_of(outline: Outline) -> Iterator[Group]:
    """The parts of each section that may be a timeline, with the parts of the sections in it."""
    held: dict[int, list[Part]] = {}
    for part in outline.parts:
        held.setdefault(_home(outline, part), []).append(part)
    for section, parts in held.items():
        entries, strays = _entries(parts, outline.sections[section].topic)
        yield Group(section, outline.sections[section].topic, tuple(entries), tuple(strays))


def _home(outline: Outline, part: Part) -> int:
    """The outermost section of a timeline around a part, else its own."""
    home = part.section
    if part.topic is not Topic.TIMELINE:
        return home
    at = part.section
    while at >= 0 and outline.sections[at].topic is Topic.TIMELINE:
        home, at = at, outline.sections[at].parent
    return home


def _entries(parts: Sequence[Part], topic: Topic | None) -> tuple[list[Timed], list[Part]]:
    """Entries in the order of the text; what goes on with one is part of its text."""
    out: list[Timed] = []
    strays: list[Part] = []
    pending: Timed | None = None  # a date alone: the day of what follows, or an entry
    for part in parts:
        item = part.item
        if item.shape is Shape.CODE or (
            _ABOUT_TIMES.search(item.text[:160]) and not _leading(item.text)
        ):
            continue
        timed = _timed(part, topic)
        if (
            timed is not None
            and timed.stamp is not None
            and _is_day(timed.stamp)
            and not timed.text
        ):
            if pending is not None:
                out.append(pending)
            pending = timed
            continue
        if timed is not None:
            if pending is not None:
                out.append(replace(pending, text=""))
            out.append(timed)
            pending = None
            continue
        if pending is not None and item.shape is not Shape.HEADING:
            out.append(replace(pending, text=item.text))
            pending = None
            continue
        _untimed(part, topic, out, strays)
    if pending is not None:
        out.append(pending)
    return out, strays


def _is_only_day(entry: Timed) -> bool:
    """Whether it only says of which day the entries below it are."""
    return bool(entry.stamp and _is_day(entry.stamp) and not entry.text)


def _untimed(part: Part, topic: Topic | None, out: list[Timed], strays: list[Part]) -> None:
    """An item without a time: it goes on with an entry, or is one of its own."""
    item = part.item
    last = out[-1] if out else None
    goes_on = (
        last is not None
        and last.stamp is not None
        and (
            last.part.item.shape is Shape.HEADING
            or (
                item.shape is Shape.PARAGRAPH
                and (not last.text or item.depth > last.part.item.depth)
            )
            or (item.shape is Shape.BULLET and (not last.text or item.depth > last.part.item.depth))
            or (item.shape is Shape.BULLET and last.part.item.shape is Shape.PARAGRAPH)
            or item.shape is Shape.QUOTE
        )
    )
    if goes_on and last is not None:
        out[-1] = replace(last, text=f"{last.text} {item.text}".strip())
    elif topic is Topic.TIMELINE and item.shape in (Shape.BULLET, Shape.ROW) and last is not None:
        if item.shape is Shape.ROW and not any(item.cells[1:]):
            return
        out.append(Timed(None, _row_text(item, -1) if item.cells else item.text, item.line, part))
    else:
        strays.append(part)


def _is_day(stamp: Stamp) -> bool:
    return not stamp.moment.has_clock and not stamp.is_unknown and stamp.moment.has_date


def _leading(text: str) -> bool:
    lead = _LEAD.match(text)
    return stamp_at(text, lead.end() if lead else 0, is_entry=True) is not None


def _timed(part: Part, topic: Topic | None) -> Timed | None:
    item = part.item
    if item.shape is Shape.ROW:
        return _timed_row(part)
    if item.shape not in (Shape.BULLET, Shape.PARAGRAPH, Shape.HEADING):
        return None
    text = f"{part.label}: {item.text}" if part.label and _leading(part.label) else item.text
    shift, begin = _shift(text)
    lead = _LEAD.match(text, begin)
    at = lead.end() if lead else begin
    stamp = stamp_at(text, at, is_entry=True)
    if stamp is None and at > begin:
        stamp = stamp_at(text, begin, is_entry=True)
    if stamp is not None and (stamp.is_unknown or not stamp.moment.is_nothing):
        if item.shape is Shape.PARAGRAPH and not _stands_before(text, stamp, topic):
            return None
        return Timed(stamp, _BEHIND.sub("", text[stamp.end :]), item.line, part, shift)
    if found := _SINCE_START.match(text, at):
        return Timed(
            None,
            _BEHIND.sub("", text[found.end() :]),
            item.line,
            part,
            since_start=_minutes_of(found),
        )
    if found := _AGO.match(text, at):
        count = found["count"].casefold()
        minutes = (int(count) if count.isdigit() else _COUNTS[count]) * (
            60 if found["unit"][0] in "hH" else 1
        )
        return Timed(None, _BEHIND.sub("", text[found.end() :]), item.line, part, later_by=minutes)
    return _timed_behind(part, text, topic) or _timed_in_sentence(part, text)


def _minutes_of(found: re.Match[str]) -> int:
    if found["hours"]:
        return 60 * int(found["hours"]) + int(found["minutes"])
    count, unit = int(found["count"]), (found["unit"] or "m")[0].casefold()
    return count * 60 if unit == "h" else count // 60 if unit == "s" else count


def _shift(text: str) -> tuple[int, int]:
    if found := _YESTERDAY.match(text):
        return -1, found.end()
    if found := _NEXT_DAY.match(text):
        return 1, found.end()
    return 0, 0


_PROSE_BEHIND = re.compile(
    r"\s*,?\s*(?:the|we|our|an?|all(?! clear)|some|users?|it|this|there|in|during)\b"
)


def _stands_before(text: str, stamp: Stamp, topic: Topic | None) -> bool:
    """Whether a paragraph's time names its entry: in prose it only begins a sentence."""
    if topic is Topic.TIMELINE or topic is Topic.MILESTONES:
        return True
    if not stamp.moment.has_clock or stamp.until is not None:
        return False
    return not _PROSE_BEHIND.match(text, stamp.end) or len(text) - stamp.end < 4


_IN_SENTENCE = re.compile(
    r"\b(?:at|around|about|by|on)\s+(?:about\s+|approximately\s+|around\s+)?$", re.IGNORECASE
)


def _timed_in_sentence(part: Part, text: str) -> Timed | None:
    """A bullet of a timeline that names its time in its first sentence, and no other."""
    if part.topic is not Topic.TIMELINE or part.item.shape is not Shape.BULLET:
        return None
    found = [s for s in stamps(text[:300]) if s.moment.has_clock]
    if len(found) != 1 or found[0].start > 100 or not _IN_SENTENCE.search(text[: found[0].start]):
        return None
    return Timed(found[0], text, part.item.line, part)


def _timed_behind(part: Part, text: str, topic: Topic | None) -> Timed | None:
    """A name and then its time: "First detected 2024-05-12 14:05", "Detection (8:00 PM): ..."."""
    if topic not in (Topic.TIMELINE, Topic.MILESTONES) or (
        part.item.shape is Shape.HEADING and topic is None
    ):
        return None
    for stamp in stamps(text[:140]):
        before, behind = text[: stamp.start], text[stamp.end :]
        words = before.split()
        is_label = len(words) <= _MOST_WORDS_BEFORE and not re.search(r"[.!?]\s", before)
        is_bracketed = before.rstrip().endswith(("(", "[")) and behind.lstrip()[:1] in (
            ")",
            "]",
            ",",
        )
        is_last = not behind.strip(" .)]\u3002*-")
        if is_label and (
            is_bracketed or is_last or before.rstrip().endswith((":", "\uff1a", "@", "-"))
        ):
            name = before.strip(" (:[-\uff1a@")
            rest = _BEHIND.sub("", behind)
            return Timed(stamp, f"{name}: {rest}" if rest else name, part.item.line, part)
        return None
    return None


def _timed_row(part: Part) -> Timed | None:
    """A row whose first cells hold its time; a day and a clock may be in two cells."""
    cells, header = part.item.cells, part.item.header
    stamp: Stamp | None = None
    used: list[int] = []
    shift = 0
    for at, cell in enumerate(cells[:4]):
        name = header[at] if at < len(header) else ""
        if _NO_TIME_HEADER.search(name):
            continue
        begin = 0
        moved, begin = _shift(cell)
        lead = _LEAD.match(cell, begin)
        found = stamp_at(cell, lead.end() if lead else begin, is_entry=True) or stamp_at(
            cell, begin, is_entry=True
        )
        if found is None or (not found.is_unknown and found.moment.is_nothing):
            continue
        is_time = _TIME_HEADER.search(name) or len(cell[found.end :].strip(" )]*.\u3000")) <= 12
        if not is_time:
            continue
        shift = moved or shift
        if stamp is None:
            stamp, used = found, [at]
        elif _is_day(stamp) and found.moment.has_clock and not found.moment.has_date:
            stamp = replace(found, moment=found.moment.dated_as(stamp.moment))
            used.append(at)
        else:
            break
    if stamp is None:
        return None
    text = " ".join(cell for at, cell in enumerate(cells) if at not in used and cell)
    return Timed(stamp, text, part.item.line, part, shift)


def _row_text(item: Item, without: int) -> str:
    return " ".join(cell for at, cell in enumerate(item.cells) if at != without and cell)


class Resolved(Struct, frozen=True):
    """An entry with its whole time, as far as the text gives it."""

    at: Moment | None
    until: Moment | None
    text: str
    line: int
    is_approximate: bool
    stamp: Stamp | None


def resolved(
    entries: Sequence[Timed],
    day: Moment | None,
    zone: Zone | None,
    start: Moment | None,
    *,
    is_day_of_all: bool = False,
) -> list[Resolved]:
    """Entries with the day that holds for each and their offset.

    *day*: that of the first entry where it states none; *is_day_of_all*: of every such entry. A clock that steps back by more than six
    hours, from evening to morning, is on the next day; a smaller step is an entry out of order.
    """
    out: list[Resolved] = []
    now, days, last_clock = day, 0, None
    halves = _halves(entries) or _halves_by_start(entries, start)
    for at, entry in enumerate(entries):
        stamp = entry.stamp
        if stamp is None:
            out.append(
                Resolved(
                    _relative(entry, out, start),
                    None,
                    entry.text,
                    entry.line,
                    is_approximate=False,
                    stamp=None,
                )
            )
            continue
        moment = stamp.moment
        if halves and moment.hour is not None:
            moment = replace(moment, hour=moment.hour + halves[at])
        if moment.has_date:
            moment = moment.dated_as(now)
            if not is_day_of_all or _is_only_day(entry):
                now, days = replace(moment, hour=None, minute=None, second=0), 0
                last_clock = moment.clock
        elif moment.has_clock:
            clock = moment.clock or 0
            if (
                last_clock is not None
                and last_clock - clock > _MIDNIGHT_STEP
                and last_clock >= 18 * 60
            ):
                days += 1
            last_clock = clock
            moment = moment.dated_as(now).days_later(days + entry.day_shift)
        until = stamp.until
        known = stamp.zone or zone
        offset = known.offset(moment.date) if known and moment.has_clock else None
        moment = replace(moment, offset=offset)
        if _is_only_day(entry) and at + 1 < len(entries):
            continue
        if until is not None:
            until = replace(until.dated_as(moment), offset=offset)
        out.append(Resolved(None if moment.is_nothing else moment, until, entry.text, entry.line,
                            is_approximate=stamp.is_approximate, stamp=stamp))  # fmt: skip
    return out


def _halves(entries: Sequence[Timed]) -> list[int]:
    """Hours to add to clocks of twelve hours that were written without their half of the day.

    Only where some entry says PM or AM and the order shows it for the bare ones: 11:50 AM, 12:10, 1:05.
    """
    stamped = [e.stamp for e in entries]
    if not any(s and s.has_half for s in stamped) or not any(s and s.is_half_open for s in stamped):
        return []
    out, last = [0] * len(entries), -1
    for at, stamp in enumerate(stamped):
        if stamp is None or stamp.moment.clock is None:
            continue
        clock = stamp.moment.clock
        if (
            stamp.is_half_open
            and last >= 12 * 60
            and clock < last
            and last <= clock + 720
            and clock < 720
        ):
            out[at] = 12
            clock += 720
        last = clock
    return out


def _halves_by_start(entries: Sequence[Timed], start: Moment | None) -> list[int]:
    """The same where only the summary says PM: the first entry is twelve hours before the start."""
    stamped = [e.stamp for e in entries if e.stamp and e.stamp.moment.clock is not None]
    if (
        not stamped
        or start is None
        or start.clock is None
        or not all(s.is_half_open for s in stamped)
    ):
        return []
    if abs((stamped[0].moment.clock or 0) + 720 - start.clock) > _NEAR:
        return []
    out: list[int] = []
    turned = False
    for entry in entries:
        hour = entry.stamp.moment.hour if entry.stamp else None
        turned = turned or (hour == 12 and bool(out) and start.clock >= 1320)
        out.append(12 if hour is not None and hour < 12 and not turned else 0)
    return out


_NEAR = 60  # minutes


_LEAST_BACKWARDS = 4


def newest_first(entries: Sequence[Timed]) -> bool:
    """Whether every entry is earlier than the one above it: a list that was written upwards."""
    told = [
        (*(part or 0 for part in e.stamp.moment.date), e.stamp.moment.clock or 0)
        for e in entries
        if e.stamp and e.stamp.moment.has_clock
    ]
    return len(told) >= _LEAST_BACKWARDS and all(a > b for a, b in pairwise(told))


def _relative(entry: Timed, before: Sequence[Resolved], start: Moment | None) -> Moment | None:
    first = next((each.at for each in before if each.at), None)
    origin, minutes = start or first, entry.since_start
    if entry.later_by is not None:
        origin = next((each.at for each in reversed(before) if each.at), None)
        minutes = entry.later_by
    if origin is None or minutes is None or origin.clock is None:
        return None
    total = origin.clock + minutes
    shifted = replace(origin, hour=total // 60 % 24, minute=total % 60)
    return shifted.days_later(total // 1440)


def zone_of(outline: Outline, group: Group | None, title: str) -> tuple[Zone, int, float] | None:
    """The zone of the document's clocks, its line, and how sure that is."""
    for part in outline.parts:
        if _ABOUT_TIMES.search(part.item.text[:200]) and (zone := zone_in(part.item.text)):
            return zone, part.item.line, 0.95
    for section in outline.sections:
        if section.topic is Topic.TIMELINE and (zone := zone_in(section.title)):
            return zone, section.line, 0.95
    if group is not None:
        for each in group.entries:
            if each.part.item.header and (zone := zone_in(" ".join(each.part.item.header[:2]))):
                return zone, each.part.item.line, 0.95
        named = [
            (each.stamp.zone, each.line) for each in group.entries if each.stamp and each.stamp.zone
        ]
        if named:
            names = [zone.name for zone, _ in named]
            common = max(names, key=names.count)
            return next((zone, line, 0.9) for zone, line in named if zone.name == common)
    named_in_text = [
        (stamp.zone, part.item.line)
        for part in outline.parts
        if part.topic in _STATES_TIMES and part.item.shape is not Shape.CODE
        for stamp in stamps(part.item.text[:600])
        if stamp.zone and stamp.moment.has_clock
    ]
    if named_in_text:
        return named_in_text[0][0], named_in_text[0][1], 0.85
    for part in outline.parts:
        if part.label and re.search(
            r"time.?zone|タイムゾーン|时区|fuseau|zona horaria|fuso", part.label, re.IGNORECASE
        ):
            zone = zone_in(part.item.text)
            if zone:
                return zone, part.item.line, 0.95
        if part.topic in (Topic.PERIOD, Topic.SUMMARY, Topic.IMPACT, None) and _ZONE_WORDS.search(
            part.item.text
        ):
            zone = zone_in(part.item.text)
            if zone:
                return zone, part.item.line, 0.7
    zone = zone_in(title)
    return (zone, 1, 0.7) if zone else None


_ZONE_WORDS = re.compile(r"time.?zone|\btimes?\b|\d{1,2}:\d\d|\d\s?[時时点點시h]", re.IGNORECASE)
_STATES_TIMES = (
    Topic.SUMMARY,
    Topic.PERIOD,
    Topic.START,
    Topic.END,
    Topic.IMPACT,
    Topic.DETECTION,
    Topic.TIMELINE,
    Topic.MILESTONES,
    None,
)
