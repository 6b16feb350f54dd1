"""Start, end and duration as the summary states them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.learn.moment import Moment
from plimsoll.learn.reading.blocks import Shape
from plimsoll.learn.reading.clock import Stamp, stamp_at, stamps
from plimsoll.learn.reading.headings import Topic
from plimsoll.learn.reading.sections import Outline, Part
from plimsoll.learn.reading.timeline import Group, Timed
from plimsoll.learn.reading.words import sentences
from plimsoll.learn.reading.zones import Zone

_STARTS = re.compile(
    r"\b(?:start(?:s|ed)?|beg(?:a|i)n(?:s|ning)?|went down|fault occurs|onset|first (?:detected|occurr\w+|seen)|from|発生|开始|发生|inicio|début|начал\w*)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\b(?:end(?:s|ed)?|resolved|restored|recovered|until|fixed|復旧|恢复|fin|конец)\b",
    re.IGNORECASE,
)
_OUTAGE = re.compile(  # of lower case
    r"\b(?:outage|incident|downtime|disrupt\w+|down\b|unavailab\w+|degrad\w+|inaccessib\w+|interrupt\w+|affected|impact\w*|experienced|failure|failed|slow\w*|offline|unable|issue|crash\w*|errors?|problem|window|launch\w*|refus\w*|reject\w*|lost|hung|stale|delay\w*|returned|broken|could not|did not|didn.t|stopped|halted|dropped)\b"
    r"|障害|影響|故障|中断|장애|interrupci|caída|panne|сбой|ausfall|indispon",
)
_NUMBER = r"(?:\d+(?:[.,]\d+)?|(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|half an?|thirty|forty.five|forty|fifteen|twenty|sixty|ninety)(?=[\s-]))"
_UNIT = r"(?:days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s|日間?|時間|分間?|秒|小时|分钟|天|시간|분|horas?|minutos?|heures?|jours?|час\w{0,2}|минут\w*|stunden?|minuten)"
_LENGTH = re.compile(
    rf"(?<![\w.:])(?P<first>{_NUMBER})\s?-?\s?(?P<unit>{_UNIT})(?![\w%])(?:\s*(?:,|and|et|y|e|und)?\s*(?P<second>{_NUMBER})\s?(?P<under>{_UNIT})(?!\w))?",
    re.IGNORECASE,
)
_JAPANESE_LENGTH = re.compile(
    r"(?:(?P<hours>\d+(?:\.\d+)?)\s?(?:時間|小时|个小时|시간))?\s?(?:(?P<minutes>\d+)\s?(?:分間?|分钟|분))?"
)
_NAMED = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
          "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40,
          "forty five": 45, "forty-five": 45, "sixty": 60, "ninety": 90, "half a": 0.5, "half an": 0.5}  # fmt: skip
_LASTED = re.compile(
    r"\b(?:last(?:s|ed|ing)?|duration|for|total|period of|downtime of|outage of|window|about|approximately|roughly|around|nearly|almost|over|up to|in|within|after|dur[óée]\w*|持続|续|постепен|around for)\W{0,3}(?:a |the |of |about |approximately |roughly |around |nearly |almost |~|an? (?:period|total|window|duration) of |approximately )*$",
    re.IGNORECASE,
)
_HYPHEN_LENGTH = re.compile(
    r"(?<![\w.])~?(?P<first>\d+(?:\.\d+)?)\s?-?\s?(?P<unit>minutes?|min|hours?|hr|h)\s(?:(?:\w+ ){0,2})(?:outage|window|incident|downtime|disruption|interruption|degradation)",
    re.IGNORECASE,
)
_NOT_LENGTH = re.compile(
    r"\b(?:time to|detection|timeout|every|per|ttl|interval|latency|response times?|deploy\w*|retention|ago|within|after|review|interval|recover(?:y|ed) took|slower|delay\w*|wait\w*|took)\b",
    re.IGNORECASE,
)


class Stated(Struct, frozen=True):
    """A value, its line and how sure it is."""

    value: Moment
    line: int
    confidence: float
    zone: Zone | None = None


class Period(Struct, frozen=True):
    start: Stated | None = None
    end: Stated | None = None
    minutes: int | None = None
    minutes_line: int = 0
    is_approximate: bool = False
    day: Moment | None = None  # that of the document, where one is stated
    day_line: int = 0
    is_day_of_all: bool = False  # a sentence says that it holds for every entry without one


def period_of(
    outline: Outline, events: Group | None, zone: Zone | None, title: str, timeline: frozenset[int]
) -> Period:
    """What is stated outside of the *timeline*, whose lines these are."""
    day, day_line, is_default = _day_of(outline, title)
    found = Period(day=day, day_line=day_line, is_day_of_all=is_default)
    for part in _stating(
        outline, (Topic.PERIOD, Topic.START, Topic.END), (Topic.SUMMARY,), (Topic.IMPACT,)
    ):
        found = _with_part(found, part)
    if events is not None:
        found = _with_events(found, events)
    for part in _stating(outline, (None,)):
        if part.item.line not in timeline:
            found = _with_part(found, part)
    minutes, line, is_approximate = _stated_length(outline, title)
    found = replace(found, minutes=minutes, minutes_line=line, is_approximate=is_approximate)
    return _completed(found, zone)


def _completed(period: Period, zone: Zone | None) -> Period:
    """Start and end with the day and the offset that hold for both."""
    start, end = period.start, period.end
    if start is not None:
        moment = start.value.dated_as(_agreeing(period.day, start.value))
        start = replace(
            start, value=_offset(moment, start.zone or (end.zone if end else None) or zone)
        )
    if end is not None:
        base = start.value if start and start.value.has_date else period.day
        moment = end.value.dated_as(_agreeing(base, end.value))
        if (
            start is not None
            and not end.value.has_date
            and start.value.clock is not None
            and moment.clock is not None
            and moment.clock < start.value.clock
        ):
            moment = moment.days_later(1)
        end = replace(
            end, value=_offset(moment, end.zone or (start.zone if start else None) or zone)
        )
    return replace(period, start=start, end=end)


def _agreeing(day: Moment | None, moment: Moment) -> Moment | None:
    """*day*, where it may give the year of a moment that has month and day of its own."""
    if day is None or not moment.has_date or moment.year is not None:
        return day
    return (
        day
        if (day.month, day.day) == (moment.month, moment.day) or day.month == moment.month
        else None
    )


def _offset(moment: Moment, zone: Zone | None) -> Moment:
    if zone is None or not moment.has_clock:
        return moment
    return replace(moment, offset=zone.offset(moment.date))


def _stating(outline: Outline, *order: tuple[Topic | None, ...]) -> Iterator[Part]:
    """Parts about these topics, the first of them first."""
    for topics in order:
        for part in outline.parts:
            if part.topic in topics and part.item.shape not in (Shape.CODE, Shape.QUOTE):
                yield part


def _with_part(period: Period, part: Part) -> Period:
    if part.topic is Topic.START and period.start is None:
        stamp = _first(part.item.text)
        return replace(period, start=_stated(stamp, part, 0.95)) if stamp else period
    if part.topic is Topic.END and period.end is None:
        stamp = _first(part.item.text)
        return replace(period, end=_stated(stamp, part, 0.95)) if stamp else period
    if part.item.shape is Shape.ROW:
        return _with_row(period, part)
    texts = [part.item.text] if part.topic is Topic.PERIOD else sentences(part.item.text)
    for text in texts:
        period = _with_sentence(period, text, part)
    return period


_ROW_START = re.compile(
    r"^(?:start|began|発生|开始|发生|inicio|début|incident start)", re.IGNORECASE
)
_ROW_END = re.compile(
    r"^(?:end|resol|recover|restor|復旧|恢复|结束|fin\b|incident end)", re.IGNORECASE
)
_ROW_PERIOD = re.compile(
    r"\b(?:duration|date|period|window|when)\b|影響期間|影響時間|日時", re.IGNORECASE
)


def _with_row(period: Period, part: Part) -> Period:
    """A row of a table of facts: its name, then its value."""
    cells = part.item.cells
    if len(cells) != 2 or part.topic in (Topic.TIMELINE, Topic.MILESTONES):
        return period
    stamp = _first(cells[1])
    if stamp is None:
        return period
    if _ROW_START.search(cells[0]) and period.start is None:
        return replace(period, start=_stated(stamp, part, 0.9))
    if _ROW_END.search(cells[0]) and period.end is None:
        return replace(period, end=_stated(stamp, part, 0.9)) if stamp.moment.has_clock else period
    if _ROW_PERIOD.search(cells[0]):
        return _with_sentence(period, cells[1], replace(part, topic=Topic.PERIOD))
    return period


def _with_sentence(period: Period, text: str, part: Part) -> Period:
    found = [s for s in stamps(text) if s.moment.has_clock or s.moment.has_date]
    if not found:
        return period
    clocks = [s for s in found if s.moment.has_clock]
    is_explicit = part.topic is Topic.PERIOD
    if not is_explicit and not _OUTAGE.search(text.lower()):
        return _with_prose(period, text, clocks, part)
    ranged = next((s for s in clocks if s.until is not None and s.until.has_clock), None)
    if ranged is not None and period.start is None and period.end is None:
        day = _day_beside(found, ranged)
        start, until = ranged.moment.dated_as(day), ranged.until
        if until is not None and (is_explicit or _OUTAGE.search(text.lower())):
            end = until if until.has_date else until.dated_as(day if not start.has_date else start)
            if not until.has_date and start.has_date:
                end = replace(until, year=None, month=None, day=None)
            confidence = 0.95 if is_explicit else 0.9
            return replace(period, start=Stated(start, part.item.line, confidence, ranged.zone),
                           end=Stated(end, part.item.line, confidence, ranged.zone))  # fmt: skip
    if (
        len(clocks) >= 2
        and period.start is None
        and period.end is None
        and _is_from_to(text, clocks)
    ):
        first, last = clocks[0], clocks[1]
        day = _day_beside(found, first)
        zone = first.zone or last.zone
        return replace(period, start=Stated(first.moment.dated_as(day), part.item.line, 0.85, zone),
                       end=Stated(last.moment, part.item.line, 0.85, last.zone or zone))  # fmt: skip
    if len(clocks) == 1 and period.start is None and (is_explicit or _says_start(text, clocks[0])):
        if is_explicit and _first(text) != clocks[0] and not _STARTS.search(text):
            return period
        return replace(period, start=_stated(clocks[0], part, 0.75, _day_beside(found, clocks[0])))
    if len(clocks) == 1 and period.end is None and not is_explicit and _says_end(text, clocks[0]):
        return replace(period, end=_stated(clocks[0], part, 0.7, _day_beside(found, clocks[0])))
    return period if is_explicit else _with_prose(period, text, clocks, part)


_BEGAN_AT = re.compile(
    r"^(?:it|this|all of (?:it|this)|everything|the (?:outage|incident|trouble|problem|disruption)) (?:all )?(?:began|started)\b[^.;,]{0,30}$",
    re.IGNORECASE,
)
_OVER_AT = re.compile(
    r"\b(?:recovered|restored|resolved|back|normal|over|again)\b[^.;,]{0,12}\b(?:at|by|around)\s+(?:about\s+)?$",
    re.IGNORECASE,
)


def _with_prose(period: Period, text: str, clocks: list[Stamp], part: Part) -> Period:
    """Start and end as a story tells them: it began at 22:50; ... traffic recovered by 00:40."""
    first, last = clocks[:1], clocks[-1:]
    if first and period.start is None and _BEGAN_AT.search(text[: first[0].start]):
        period = replace(period, start=_stated(first[0], part, 0.7))
    if (
        last
        and period.end is None
        and period.start is not None
        and _OVER_AT.search(text[: last[0].start])
    ):
        period = replace(period, end=_stated(last[0], part, 0.6))
    return period


_OVER = re.compile(
    r"\b(?:came back (?:online|up)|(?:was|were|been|is) (?:fully |completely )?(?:restored|resolved|recovered)|back online|back to normal)\b",
    re.IGNORECASE,
)


def _says_end(text: str, stamp: Stamp) -> bool:
    around = text[max(0, stamp.start - 90) : stamp.end + 110]
    return bool(_OVER.search(around)) and not re.search(
        r"\b(?:not|partial\w*|until)\b", around, re.IGNORECASE
    )


def _is_from_to(text: str, clocks: list[Stamp]) -> bool:
    between = text[clocks[0].end : clocks[1].start]
    before = text[: clocks[0].start]
    if len(between) > 80:
        return False
    is_start = (
        re.search(
            r"\b(?:from|between|started|starting|began|start|at|on)\b[^.]{0,40}$",
            before,
            re.IGNORECASE,
        )
        or not before.strip()
    )
    is_end = re.search(
        r"\b(?:to|until|till|through|ended|ending|end|and|resolved|restored|lasted|recovered)\b|[-\u2013\u2014\u301c~]",
        between,
        re.IGNORECASE,
    )
    return bool(is_start and is_end)


_BEGAN = re.compile(
    r"\b(?:went down|started|began|start|at approximately|became \w+|halted|crashed|failed|stopped|occurred|experienced|down)\b",
    re.IGNORECASE,
)


def _says_start(text: str, stamp: Stamp) -> bool:
    around = text[max(0, stamp.start - 60) : stamp.end + 90]
    return (
        bool(_BEGAN.search(around))
        and stamp.moment.has_date
        and not re.search(
            r"\b(?:resolved|restored|fixed|ended|until|change|deploy\w*|report\w*|noticed)\b",
            around,
            re.IGNORECASE,
        )
    )


def _day_beside(found: list[Stamp], stamp: Stamp) -> Moment | None:
    """The date of another stamp of the same sentence."""
    if stamp.moment.has_date:
        return None
    days = [s.moment for s in found if s.moment.has_date]
    if not days:
        return None
    return replace(days[0], hour=None, minute=None, second=0, offset=None)


def _first(text: str) -> Stamp | None:
    at = len(text) - len(text.lstrip(" ~(*"))
    return stamp_at(text, at) or next(
        (s for s in stamps(text[:160]) if s.moment.has_date or s.moment.has_clock), None
    )


def _stated(
    stamp: Stamp, part: Part, confidence: float, day: Moment | None = None
) -> Stated | None:
    moment = stamp.moment.dated_as(day)
    if stamp.is_unknown or moment.is_nothing:
        return None
    if stamp.is_approximate or stamp.is_odd or stamp.is_ambiguous:
        confidence *= 0.8
    return Stated(moment, part.item.line, round(confidence, 2), stamp.zone)


_EVENT_START = re.compile(
    r"fault occurs|first detected|started|start of|impact (?:start|begin)|incident start|outage start|began",
    re.IGNORECASE,
)
_EVENT_END = re.compile(
    r"^(?:incident )?(?:resolved|restored|ended|end|closed)\b|fully (?:resolved|restored)",
    re.IGNORECASE,
)


def _with_events(period: Period, events: Group) -> Period:
    """The list of key events states start and end, where it has entries of these names."""
    start = next((e for e in events.entries if _EVENT_START.search(e.text)), None)
    end = next((e for e in reversed(events.entries) if _EVENT_END.search(e.text)), None)
    if start is not None and start.stamp and period.start is None:
        period = replace(period, start=_of_event(start))
    if end is not None and end.stamp and period.end is None:
        period = replace(period, end=_of_event(end))
    return period


def _of_event(event: Timed) -> Stated | None:
    return _stated(event.stamp, event.part, 0.9) if event.stamp else None


def _stated_length(outline: Outline, title: str) -> tuple[int | None, int, bool]:
    for topics in ((Topic.PERIOD,), (Topic.SUMMARY,), (Topic.IMPACT, Topic.DETECTION), (None,)):
        for part in outline.parts:
            if part.topic not in topics or part.item.shape in (
                Shape.CODE,
                Shape.QUOTE,
                Shape.HEADING,
            ):
                continue
            text = part.item.cells[1] if len(part.item.cells) == 2 else part.item.text
            if part.item.cells and not (
                len(part.item.cells) == 2
                and re.search(r"duration|影響時間|持续", part.item.cells[0], re.IGNORECASE)
            ):
                continue
            is_explicit = part.topic is Topic.PERIOD or bool(part.item.cells)
            for sentence in [text] if is_explicit else sentences(text):
                if found := length_in(sentence, is_explicit=is_explicit):
                    return found[0], part.item.line, found[1]
    del title
    return None, 0, False


def length_in(text: str, *, is_explicit: bool) -> tuple[int, bool] | None:
    """Minutes that a sentence says an incident lasted, and whether it says "about"."""
    if not is_explicit and not _OUTAGE.search(text.lower()):
        return None
    if found := _HYPHEN_LENGTH.search(text):
        minutes = _minutes(found["first"], found["unit"])
        return (
            (minutes, "~" in found[0] or bool(_ABOUT.search(text[: found.start()][-20:])))
            if minutes
            else None
        )
    for found in _LENGTH.finditer(text):
        before = text[: found.start()]
        is_at_start = is_explicit and not before.strip(" ~(*")
        if not (
            is_at_start
            or _LASTED.search(before)
            or (is_explicit and not _NOT_LENGTH.search(before[-30:]))
        ):
            continue
        if not is_explicit and _NOT_LENGTH.search(before[-25:]):
            continue
        if found["unit"] in ("m", "s", "d") and not is_explicit:
            continue
        minutes = _minutes(found["first"], found["unit"])
        if minutes is None:
            continue
        if found["second"] and found["under"]:
            minutes += _minutes(found["second"], found["under"]) or 0
        if minutes <= 0:
            continue
        return minutes, bool(_ABOUT.search(before[-25:]))
    return None


_ABOUT = re.compile(
    r"~|\b(?:about|approx\w*|around|roughly|nearly|almost|over|some|more than|less than)\b|約|约",
    re.IGNORECASE,
)


def _minutes(number: str, unit: str) -> int | None:
    name = number.casefold().replace(",", ".")
    size = _NAMED.get(name)
    try:
        amount = float(name) if size is None else float(size)
    except ValueError:
        return None
    first = unit.casefold()
    if first.startswith(("d", "jour", "日", "天")):
        return round(amount * 1440)
    if first.startswith(("h", "時", "小", "시", "час", "stund")):
        return round(amount * 60)
    if first.startswith(("s", "秒")) and not first.startswith("stund"):
        return round(amount / 60)
    return round(amount)


_DEFAULT_DAY = re.compile(
    r"\b(?:all (?:events|times)|unless otherwise|events? (?:happened|occurred|took place)|dates?)\b",
    re.IGNORECASE,
)


def _day_of(outline: Outline, title: str) -> tuple[Moment | None, int, bool]:
    """The day that the document is about: of its date label, its summary, a sentence, its title."""
    candidates: list[tuple[int, Moment, int]] = []
    for part in outline.parts:
        if part.item.shape is Shape.CODE:
            continue
        rank = _DAY_RANKS.get(part.topic)
        if part.topic is Topic.TIMELINE and _DEFAULT_DAY.search(part.item.text[:80]):
            rank = 0
        if rank is None:
            continue
        for stamp in stamps(part.item.text[:1500]):
            if stamp.moment.has_date:
                candidates.append(
                    (rank, replace(stamp.moment, hour=None, minute=None, second=0), part.item.line)
                )
                break
    for section in outline.sections:
        if section.line and section.topic in (Topic.TIMELINE, Topic.SUMMARY, Topic.IMPACT):
            rank = 0 if section.topic is Topic.TIMELINE else 5
            days = [s.moment for s in stamps(section.title) if s.moment.has_date]
            if days:
                candidates.append(
                    (rank, replace(days[0], hour=None, minute=None, second=0), section.line)
                )
    titled = [s.moment for s in stamps(title) if s.moment.has_date]
    if titled:
        candidates.append((4, replace(titled[0], hour=None, minute=None, second=0), 1))
    if not candidates:
        return None, 0, False
    rank, day, line = min(candidates, key=lambda each: each[0])
    if day.year is None:
        same = [
            m
            for _, m, _ in candidates
            if m.year is not None and (m.month, m.day) == (day.month, day.day)
        ]
        day = same[0] if same else day
    return day, line, rank == 0


_DAY_RANKS: dict[Topic | None, int] = {
    Topic.START: 1,
    Topic.PERIOD: 1,
    Topic.SUMMARY: 2,
    Topic.IMPACT: 3,
    Topic.DETECTION: 5,
    None: 3,
}
