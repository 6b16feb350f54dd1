"""A postmortem as one page that people want to read: the short story first, then how it went."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape

from plimsoll.learn.moment import Moment, minutes_between
from plimsoll.learn.postmortem import Postmortem
from plimsoll.learn.reading.contradictions import said
from plimsoll.learn.writing.load_line import LoadLine, load_line
from plimsoll.learn.writing.text import when

# Where a moment stands on the line; None where it cannot be told.
_Scale = Callable[[Moment | None], float | None]
_W, _LEFT, _RIGHT, _AXIS = 920, 24, 24, 96
_COLORS = {
    "change": "#7d6bb0", "symptom": "#b03a2e", "alert": "#d08a1d", "hypothesis": "#8a8f98",
    "cause": "#1f5f8b", "action": "#2e7d6b", "recovery": "#4f8a34", "note": "#a7afb8",
}  # fmt: skip
_MARKS = {
    "detected": "noticed", "engaged": "right people called", "identified": "cause named",
    "mitigated": "harm ended", "resolved": "all well",
}  # fmt: skip
_STYLE = """
:root { color-scheme: light dark; --ink: #1c2733; --faint: #5a6a79; --paper: #fdfdfb; --line: #d9dee3;
  --wrong: #b5651d; --sea: #2f6690; --over: #a93226; --fine: #4f8a34 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf0; --faint: #9db0c0; --paper: #12181e; --line: #33414d;
  --wrong: #e0944a; --sea: #6ca6d1; --over: #e0685c; --fine: #8cc56d } }
body { font: 17px/1.6 Georgia, "Times New Roman", serif; color: var(--ink); background: var(--paper);
  max-width: 54rem; margin: 2.5rem auto; padding: 0 1.2rem }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .3rem } h2 { font-size: 1.2rem; margin: 2.4rem 0 .6rem }
.story { font-size: 1.16rem } .faint, .when { color: var(--faint) }
svg { width: 100%; height: auto; display: block } svg text { font: 13px system-ui, sans-serif; fill: var(--ink) }
svg .small { font-size: 11.5px; fill: var(--faint) } svg .wrong { fill: var(--wrong) }
ol.times { list-style: none; padding: 0; font: 15px/1.5 system-ui, sans-serif }
ol.times li { display: grid; grid-template-columns: 6.5rem 1rem 1fr; gap: .6rem; padding: .3rem 0;
  border-bottom: 1px solid var(--line) } ol.times i { width: .75rem; height: .75rem; border-radius: 50%; margin-top: .42rem }
ol.times .when { font-variant-numeric: tabular-nums } ul.actions { padding-left: 1.2rem }
ul.paths { font: 15px/1.5 system-ui, sans-serif; padding-left: 1.2rem } ul.paths b { color: var(--wrong) }
.numbers { display: flex; flex-wrap: wrap; gap: 1.6rem; font-family: system-ui, sans-serif; margin: 1.2rem 0 }
.numbers b { display: block; font-size: 1.5rem } .numbers span { color: var(--faint); font-size: .86rem }
.missing { border-left: 3px solid var(--wrong); padding-left: .9rem; font: 15px/1.5 system-ui, sans-serif }
@media print { body { margin: 0; max-width: none; font-size: 11pt; background: #fff; color: #000 }
  h2 { break-after: avoid } li, svg, .numbers { break-inside: avoid } }
@media (max-width: 34rem) { ol.times li { grid-template-columns: 1fr } ol.times i { display: none } }
"""


def page(pm: Postmortem) -> str:
    """One self-contained HTML page; nothing in it is fetched."""
    return "\n".join(_page(pm)) + "\n"


def _page(pm: Postmortem) -> Iterator[str]:
    title = pm.title or pm.path.rpartition("/")[2]
    yield '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
    yield f"<h1>{escape(title)}</h1>"
    yield f'<p class="story">{escape(story(pm))}</p>'
    yield from _numbers(pm)
    if any(entry.at for entry in pm.timeline):
        yield "<h2>How it went</h2>"
        yield from _picture(pm)
        yield from _paths(pm)
    yield from _cause(pm)
    if pm.factors:
        yield "<h2>What else had to be true</h2><ul>"
        yield from (f"<li>{escape(each.text)}</li>" for each in pm.factors)
        yield "</ul>"
    yield from _actions(pm)
    if pm.timeline:
        zone = f" ({escape(pm.time_zone)})" if pm.time_zone else ""
        yield f'<h2>Minute by minute{zone}</h2><ol class="times">'
        yield from _entries(pm)
        yield "</ol>"
    yield from _gaps(pm)
    yield "</body></html>"


def story(pm: Postmortem) -> str:
    """Three sentences: when and whom it hit, why, what ended it."""
    pieces = []
    span = _span(pm)
    hit = []
    if pm.impact.percent is not None:
        hit.append(f"{pm.impact.percent:g} % of users" if pm.impact.percent != 100 else "all users")
    if pm.impact.users is not None:
        hit.append(f"{pm.impact.users:,} people")
    whom = ", ".join(hit) or "users"
    if pm.impact.functions:
        is_doing = pm.impact.functions[0].split()[0].endswith("ing")
        verb = "were kept from" if is_doing else "could not"
        pieces.append(f"{span}, {whom} {verb} {_listed(pm.impact.functions)}.")
    elif hit:
        pieces.append(f"{span}, it hit {whom}.")
    else:
        pieces.append(f"{span}.")
    if pm.root_cause is not None and pm.root_cause.text:
        pieces.append(_sentence(pm.root_cause.text))
    if pm.hypotheses:
        lost = sum(path.minutes or 0 for path in pm.hypotheses)
        count = len(pm.hypotheses)
        paths = "one wrong path" if count == 1 else f"{count} wrong paths"
        pieces.append(
            f"{paths.capitalize()} cost {lost} minutes."
            if lost
            else f"{paths.capitalize()} were followed."
        )
    if pm.resolution:
        pieces.append(_sentence(pm.resolution.split(". ")[0]))
    return " ".join(pieces)


def _span(pm: Postmortem) -> str:
    start, end = when(pm.start), when(pm.end)
    length = f", for {said(pm.duration_minutes)}" if pm.duration_minutes else ""
    if start and end:
        same_day = pm.start is not None and pm.end is not None and pm.start.date == pm.end.date
        first, last = _moment(pm, pm.start), _moment(pm, pm.end)
        if same_day and " " in last:
            last = last.split(" ", 1)[1]
            first = " ".join(first.split(" ")[:2])
        return f"From {first} to {last}{length}"
    return (
        f"From {_moment(pm, pm.start)}{length}" if start else "At a time that is not told" + length
    )


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _sentence(text: str) -> str:
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "\u3002")) else f"{text}."


def _numbers(pm: Postmortem) -> Iterator[str]:
    rows = []
    for name, label in _MARKS.items():
        minutes = minutes_between(pm.start, getattr(pm.milestones, name))
        if minutes is not None and minutes >= 0:
            rows.append((said(minutes), f"until {label}"))
    lost = sum(path.minutes or 0 for path in pm.hypotheses)
    if lost:
        rows.append((said(lost), "on wrong paths"))
    if rows:
        cells = "".join(
            f"<div><b>{escape(value)}</b><span>{escape(label)}</span></div>"
            for value, label in rows
        )
        yield f'<div class="numbers">{cells}</div>'


def _picture(pm: Postmortem) -> Iterator[str]:
    """The incident as a line: entries on it, milestones above, wrong paths as detours below."""
    timed = [entry for entry in pm.timeline if entry.at]
    origin = pm.start if pm.start is not None and pm.start.has_clock else timed[0].at
    ends = [minutes_between(origin, each.at) for each in timed] + [minutes_between(origin, pm.end)]
    known = [minutes for minutes in ends if minutes is not None]
    first, last = min([0, *known]), max([1, *known])
    if last - first < 1:
        return

    def x(moment: Moment | None) -> float | None:
        minutes = minutes_between(origin, moment)
        if minutes is None:
            return None
        return _LEFT + (minutes - first) / (last - first) * (_W - _LEFT - _RIGHT)

    height = 230 if pm.hypotheses else 150
    yield f'<svg viewBox="0 0 {_W} {height}" role="img" aria-label="the incident on a line of time">'
    yield f'<line x1="{_LEFT}" y1="{_AXIS}" x2="{_W - _RIGHT}" y2="{_AXIS}" stroke="var(--line)" stroke-width="6" stroke-linecap="round"/>'
    yield from _detours(pm, x)
    for entry in timed:
        at = x(entry.at)
        if at is not None:
            yield f'<circle cx="{at:.1f}" cy="{_AXIS}" r="6" fill="{_COLORS[entry.kind]}"><title>{escape(when(entry.at) + " " + entry.text)}</title></circle>'
    yield from _flags(pm, x)
    yield f'<text class="small" x="{_LEFT}" y="12">{escape(_moment(pm, origin))}</text>'
    yield f'<text class="small" x="{_W - _RIGHT}" y="{_AXIS + 26}" text-anchor="end">{escape(said(last - first))}</text></svg>'


def _flags(pm: Postmortem, x: _Scale) -> Iterator[str]:
    """Names of the milestones above the line, on as many rows as they need."""
    rows = [-1.0e9, -1.0e9, -1.0e9, -1.0e9]
    marks = [(x(getattr(pm.milestones, name)), label) for name, label in _MARKS.items()]
    for at, label in sorted((at, label) for at, label in marks if at is not None):
        width = 7.2 * len(label) + 12
        left = min(max(0.0, at - width / 2), _W - width)
        row = next((n for n, used in enumerate(rows) if left > used), len(rows) - 1)
        rows[row] = left + width
        y = _AXIS - 24 - 18 * row
        yield f'<line x1="{at:.1f}" y1="{y + 4}" x2="{at:.1f}" y2="{_AXIS - 7}" stroke="var(--sea)" stroke-width="1.5"/>'
        yield f'<text x="{left + 4:.1f}" y="{y}">{escape(label)}</text>'


def _detours(pm: Postmortem, x: _Scale) -> Iterator[str]:
    for n, path in enumerate(pm.hypotheses):
        begin, end = x(path.start), x(path.end)
        if begin is None or end is None or end <= begin:
            continue
        depth = _AXIS + 58 + 22 * (n % 3)
        middle = (begin + end) / 2
        yield (
            f'<path d="M {begin:.1f} {_AXIS} C {begin:.1f} {depth + 18}, {end:.1f} {depth + 18}, {end:.1f} {_AXIS}" fill="none" '
            f'stroke="var(--wrong)" stroke-width="2.5" stroke-dasharray="6 4"><title>{escape(path.text)}</title></path>'
        )
        label = f"{path.minutes} min"
        yield f'<text class="wrong" x="{middle:.1f}" y="{depth + 24}" text-anchor="middle">{label}</text>'


def _paths(pm: Postmortem) -> Iterator[str]:
    """What each detour was."""
    if pm.hypotheses:
        yield '<ul class="paths">'
        for path in pm.hypotheses:
            cost = f"{path.minutes} min" if path.minutes is not None else "time not known"
            yield f"<li><b>{cost}</b> {escape(_sentence(path.text))}</li>"
        yield "</ul>"


def _cause(pm: Postmortem) -> Iterator[str]:
    cause = pm.root_cause
    if cause is None or not cause.text:
        return
    yield "<h2>Why</h2>"
    yield f"<p>{escape(_sentence(cause.text))}</p>"
    line = load_line(cause.text)
    if line is not None:
        yield from _load_line(line, cause.setting or "load")
    elif cause.category in ("configuration", "capacity"):
        yield '<p class="faint">The text does not say by how much: setting, value and limit would make it a line that a check can hold.</p>'


def _load_line(line: LoadLine, name: str) -> Iterator[str]:
    """The limit as a mark on the hull, the load as what it carries."""
    most = max(1.25, min(line.share, 8.0) * 1.08)
    scale = (_W - 60) / most
    load, limit = min(line.share, 8.0) * scale, scale
    color = "var(--over)" if line.share > 1 else "var(--fine)"
    yield f'<svg viewBox="0 0 {_W} 92" role="img" aria-label="{escape(name)}: {escape(line.load)} against {escape(line.limit)}">'
    yield f'<rect x="10" y="34" width="{load:.1f}" height="22" rx="3" fill="{color}" opacity=".85"/>'
    yield f'<line x1="{10 + limit:.1f}" y1="30" x2="{10 + limit:.1f}" y2="68" stroke="var(--ink)" stroke-width="3"/>'
    yield f'<text x="10" y="24">{escape(name)} = {escape(line.load)}</text>'
    anchor = "end" if 10 + limit > _W * 0.7 else "start"
    yield f'<text x="{10 + limit:.1f}" y="84" text-anchor="{anchor}">{escape(line.limit)}: the line; loaded to {100 * line.share:.0f} %</text></svg>'


def _actions(pm: Postmortem) -> Iterator[str]:
    if not pm.actions:
        return
    yield '<h2>What is done now</h2><ul class="actions">'
    for each in pm.actions:
        mark = {True: "\u2611 ", False: "\u2610 ", None: ""}[each.done]
        beside = ", ".join(
            part for part in (each.owner, f"due {each.due}" if each.due else None) if part
        )
        tail = f' <span class="faint">{escape(beside)}</span>' if beside else ""
        yield f"<li>{mark}{escape(_ASIDE.sub('', each.text))}{tail}</li>"
    yield "</ul>"


_ASIDE = re.compile(r"\s*\((?:owner|assignee|due)\b[^()]*\)", re.IGNORECASE)


def _entries(pm: Postmortem) -> Iterator[str]:
    """The entries, each with its clock; a day where it changes."""
    day = ""
    for entry in pm.timeline:
        told = when(entry.at)
        own, _, clock = (
            told.partition(" ") if entry.at is not None and entry.at.has_date else ("", "", told)
        )
        shown = clock.split(" ")[0] if clock else own
        if own != day and clock:
            shown = f"{own}<br>{shown}"
        day = own or day
        color = _COLORS[entry.kind]
        yield (
            f'<li><span class="when">{shown}</span>'
            f'<i style="background:{color}" title="{entry.kind}"></i><span>{escape(entry.text)}</span></li>'
        )


def _moment(pm: Postmortem, moment: Moment | None) -> str:
    """A moment with the zone by the name that the text has for it."""
    told = when(moment)
    is_offset = moment is not None and moment.offset is not None and moment.has_clock
    return f"{told.rsplit(' ', 1)[0]} {pm.time_zone}" if is_offset and pm.time_zone else told


def _gaps(pm: Postmortem) -> Iterator[str]:
    told = [f"Not told: {', '.join(pm.missing)}."] if pm.missing else []
    told += [
        f"Lines {', '.join(map(str, each.lines))}: {each.message}." for each in pm.contradictions
    ]
    if told:
        yield "<h2>What this page cannot say</h2>"
        yield f'<div class="missing">{"<br>".join(map(escape, told))}</div>'
