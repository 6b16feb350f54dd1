"""A postmortem read whole: its text into the model."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.learn.moment import Moment, minutes_between
from plimsoll.learn.postmortem import (
    SECTIONS,
    Entry,
    EntryKind,
    Factor,
    Hypothesis,
    Impact,
    Milestones,
    NotUnderstood,
    Postmortem,
    Source,
)
from plimsoll.learn.reading import kinds, story
from plimsoll.learn.reading.actions import action_sections, actions_of
from plimsoll.learn.reading.blocks import Document, Shape, document_of
from plimsoll.learn.reading.cause import cause_of
from plimsoll.learn.reading.clock import stamps
from plimsoll.learn.reading.contradictions import contradictions_of
from plimsoll.learn.reading.headings import Topic, bare, topic_of
from plimsoll.learn.reading.html_lines import from_html, is_html
from plimsoll.learn.reading.impact import reach_of
from plimsoll.learn.reading.period import Period, Stated, period_of
from plimsoll.learn.reading.sections import Outline, outline_of
from plimsoll.learn.reading.texts import Text
from plimsoll.learn.reading.timeline import (
    Group,
    Resolved,
    groups_of,
    milestones_of,
    newest_first,
    resolved,
    timeline_of,
    zone_of,
)
from plimsoll.learn.reading.words import sentences
from plimsoll.learn.reading.zones import Zone


class Given(Struct, frozen=True):
    """What the reader is told beside the text: it supplies what the text leaves open."""

    year: int | None = None
    zone: str = ""


NOTHING_GIVEN = Given()


def read(text: Text, path: str, given: Given = NOTHING_GIVEN) -> Postmortem:
    """Everything that *text* says of its incident; `others` are further ones of the same file."""
    (_, first), *rest = outlined(text, path, given)
    others = [each for _, each in rest]
    cut = tuple(
        NotUnderstood(n, "the line is too long; only its beginning was read") for n in text.cut
    )
    return replace(first, others=tuple(others), not_understood=(*first.not_understood, *cut))


def outlined(
    text: Text, path: str, given: Given = NOTHING_GIVEN
) -> list[tuple[Outline, Postmortem]]:
    """Each incident of a text with the outline that it was read from."""
    lines = from_html(text.lines) if is_html(text.lines) else list(enumerate(text.lines, 1))
    return [_read_one(chunk, path, given) for chunk in _incidents(lines)]


_HEAD = re.compile(r"(?P<signs>#{1,4})\s+(?P<text>.+)$")


def _incidents(lines: Sequence[tuple[int, str]]) -> list[list[tuple[int, str]]]:
    """The lines of each incident of a file: headings of one level that each have their timeline."""
    heads = [
        (at, len(found["signs"]), found["text"])
        for at, (_, line) in enumerate(lines)
        if (found := _HEAD.match(line))
    ]
    if told := _numbered(heads):
        ends = [*told[1:], len(lines)]
        before = [each for each in lines[: told[0]] if not each[1].startswith("#")]
        chunks = [list(lines[begin:end]) for begin, end in zip(told, ends, strict=True)]
        return [[*before, *chunks[0]], *chunks[1:]]
    timelines = [(at, level) for at, level, text in heads if topic_of(text) is Topic.TIMELINE]
    if len(timelines) < 2:
        return [list(lines)]
    for level in (1, 2, 3):
        begins = [at for at, depth, text in heads if depth == level and topic_of(text) is None]
        holding = []
        for n, begin in enumerate(begins):
            end = begins[n + 1] if n + 1 < len(begins) else len(lines)
            if any(begin < at < end and depth > level for at, depth in timelines):
                holding.append(begin)
        if len(holding) >= 2:
            ends = [*holding[1:], len(lines)]
            title = (
                [each for each in lines[: holding[0]] if each[1].startswith("# ")]
                if level > 1
                else []
            )
            out = [list(lines[begin:end]) for begin, end in zip(holding, ends, strict=True)]
            out[0] = [*title, *out[0]] if title else [*lines[: holding[0]], *out[0]]
            return out
    return [list(lines)]


_NUMBERED = re.compile(
    r"(?:incident|outage|incidente|vorfall|インシデント|事故)\s*#?(?P<number>\d{1,2})\b",
    re.IGNORECASE,
)


def _numbered(heads: Sequence[tuple[int, int, str]]) -> list[int]:
    """Where "Incident 1: ...", "Incident 2: ..." stand, on one level; empty without two of them."""
    found = [
        (at, level, int(number["number"]))
        for at, level, text in heads
        if (number := _NUMBERED.match(text))
    ]
    levels = {level for _, level, _ in found}
    numbers = [number for _, _, number in found]
    is_series = len(levels) == 1 and numbers == list(range(numbers[0], numbers[0] + len(found)))
    return [at for at, _, _ in found] if len(found) > 1 and is_series else []


def _read_one(
    lines: Sequence[tuple[int, str]], path: str, given: Given
) -> tuple[Outline, Postmortem]:
    document = document_of(lines)
    outline = outline_of(document.items)
    title, title_source = _title(document, outline)
    groups = list(groups_of(outline))
    group, events = timeline_of(groups), milestones_of(groups)
    zone_found = zone_of(outline, group, title or "")
    zone = (
        Zone(given.zone) if given.zone and not zone_found else zone_found[0] if zone_found else None
    )
    period = _dated_elsewhere(
        period_of(outline, events, zone, title or "", _lines(group)), group, path, document, given
    )
    times = _times(group, period, zone, given)
    reading = _Reading(
        document, outline, group, events, zone, period, times, _entries(times), title or "", path
    )
    return outline, reading.postmortem(title, title_source, zone_found)


def _title(document: Document, outline: Outline) -> tuple[str | None, Source | None]:
    named = document.front.get("title")
    if named and named[0]:
        return named[0], Source(named[1], 0.95)
    for part in outline.of(Topic.TITLE):
        return part.item.text, Source(part.item.line, 0.9)
    if outline.title is not None:
        text = outline.title.text
        return (text, Source(outline.title.line, 0.9)) if not _is_generic(text) else (None, None)
    first = next((p for p in outline.parts if p.item.text), None)
    if first is not None and first.section == 0 and first.item.shape is Shape.PARAGRAPH:
        text = first.item.text
        is_name = (
            3 <= len(text.split()) <= 14
            and text[:1].isupper()
            and not text.endswith((".", ":", "!", "?", ","))
            and "://" not in text
        )
        if (
            is_name
            and not _is_generic(text)
            and first.item.line < 12
            and not list(stamps(text[:40]))
        ):
            return text, Source(first.item.line, 0.6)
    return None, None


_GENERIC_WORDS = """
    postmortem post mortem incident report rca outage analysis the a of root cause issue
    summary review and my first document template ポストモーテム
"""
_GENERIC = frozenset(_GENERIC_WORDS.split())


def _is_generic(text: str) -> bool:
    words = re.findall(r"\w+", bare(text).casefold())
    return not [
        word for word in words if word not in _GENERIC and not (word.isdigit() and len(word) < 3)
    ]


_FILE_DAY = re.compile(
    r"(?<!\d)(?P<year>20[0-3]\d)[-_.]?(?P<month>0[1-9]|1[0-2])[-_.]?(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"
)


def _dated_elsewhere(
    period: Period, group: Group | None, path: str, document: Document, given: Given
) -> Period:
    """The day of the first entry, the front matter or the file's name, where the summary states none."""
    day = period.day or _first_day(group)
    if day is None and (front := document.front.get("date")):
        found = next((s.moment for s in stamps(front[0]) if s.moment.has_date), None)
        day = replace(found, hour=None, minute=None, second=0) if found else None
    if day is None and (named := _FILE_DAY.search(path.rpartition("/")[2])):
        day = Moment(int(named["year"]), int(named["month"]), int(named["day"]))
    if day is not None and day.year is None and given.year:
        day = replace(day, year=given.year)
    if day is period.day and not given.year:
        return period
    return replace(
        period,
        day=day,
        start=_stated_on(period.start, day, given.year),
        end=_stated_on(
            period.end,
            period.start.value if period.start and period.start.value.has_date else day,
            given.year,
        ),
    )


def _first_day(group: Group | None) -> Moment | None:
    """The day of the first entry that has one."""
    for entry in group.entries if group else ():
        if entry.stamp is not None and entry.stamp.moment.has_date:
            return replace(entry.stamp.moment, hour=None, minute=None, second=0, offset=None)
    return None


def _stated_on(stated: Stated | None, day: Moment | None, year: int | None) -> Stated | None:
    if stated is None:
        return None
    value = stated.value.dated_as(day)
    if value.year is None and value.has_date and year:
        value = replace(value, year=year)
    return replace(stated, value=value)


def _lines(group: Group | None) -> frozenset[int]:
    return frozenset(each.line for each in group.entries) if group else frozenset()


def _times(group: Group | None, period: Period, zone: Zone | None, given: Given) -> list[Resolved]:
    if group is None:
        return []
    start = period.start.value if period.start else None
    day = start if start is not None and start.has_date else period.day
    first_dated = next(
        (e.stamp.moment for e in group.entries if e.stamp and e.stamp.moment.has_date), None
    )
    if day is None and first_dated is not None:
        day = replace(first_dated, hour=None, minute=None, second=0)
    elif (
        day is not None
        and day.year is None
        and first_dated is not None
        and first_dated.year is not None
    ):
        day = replace(day, year=first_dated.year) if first_dated.month == day.month else day
    if day is not None:
        day = replace(day, hour=None, minute=None, second=0, offset=None)
        if day.year is None and given.year:
            day = replace(day, year=given.year)
    told = group.entries[::-1] if newest_first(group.entries) else group.entries
    return resolved(told, day, zone, start, is_day_of_all=period.is_day_of_all)


def _entries(times: Sequence[Resolved]) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            each.at, each.text, each.line, kinds.kind_of(each.text), each.until, each.is_approximate
        )
        for each in times
    )


class _Reading(Struct, frozen=True):
    """What was read of one incident, on the way to the model."""

    document: Document
    outline: Outline
    group: Group | None
    events: Group | None
    zone: Zone | None
    period: Period
    times: list[Resolved]
    entries: tuple[Entry, ...]
    title: str
    path: str

    def postmortem(
        self,
        title: str | None,
        title_source: Source | None,
        zone_found: tuple[Zone, int, float] | None,
    ) -> Postmortem:
        sources: dict[str, Source] = {}
        if title_source:
            sources["title"] = title_source
        if zone_found:
            sources["time_zone"] = Source(zone_found[1], zone_found[2])
        cause = cause_of(self.outline, self.entries, self.title)
        noticed = story.detected(self.entries)
        restored = story.resolved(self.entries)
        start, start_source = self._start(noticed)
        end, end_source = self._end(restored)
        named = story.identified(self.entries, (cause.text or "") if cause else "")
        wrong = story.wrong_paths(self.entries, named, (cause.text or "") if cause else "")
        minutes, minutes_source = self._minutes(start, end, end_source)
        reach = reach_of(self.outline, self.title, _lines(self.group))
        repaired = story.mitigated(self.entries, named.at if named else None, restored)
        milestones = self._milestones(start, noticed, named, repaired, restored, wrong, sources)
        actions = actions_of(self.outline)
        resolution, resolution_line = self._resolution(restored, repaired)
        stated = {"start": start_source, "end": end_source, "duration_minutes": minutes_source}
        sources |= {key: source for key, source in stated.items() if source}
        for key, value, line in (
            ("impact.percent", reach.percent, reach.percent_line),
            ("impact.users", reach.users, reach.users_line),
        ):
            if value is not None:
                sources[key] = Source(line, 0.7 if reach.is_approximate else 0.9)
        if reach.functions:
            sources["impact.functions"] = Source(reach.functions_line, 0.7)
        if cause and cause.line:
            sources["root_cause"] = Source(cause.line, cause.confidence)
        if resolution:
            sources["resolution"] = Source(resolution_line, 0.8)
        severity = self._severity(sources)
        is_incident = bool(
            any(entry.at for entry in self.entries)
            or start
            or end
            or minutes
            or (cause and cause.confidence >= _SURE)
        )
        return Postmortem(
            path=self.path,
            title=title,
            start=start,
            end=end,
            duration_minutes=minutes,
            time_zone=self.zone.name if self.zone else None,
            severity=severity,
            impact=Impact(reach.percent, reach.users, reach.functions),
            timeline=self.entries[::-1] if self._is_newest_first() else self.entries,
            milestones=milestones,
            hypotheses=wrong,
            root_cause=cause,
            factors=self._factors(),
            resolution=resolution,
            actions=actions,
            missing=self._missing(
                has_cause=cause is not None and cause.confidence >= 0.3, has_impact=reach.is_told or any(e.kind is EntryKind.SYMPTOM for e in self.entries),
                has_detection=noticed is not None, has_resolution=bool(resolution),
            ),
            contradictions=contradictions_of(
                entries=self.entries, times=self.times, start=start, end=end,
                start_line=start_source.line if start_source else 0,
                end_line=end_source.line if end_source else 0,
                is_end_stated=self.period.end is not None,
                stated_minutes=self.period.minutes, minutes_line=self.period.minutes_line,
                is_approximate=self.period.is_approximate,
                cause_entry=named, detected=noticed, wrong=wrong,
            ),
            sources=sources,
            not_understood=self._not_understood(),
            is_incident=is_incident,
        )  # fmt: skip

    def _start(self, noticed: Entry | None) -> tuple[Moment | None, Source | None]:
        if self.period.start is not None:
            return self.period.start.value, Source(
                self.period.start.line, self.period.start.confidence
            )
        entry = story.onset(self.entries, noticed)
        if self._says_unknown_start():
            return None, None
        if entry is not None and entry.at is not None and not self._is_long_before(entry, noticed):
            return entry.at, Source(entry.line, 0.5 if entry.is_approximate else 0.6)
        day = self.period.day
        if day is not None and day.has_date and self._is_told_with_day():
            return day, Source(self.period.day_line, 0.5)
        return None, None

    def _is_long_before(self, entry: Entry, noticed: Entry | None) -> bool:
        """Whether it is only the history: a change days before anybody noticed anything."""
        if (
            noticed is None
            or entry is noticed
            or entry.kind in (EntryKind.SYMPTOM, EntryKind.ALERT)
        ):
            return False
        waited = minutes_between(entry.at, noticed.at)
        if waited is not None:
            return waited > 5 * 1440
        return bool(
            entry.at
            and noticed.at
            and entry.at.year
            and noticed.at.year
            and entry.at.year != noticed.at.year
        )

    def _says_unknown_start(self) -> bool:
        return any(
            re.search(
                r"start time (?:is|was) (?:not|un)\w*|unknown (?:length|start)|start (?:is|was) (?:not (?:fully )?known|unknown)|発生時刻不明",
                part.item.text,
                re.IGNORECASE,
            )
            for part in self.outline.parts
            if part.topic in (Topic.SUMMARY, Topic.IMPACT, Topic.PERIOD, None)
        )

    def _is_newest_first(self) -> bool:
        return self.group is not None and newest_first(self.group.entries)

    def _is_told_with_day(self) -> bool:
        return any(
            part.topic in (Topic.CAUSE, Topic.CAUSE_AND_RESOLUTION, Topic.IMPACT)
            for part in self.outline.parts
        )

    def _end(self, restored: Entry | None) -> tuple[Moment | None, Source | None]:
        if self.period.end is not None:
            return self.period.end.value, Source(self.period.end.line, self.period.end.confidence)
        if restored is not None and restored.at is not None:
            return restored.at, Source(restored.line, 0.6)
        timed = [entry for entry in self.entries if entry.at]
        if timed and len(timed) > 1:
            return timed[-1].at, Source(timed[-1].line, 0.3)
        return None, None

    def _minutes(
        self, start: Moment | None, end: Moment | None, end_source: Source | None
    ) -> tuple[int | None, Source | None]:
        computed = minutes_between(start, end)
        stated = self.period.minutes
        is_slip = bool(stated and computed and computed > 20 * stated)  # a wrong day or month
        if computed is not None and computed > 0 and end_source and not is_slip:
            return computed, Source(end_source.line, min(0.9, end_source.confidence))
        if stated is not None:
            return stated, Source(
                self.period.minutes_line, 0.6 if self.period.is_approximate else 0.85
            )
        return None, None

    def _milestones(self, start: Moment | None, noticed: Entry | None, named: Entry | None, repaired: Entry | None,
                    restored: Entry | None, wrong: Sequence[Hypothesis], sources: dict[str, Source]) -> Milestones:  # fmt: skip
        detected = self._event(r"detect|identif(?:ied)? by|reported") if self.events else None
        resolved_at = self._event(r"^(?:incident )?(?:resolved|restored)") if self.events else None
        mitigated_at = self._event(r"^(?:incident )?(?:repaired|mitigated)")
        taken = story.acknowledged(self.entries, noticed.at if noticed else None)
        helped = story.engaged(self.entries, wrong)
        stated_detection = (
            self._stated_in(Topic.DETECTION) if noticed is None and detected is None else None
        )
        pairs = {
            "detected": noticed, "acknowledged": taken, "engaged": helped,
            "identified": named, "mitigated": repaired, "resolved": restored,
        }  # fmt: skip
        for key, entry in pairs.items():
            if entry is not None and entry.at is not None:
                sources[f"milestones.{key}"] = Source(entry.line, 0.7)
        end = (
            resolved_at
            or (restored.at if restored else None)
            or (self.period.end.value if self.period.end else None)
        )
        if end is None and len([e for e in self.entries if e.at]) > 1:
            end = [e.at for e in self.entries if e.at][-1]
        return Milestones(
            started=start,
            detected=detected or (noticed.at if noticed else None) or stated_detection,
            acknowledged=taken.at if taken else None,
            engaged=helped.at if helped else None,
            identified=named.at if named else None,
            mitigated=mitigated_at or (repaired.at if repaired else None),
            resolved=end,
        )

    def _event(self, pattern: str) -> Moment | None:
        if self.events is None:
            return None
        base = resolved(self.events.entries, self.period.day, self.zone, None)
        return next(
            (each.at for each in base if re.search(pattern, each.text, re.IGNORECASE)), None
        )

    def _stated_in(self, topic: Topic) -> Moment | None:
        for part in self.outline.of(topic):
            for stamp in stamps(part.item.text[:300]):
                if stamp.moment.has_clock:
                    moment = stamp.moment.dated_as(self.period.day)
                    zone = stamp.zone or self.zone
                    return replace(moment, offset=zone.offset(moment.date) if zone else None)
        return None

    def _resolution(self, restored: Entry | None, repaired: Entry | None) -> tuple[str | None, int]:
        promised = set(action_sections(self.outline))
        for topic in (Topic.RESOLUTION, Topic.CAUSE_AND_RESOLUTION):
            for part in self.outline.of(topic):
                if (
                    part.item.shape in (Shape.CODE, Shape.HEADING)
                    or not part.item.text
                    or part.section in promised
                ):
                    continue
                said = [
                    s
                    for s in sentences(part.item.text)
                    if (kinds.REPAIR.search(s) or topic is Topic.RESOLUTION)
                    and not _says_only_when(s)
                ]
                if topic is Topic.CAUSE_AND_RESOLUTION:
                    said = [
                        s
                        for s in said
                        if re.search(
                            r"resol|fix|restor|revert|solv|mitigat|rolled|correct|by \w+ing",
                            s,
                            re.IGNORECASE,
                        )
                    ]
                if said:
                    return " ".join(said[:3]), part.item.line
        ends = [restored] if restored is not None else []
        repair = next((e for e in reversed(self.entries) if kinds.REPAIR.search(e.text)), None)
        told = [e for e in (*ends, repaired) if e is not None and story.tells_repair(e)]
        for entry in (*told, *ends, repair):
            if entry is not None:
                return entry.text, entry.line
        for part in self.outline.parts:
            if part.topic in (Topic.SUMMARY, Topic.RESPONSE, None):
                said = [
                    s
                    for s in sentences(part.item.text)
                    if re.search(
                        r"\b(?:resolved|restored|fixed|recovered|rolled back|reverted)\b|\bwe (?:raised|lowered|increased|reduced|restarted|rebooted|replaced|renewed|disabled|removed|scaled|changed|set)\b",
                        s,
                        re.IGNORECASE,
                    )
                ]
                if said:
                    return said[0], part.item.line
        return None, 0

    def _factors(self) -> tuple[Factor, ...]:
        return tuple(
            Factor(part.item.text, part.item.line)
            for part in self.outline.of(Topic.FACTORS)
            if part.item.shape in (Shape.BULLET, Shape.ROW)
            or (part.item.shape is Shape.PARAGRAPH and not part.item.text.endswith(":"))
        )

    def _severity(self, sources: dict[str, Source]) -> str | None:
        for part in self.outline.parts:
            if part.topic is Topic.SEVERITY and part.item.text and part.item.shape is not Shape.ROW:
                sources["severity"] = Source(part.item.line, 0.9)
                return re.split(r"\s[\u00b7|(\u2014\u2013-]\s?|[\uff08(]", part.item.text)[
                    0
                ].strip()[:40]
            if len(part.item.cells) == 2 and topic_of(part.item.cells[0]) is Topic.SEVERITY:
                sources["severity"] = Source(part.item.line, 0.9)
                return re.split(r"[\uff08(]", part.item.cells[1])[0].strip()[:40]
            found = re.search(r"\b(?:SEV|Sev|P)[- ]?[0-5]\b", part.item.text[:300])
            if found and part.topic in (Topic.SUMMARY, Topic.IMPACT, None):
                sources["severity"] = Source(part.item.line, 0.7)
                return found[0]
        return None

    def _missing(
        self, *, has_cause: bool, has_impact: bool, has_detection: bool, has_resolution: bool
    ) -> tuple[str, ...]:
        actions = actions_of(self.outline)
        has_detection = (
            has_detection
            or any(len(p.item.text) > 12 for p in self.outline.of(Topic.DETECTION))
            or bool(self.events and self._event("detect"))
        )
        here = {
            "impact": has_impact,
            "timeline": any(entry.at for entry in self.entries),
            "detection": has_detection,
            "root cause": has_cause,
            "resolution": has_resolution,
            "actions": bool(actions),
            "owners": any(action.owner for action in actions),
            "due dates": any(action.due for action in actions),
        }
        return tuple(name for name in SECTIONS if not here[name])

    def _not_understood(self) -> tuple[NotUnderstood, ...]:
        out = [
            NotUnderstood(
                each.line, "an entry without a time that could be read: " + each.text[:120]
            )
            for each in self.times
            if each.at is None and each.stamp is not None
        ]
        if self.group is not None:
            out += [
                NotUnderstood(p.item.line, p.item.text[:160])
                for p in self.group.strays
                if p.item.text
            ]
        out += [
            NotUnderstood(p.item.line, p.item.text[:160])
            for p in self.outline.parts
            if p.section == 0
            and len(p.item.text) < 24
            and p.item.shape is Shape.PARAGRAPH
            and p.item.line < 6
        ]
        return tuple(out)


_SURE = 0.7  # of the cause of a text without any time, to be the story of an incident


def _says_only_when(text: str) -> bool:
    """Beside "time to resolve" or "resolved at": how long it took, or when, not what was done."""
    if _ONLY_LENGTH.fullmatch(text):
        return True
    found = stamps(text)
    rest = text[: found[0].start] + text[found[-1].end :] if found else text
    return bool(found) and not re.search(r"[^\W\d_]{4,}|[\u3040-\u9fff\uac00-\ud7af]{2,}", rest)


_ONLY_LENGTH = re.compile(
    r"[~\d\s.,:]*(?:\d+\s?(?:d|days?|h|hours?|hrs?|m|min\w*|s|sec\w*)[\s,.]*)+", re.IGNORECASE
)
