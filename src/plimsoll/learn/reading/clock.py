"""Times as people write them: dates and clocks of many forms, exact or broken, with their zone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.learn.moment import Moment
from plimsoll.learn.reading.zones import Zone, zone_at

_MONTH_NAMES = {
    1: "january jan janvier janv enero ene janeiro januar января янв",
    2: "february feb février fevrier févr febrero fevereiro fev februar февраля фев",
    3: "march mar mars marzo março marco märz марта мар",
    4: "april apr avril avr abril abr апреля апр",
    5: "may mai mayo maio мая май",
    6: "june jun juin junio junho juni июня июн",
    7: "july jul juillet juil julio julho juli июля июл",
    8: "august aug août aout agosto августа авг",
    9: "september sep sept septembre septiembre setiembre setembro сентября сен",
    10: "october oct octobre octubre outubro oktober okt октября окт",
    11: "november nov novembre noviembre novembro ноября ноя",
    12: "december dec décembre decembre déc diciembre dic dezembro dez dezember декабря дек",
}
MONTHS = {name: number for number, names in _MONTH_NAMES.items() for name in names.split()}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])"
_WEEKDAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado"
    r"|domingo|segunda-feira|terça-feira|quarta-feira|quinta-feira|sexta-feira"
    r"|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)"
)
_ORDINAL = r"(?:st|nd|rd|th|er|º|\.)?"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<year>(?:19|20)\d\d)-(?P<month>1[0-2]|0?[1-9])-(?:(?P<day>3[01]|[12]\d|0?[1-9])(?![0-9])|\?\?|xx|dd)",
        r"(?P<year>(?:19|20)\d\d)(?P<sign>[/.])(?P<month>1[0-2]|0?[1-9])(?P=sign)(?P<day>3[01]|[12]\d|0?[1-9])(?!\d)",
        r"(?P<vague>(?:19|20)\d\d(?:/\d\d)?[-/](?:\?\?|xx|mm)[-/](?:\?\?|xx|dd))",
        r"(?P<year>(?:19|20)\d\d)\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일号]",
        r"(?P<month>1[0-2]|0?[1-9])\s?[月월]\s?(?P<day>\d{1,2})\s?[日일号]",
        rf"(?:{_WEEKDAY}[,.]?\s+)?(?:the\s+)?{_DAY}{_ORDINAL}\s*(?:of\s+|de\s+|[-/])?(?P<name>{_MONTH})\b\.?"
        r"(?:\s*[,/-]?\s*(?:de\s+|of\s+|del\s+)?(?P<year>(?:19|20)\d\d)(?![\d:])|-(?P<short>\d\d)(?!\d))?",
        rf"(?:{_WEEKDAY}[,.]?\s+)?(?P<name>{_MONTH})\b\.?\s*(?:the\s+)?{_DAY}(?![\d:]){_ORDINAL}(?!\d)"
        r"(?:\s*[,/-]?\s*(?:of\s+)?(?P<year>(?:19|20)\d\d)(?![\d:]))?",
        rf"(?:{_WEEKDAY}[,.]?\s+)?(?P<one>\d{{1,2}})(?P<sign>[/.-])(?P<two>\d{{1,2}})(?P=sign)(?P<year>(?:19|20)\d\d)(?!\d)",
        r"(?P<one>\d{1,2})(?P<sign>[/-])(?P<two>\d{1,2})(?P=sign)(?P<short>\d\d)(?![\d/])",
        r"(?P<one>1[0-2]|0?[1-9])/(?P<two>3[01]|[12]\d|0?[1-9])(?![\d/])(?=,?\s+(?:at\s+)?\d{1,2}[:.]\d\d)",
    )
)
_DATES_OF_WORDS = tuple(each for each in _DATES if _WEEKDAY in each.pattern)
_MONTH_OF_YEAR = re.compile(
    rf"(?P<name>{_MONTH})\b\.?,?\s+(?P<year>(?:19|20)\d\d)(?![\d:])", re.IGNORECASE
)
_MERIDIEM = r"(?P<half>[ap])\.?\s?m\b\.?"
_CLOCKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<hour>[01]?\d|2[0-4])(?P<sign>[:\uff1a])(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:[.,]\d+)?)?(?!\d|:\d)(?:\s*[-\u2013]?\s?{_MERIDIEM})?",
        rf"(?P<hour>1[0-2]|0?[1-9])\s*:?\s?{_MERIDIEM}",
        rf"(?P<hour>1[0-2]|0?[1-9])\.(?P<minute>[0-5]\d)\s?{_MERIDIEM}",
        r"(?P<hour>[01]?\d|2[0-3])\s?(?P<sign>[hH])\s?(?P<minute>[0-5]\d)\b(?!\s?m)",
        r"(?P<east>午前|午後|上午|下午|凌晨|早上|晚上|中午|오전|오후)\s?(?P<hour>\d{1,2})(?:\s?[:\uff1a时時点點시]\s?(?P<minute>\d{1,2})?\s?[分분]?)",
        r"(?P<hour>[01]?\d|2[0-3])\s?[时時点點시](?!间|間|頃に)\s?(?:(?P<minute>[0-5]?\d)\s?[分분])?",
        r"(?P<hour>[01]?\d|2[0-3])\s?(?P<sign>uhr)\b(?:\s?(?P<minute>[0-5]\d)\b)?",
    )
)
_HOUR_ONLY = re.compile(r"(?P<hour>[01]?\d|2[0-3])\s?h\b(?!\w)", re.IGNORECASE)
# Only where a time is expected: at the start of an entry.
_BARE_CLOCKS = (
    re.compile(
        r"(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?=\s*(?:h(?:rs|ours)?\b|(?<!\b20\d\d)(?<!\b19\d\d)\s[a-z]|[-\u2013:|\])]|Z\b|UTC|GMT|[A-Z]{2,4}\b|\s[A-Z]))"
    ),
    re.compile(r"(?P<hour>[01]?\d|2[0-3])\.(?P<minute>[0-5]\d)(?![\d.%])"),
)
_UNKNOWN_CLOCK = re.compile(
    r"(?:--:--|HH:mm|\?\?:\?\?|hh:mm|xx:xx|\d{1,2}:\?\?|未明|不明)", re.IGNORECASE
)
_NAMED_CLOCK = re.compile(
    r"(?P<noon>noon|midday|midi|mediodía)|(?P<night>midnight|minuit|medianoche)", re.IGNORECASE
)
_GLUE = re.compile(
    r"[\s,]*(?:\(|(?:at|around|about|approximately|roughly|approx\.?)\b(?:\s+(?:around|about|approximately|roughly))?|à|a\s+las|às|um|on\b|the\b|@|[-\u2013|]|T(?=\d))?[\s~]*",
    re.IGNORECASE,
)
_TO = re.compile(
    r"\s*(?:[-\u2013\u2014~\u301c\uff5e]|->|→|to|until|till|through|and|until about|a|bis|à|até|hasta)\s*(?:around|about|approximately|~)?\s*",
    re.IGNORECASE,
)
_APPROXIMATE = re.compile(
    r"(?:[~\u2248\u301c]\s*|(?:around|approx(?:imately|\.)?|about|circa|ca\.|roughly|vers|hacia|por volta d[aeo]s?|gegen|около|約|约|约莫)\s*)",
    re.IGNORECASE,
)
_MORNING = {"午前", "上午", "凌晨", "早上", "오전"}


class Stamp(Struct, frozen=True):
    """A time in a text. *end*: offset behind it. *is_odd*: its form cannot be right (13:20pm)."""

    moment: Moment
    start: int
    end: int
    zone: Zone | None = None
    until: Moment | None = None
    is_approximate: bool = False
    is_odd: bool = False
    is_ambiguous: bool = False  # day and month could be exchanged
    is_unknown: bool = False  # a place for a time that nobody knew
    is_half_open: bool = False  # 12-hour clock without its half of the day
    has_half: bool = False


def stamp_at(text: str, start: int, *, is_entry: bool = False) -> Stamp | None:
    """The time that begins exactly at *start*. *is_entry*: bare forms (0546, 15.26) count too."""
    first = _APPROXIMATE.match(text, start)
    at = first.end() if first else start
    found = _point(text, at, is_entry=is_entry)
    if found is None:
        return None
    found = replace(found, start=start, is_approximate=bool(first))
    return _with_range(text, found, is_entry=is_entry)


@lru_cache(maxsize=1_000)
def stamps(text: str) -> tuple[Stamp, ...]:
    """Every time in *text*, in order."""
    return tuple(s for s in _stamps(text) if not s.is_unknown and not s.moment.is_nothing)


_CANDIDATE = re.compile(
    rf"(?<![\w.:/-])(?=\d|(?:{_MONTH})\b|{_WEEKDAY}\b|noon\b|midnight\b)"
    r"|(?<=[\u3000-\u9fff\uac00-\ud7af(\uff08~\[])(?=\d)|(?=午前|午後|上午|下午|凌晨|早上|晚上|中午|오전|오후)"
)


def _stamps(text: str) -> Iterator[Stamp]:
    at = 0
    lowered = text.replace("\u0130", "I").lower()  # the one letter whose small form is longer
    while found := _CANDIDATE.search(lowered, at):
        stamp = stamp_at(text, found.start())
        if stamp is None:
            at = found.start() + 1
            continue
        yield stamp
        at = max(stamp.end, found.start() + 1)


def _point(text: str, at: int, *, is_entry: bool) -> Stamp | None:
    dated = _date(text, at)
    if dated is not None:
        return _dated(text, dated, is_entry=is_entry)
    clocked = _clock(text, at, is_entry=is_entry)
    return None if clocked is None else _clocked(text, clocked)


def _dated(text: str, dated: Stamp, *, is_entry: bool) -> Stamp:
    """A date, with the clock that follows it."""
    glue = _GLUE.match(text, dated.end)
    after = glue.end() if glue else dated.end
    clock = _clock(text, after, is_entry=is_entry) if after > dated.end else None
    if clock is None:
        return _zoned_date(text, dated)
    clock = _with_zone(text, clock)
    moment = replace(
        dated.moment,
        hour=clock.moment.hour,
        minute=clock.moment.minute,
        second=clock.moment.second,
    )
    end = clock.end
    if glue and "(" in glue[0] and end < len(text) and text[end] == ")":
        end += 1
    return replace(
        clock, moment=moment, start=dated.start, end=end, is_ambiguous=dated.is_ambiguous
    )


def _zoned_date(text: str, dated: Stamp) -> Stamp:
    found = re.compile(r"\s*\(?").match(text, dated.end)
    zone = zone_at(text, found.end()) if found else None
    if zone is None or zone[0].name.startswith(("+", "-")):
        return dated
    return replace(dated, zone=zone[0])


def _clocked(text: str, clock: Stamp) -> Stamp:
    """A clock, with its zone and the date that follows it."""
    clock = _with_zone(text, clock)
    glue = _DATE_GLUE.match(text, clock.end)
    if glue is None:
        return clock
    dated = _date(text, glue.end())
    if dated is None:
        return clock
    day = dated.moment
    moment = replace(clock.moment, year=day.year, month=day.month, day=day.day)
    return replace(clock, moment=moment, end=dated.end, is_ambiguous=dated.is_ambiguous)


_DATE_GLUE = re.compile(
    r"(?:\s*,\s*|\s+)?(?:\s*(?:on|of|le|el|am|em)\s+(?:the\s+)?)?", re.IGNORECASE
)
_ZONE_GLUE = re.compile(r"\s*[(\[]?\s*(?:in\s+)?")


def _with_zone(text: str, clock: Stamp) -> Stamp:
    glue = _ZONE_GLUE.match(text, clock.end)
    if glue is None:
        return clock
    zone = zone_at(text, glue.end())
    if zone is not None and (_is_other_clock(text, zone[1]) or _is_range(text, clock, zone[0])):
        zone = None  # 12:43 (UTC 03:43); 13:30-13:45
    if zone is None and (short := _SHORT_OFFSET.match(text, clock.end)):
        return replace(clock, zone=Zone(f"UTC{short[1]}"), end=short.end(1))
    if zone is None:
        return clock
    is_bracketed = "(" in glue[0] or "[" in glue[0]
    end = zone[1]
    if is_bracketed and end < len(text) and text[end] in ")]":
        end += 1
    return replace(clock, zone=zone[0], end=end)


def _is_other_clock(text: str, at: int) -> bool:
    return _OTHER_CLOCK.match(text, at) is not None


def _is_range(text: str, clock: Stamp, zone: Zone) -> bool:
    """Whether what looks like an offset to the west is the end of a range of clocks."""
    return zone.name.startswith("-") and text[clock.start - 1 : clock.start] != "T"


_OTHER_CLOCK = re.compile(r"\s*\d{1,2}:\d\d")
_SHORT_OFFSET = re.compile(r"([+-]\d{1,2})(?=\])")


def _with_range(text: str, first: Stamp, *, is_entry: bool) -> Stamp:
    glue = _TO.match(text, first.end)
    if glue is None or not first.moment.has_clock:
        return first
    unknown = _UNKNOWN_CLOCK.match(text, glue.end())
    if unknown:
        return replace(first, end=unknown.end())
    last = _point(text, glue.end(), is_entry=False)
    if last is None or not last.moment.has_clock:
        return first
    if last.zone is not None and first.zone is None:
        first = replace(first, zone=last.zone)
    moment = first.moment
    if (
        last.has_half
        and not first.has_half
        and moment.hour is not None
        and last.moment.hour is not None
    ):
        moment = replace(moment, hour=_same_half(moment.hour, last.moment.hour))
    if last.moment.has_date and not moment.has_date:
        moment = moment.dated_as(last.moment)
    del is_entry
    return replace(first, moment=moment, until=last.moment.dated_as(moment), end=last.end,
                   is_half_open=last.is_half_open and first.is_half_open)  # fmt: skip


def _same_half(first: int, last: int) -> int:
    """10:00-10:30 AM and 11:00-1:00 PM: the half of the day in which the first comes before the last."""
    if first > 12:
        return first
    shifted = first % 12 + (12 if last >= 12 else 0)
    return shifted if shifted <= last else first % 12


def _date(text: str, at: int) -> Stamp | None:
    if at >= len(text) or not (text[at].isdigit() or text[at].isalpha()):
        return None
    for pattern in _DATES if text[at].isdigit() else _DATES_OF_WORDS:
        if found := pattern.match(text, at):
            stamp = _date_of(found)
            if stamp is not None:
                return stamp
    if found := _MONTH_OF_YEAR.match(text, at):
        month = MONTHS[found["name"].casefold()]
        return Stamp(Moment(year=int(found["year"]), month=month), at, found.end())
    return None


def _date_of(found: re.Match[str]) -> Stamp | None:
    parts = found.groupdict()
    if parts.get("vague"):
        year = int(found[0][:4]) if found[0][4] not in "/" else None
        return Stamp(Moment(year=year), found.start(), found.end(), is_unknown=True)
    year = int(parts["year"]) if parts.get("year") else None
    if parts.get("short"):
        year = 2000 + int(parts["short"])
    is_ambiguous = False
    if parts.get("one"):
        pair = int(parts["one"]), int(parts["two"])
        day_first = pair[0] > 12 or (pair[1] <= 12 and parts.get("sign") in (".", "-"))
        is_ambiguous = pair[0] <= 12 and pair[1] <= 12 and pair[0] != pair[1]
        day, month = pair if day_first else (pair[1], pair[0])
    else:
        month = MONTHS[parts["name"].casefold()] if parts.get("name") else int(parts["month"])
        if not parts.get("day"):
            return Stamp(Moment(year=year, month=month), found.start(), found.end())
        day = int(parts["day"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return Stamp(Moment(year, month, day), found.start(), found.end(), is_ambiguous=is_ambiguous)


def _clock(text: str, at: int, *, is_entry: bool) -> Stamp | None:
    if at >= len(text):
        return None
    for pattern in _CLOCKS:
        if found := pattern.match(text, at):
            return _clock_of(found)
    if found := _UNKNOWN_CLOCK.match(text, at):
        return Stamp(Moment(), at, found.end(), is_unknown=True)
    if found := _NAMED_CLOCK.match(text, at):
        return Stamp(
            Moment(hour=12 if found["noon"] else 0, minute=0), at, found.end(), has_half=True
        )
    if not is_entry:
        return None
    for pattern in (*_BARE_CLOCKS, _HOUR_ONLY):
        if found := pattern.match(text, at):
            return _clock_of(found)
    return None


def _clock_of(found: re.Match[str]) -> Stamp | None:
    parts = found.groupdict()
    hour, minute = int(parts["hour"]), int(parts.get("minute") or 0)
    half, is_odd = (parts.get("half") or "").casefold(), False
    if east := parts.get("east"):
        half = "a" if east in _MORNING else "p"
    if half and (hour > 12 or hour == 0):
        is_odd = True
    elif half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour == 24:
        hour = 0
    second = int(parts.get("second") or 0)
    is_half_open = not half and 1 <= hour <= 12
    moment = Moment(hour=hour, minute=minute, second=second)
    return Stamp(
        moment,
        found.start(),
        found.end(),
        is_odd=is_odd,
        is_half_open=is_half_open,
        has_half=bool(half),
    )
