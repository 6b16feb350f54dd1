"""What cannot both be right in one postmortem, with the lines of both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from plimsoll.learn.moment import Moment, minutes_between
from plimsoll.learn.postmortem import Contradiction, Entry, Hypothesis
from plimsoll.learn.reading import kinds
from plimsoll.learn.reading.timeline import Resolved
from plimsoll.learn.reading.zones import is_out_of_season

_BACK = re.compile(
    r"\b(?:accessible|available|online|operational|back|restored|up|working) again\b|\b(?:fully|completely) (?:restored|recovered|operational)\b|\bback (?:online|to normal)\b|\bservice (?:is |was )?restored\b|\bincident (?:is |was )?(?:resolved|closed)\b|\bresolved\b",
    re.IGNORECASE,
)
_MUCH = 60
_MISLEADING = re.compile(
    r"\bmis-?lead\w*|wrong (?:path|lead|track)|red herring|false lead", re.IGNORECASE
)


def contradictions_of(
    *,
    entries: Sequence[Entry],
    times: Sequence[Resolved],
    start: Moment | None,
    end: Moment | None,
    start_line: int,
    end_line: int,
    is_end_stated: bool,
    stated_minutes: int | None,
    minutes_line: int,
    is_approximate: bool,
    cause_entry: Entry | None,
    detected: Entry | None,
    wrong: Sequence[Hypothesis],
) -> tuple[Contradiction, ...]:
    """Every one, in the order of the rules that they belong to."""
    found = [
        *_order(times),
        *_cause_before_wrong_path(cause_entry, wrong),
        *_duration(
            start, end, stated_minutes, minutes_line, end_line, is_approximate=is_approximate
        ),
        *_other_end(entries, end, end_line, start, is_stated=is_end_stated),
        *_slips(times),
        *_half_day_slips(times),
        *_detected_early(start, start_line, detected),
        *_impossible(times),
    ]
    return tuple(found)


def _order(times: Sequence[Resolved]) -> Iterator[Contradiction]:
    """PM103: an entry before the one above it, on the same day by its own words."""
    for before, after in pairwise(times):
        if (
            before.at is None
            or after.at is None
            or not before.at.has_clock
            or not after.at.has_clock
        ):
            continue
        if before.at.has_date != after.at.has_date or before.is_approximate or after.is_approximate:
            continue
        first, last = before.at.instant(), after.at.instant()
        if first is None or last is None or first <= last:
            continue
        if before.at.date == after.at.date:
            yield Contradiction(
                "PM103",
                f"{_clock(after.at)} stands below {_clock(before.at)}",
                (before.line, after.line),
            )


def _cause_before_wrong_path(
    cause: Entry | None, wrong: Sequence[Hypothesis]
) -> Iterator[Contradiction]:
    for path in wrong:
        late = minutes_between(cause.at, path.start) if cause else None
        if (
            cause is not None
            and late is not None
            and 0 < late < 720
            and path.line > cause.line
            and _MISLEADING.search(path.text)
        ):
            yield Contradiction(
                "PM106",
                f"the cause is named at {_clock(cause.at)}, a wrong path is followed at {_clock(path.start)}",
                (cause.line, path.line),
            )


def _duration(
    start: Moment | None,
    end: Moment | None,
    stated: int | None,
    line: int,
    end_line: int,
    *,
    is_approximate: bool,
) -> Iterator[Contradiction]:
    real = minutes_between(start, end)
    if stated is None or real is None or real <= 0 or not line:
        return
    slack = max(2, 0.2 * real) if is_approximate or stated % 30 == 0 else 2
    if abs(stated - real) > slack:
        yield Contradiction(
            "PM107",
            f"{said(stated)} are stated, from start to end it is {said(real)}",
            tuple(dict.fromkeys((line, end_line))),
        )


def _other_end(
    entries: Sequence[Entry],
    end: Moment | None,
    end_line: int,
    start: Moment | None,
    *,
    is_stated: bool,
) -> Iterator[Contradiction]:
    """PM109: the stated end is long after all was well again, or the last entries say another."""
    if not is_stated or end is None:
        return
    whole = minutes_between(start, end)
    for entry in entries:
        if (
            entry.at is None
            or not _BACK.search(entry.text)
            or not kinds.is_recovery(entry.text)
            or kinds.PARTIAL.search(entry.text)
        ):
            continue
        early = minutes_between(entry.at, end)
        if early is None:
            continue
        is_long = early >= _MUCH and (whole is None or 3 * early >= whole)
        is_after = (
            early < -15
            and re.search(r"\b(?:incident|outage|issue|fully)\b", entry.text, re.IGNORECASE)
            and abs(early) < 7 * 1440
        )
        if is_long or is_after:
            how = "before" if early > 0 else "after"
            yield Contradiction(
                "PM109",
                f"the end is stated as {_clock(end)}, at {_clock(entry.at)}, {said(abs(early))} {how} it, all is well",
                tuple(dict.fromkeys((end_line, entry.line))),
            )
            return


def _slips(times: Sequence[Resolved]) -> Iterator[Contradiction]:
    """PM110: one year or month among others that cannot be meant."""
    dated = [
        each
        for each in times
        if each.at and each.at.has_date and each.stamp and each.stamp.moment.has_date
    ]
    if len(dated) < 3:
        return
    for key, what in ((lambda m: m.year, "year"), (lambda m: (m.year, m.month), "month")):
        values = [key(each.at) for each in dated]
        common = max(values, key=values.count)
        if values.count(common) < len(values) - 1 or values.count(common) == len(values):
            continue
        at = next(n for n, value in enumerate(values) if value != common)
        odd = dated[at]
        neighbours = [each for each in dated if each is not odd]
        gaps = [abs(days) for each in neighbours if (days := _days(odd.at, each.at)) is not None]
        is_inside = 0 < at < len(dated) - 1
        if (is_inside or (gaps and min(gaps) >= 25)) and odd.at:
            yield Contradiction(
                "PM110",
                f"{odd.at.iso()} has another {what} than its neighbours",
                (neighbours[max(0, at - 1)].line, odd.line),
            )
            return


def _days(one: Moment | None, other: Moment | None) -> int | None:
    minutes = minutes_between(one, other)
    return None if minutes is None else round(minutes / 1440)


def _half_day_slips(times: Sequence[Resolved]) -> Iterator[Contradiction]:
    """PM111: an entry twelve hours off between neighbours that agree."""
    clocked = [
        each
        for each in times
        if each.stamp and each.stamp.has_half and each.stamp.moment.clock is not None
    ]
    for before, odd, after in zip(clocked, clocked[1:], clocked[2:], strict=False):
        first, middle, last = (
            each.stamp.moment.clock or 0 for each in (before, odd, after) if each.stamp
        )
        if first <= last < middle and first <= middle - 720 <= last:
            yield Contradiction(
                "PM111",
                f"{_clock(odd.at)} between {_clock(before.at)} and {_clock(after.at)}",
                (before.line, odd.line),
            )


def _detected_early(
    start: Moment | None, line: int, detected: Entry | None
) -> Iterator[Contradiction]:
    late = minutes_between(start, detected.at) if detected else None
    if (
        detected is not None
        and late is not None
        and start is not None
        and start.has_date
        and -1440 < late < -1
        and line
    ):
        yield Contradiction(
            "PM112",
            f"noticed at {_clock(detected.at)}, before the start at {_clock(start)}",
            (line, detected.line),
        )


def _impossible(times: Sequence[Resolved]) -> Iterator[Contradiction]:
    """PM113: clocks and zones that cannot be."""
    for each in times:
        if each.stamp is not None and each.stamp.is_odd:
            yield Contradiction("PM113", f"{_clock(each.at)} with AM or PM", (each.line,))
    for each in times:
        zone = each.stamp.zone if each.stamp else None
        if zone is not None and each.at is not None and is_out_of_season(zone.name, each.at.date):
            yield Contradiction(
                "PM113", f"{zone.name} does not hold on {_day(each.at)}", (each.line,)
            )
            return


def said(minutes: int) -> str:
    """A length as people say it: 53 h 36 min."""
    if minutes < 120:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def _clock(moment: Moment | None) -> str:
    if moment is None or moment.clock is None:
        return (moment.iso() if moment else None) or "?"
    return f"{moment.hour:02}:{moment.minute:02}"


def _day(moment: Moment) -> str:
    return (moment.iso() or "?").partition("T")[0]
