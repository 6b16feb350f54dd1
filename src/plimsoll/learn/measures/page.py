"""The measures as one page: a bar for each incident, split by what its minutes went into."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import pairwise

from plimsoll.learn.measures.measure import Measure
from plimsoll.learn.measures.summary import LEAST, Summary
from plimsoll.learn.measures.tables import change_text, fault_texts, interval_text
from plimsoll.learn.reading.contradictions import said

_PHASES = (
    ("unnoticed", "#9a3b2e", "nobody had noticed"),
    ("search", "#c9822b", "the cause was searched"),
    ("repair", "#3c6e8f", "it was repaired"),
    ("recovery", "#7fa66b", "it recovered"),
)
_WIDTH = 760
_ROOM = 80  # that minutes need inside of a bar
_STYLE = """
:root { color-scheme: light dark; --ink: #1d2733; --faint: #5d6b7a; --paper: #fff; --line: #d8dee5 }
@media (prefers-color-scheme: dark) { :root { --ink: #e7ecf1; --faint: #9fb0bf; --paper: #14191f; --line: #34404c } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 62rem;
  margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.6rem; margin-bottom: .2rem } h2 { font-size: 1.15rem; margin-top: 2.2rem }
table { border-collapse: collapse; width: 100%; font-size: .93rem } th { text-align: left; color: var(--faint);
  font-weight: 600 } td, th { padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top } td.n { text-align: right; font-variant-numeric: tabular-nums }
svg { width: 100%; height: auto } svg text { font: 12px system-ui, sans-serif; fill: var(--ink) }
svg text.in { font-size: 9px; fill: #fff }
.key span { display: inline-block; margin-right: 1.2rem; color: var(--faint); font-size: .9rem }
.key i { display: inline-block; width: .9rem; height: .9rem; margin-right: .35rem; vertical-align: -.1rem;
  border-radius: 2px } .faint { color: var(--faint) }
@media print { body { margin: 0; max-width: none } h2 { break-after: avoid } tr, svg { break-inside: avoid } }
"""


def page(found: Summary) -> str:
    """One self-contained HTML page."""
    return "\n".join(_page(found)) + "\n"


def _page(found: Summary) -> Iterator[str]:
    yield '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>Incidents measured</title><style>{_STYLE}</style></head><body>"
    yield f"<h1>{len(found.incidents)} incidents</h1>"
    yield f'<p class="faint">{escape(_lead(found))}</p>'
    yield "<h2>Where the minutes went</h2>"
    yield from _picture(found.incidents)
    yield "<h2>Medians</h2><table><tr><th>time</th><th>minutes</th></tr>"
    for name, interval in found.times.items():
        yield f"<tr><td>{_names(name)}</td><td>{escape(interval_text(interval))}</td></tr>"
    yield "</table>"
    if found.changes:
        yield "<h2>Before and after</h2><ul>"
        yield from (f"<li>{escape(change_text(each))}</li>" for each in found.changes)
        yield "</ul>"
    yield "<h2>Every incident</h2><table><tr><th>incident</th><th>noticed</th><th>cause</th><th>harm ended</th>"
    yield "<th>all well</th><th>wrong paths</th><th>what went wrong in its handling</th></tr>"
    yield from map(_row, found.incidents)
    yield "</table></body></html>"


def _lead(found: Summary) -> str:
    told = [f"{found.misdirected} minutes on wrong paths"]
    told.append(f"{len(found.late)} times the right people were called after the cause was known")
    told.append(f"{found.hand_share[0]} of {found.hand_share[1]} repaired by hand")
    if len(found.incidents) < LEAST:
        told.append(f"fewer than {LEAST} incidents: no trend can be told from them")
    return "; ".join(told) + "."


def _names(name: str) -> str:
    return {
        "detect": "start to noticed",
        "engage": "noticed to the right people called",
        "identify": "noticed to cause named",
        "mitigate": "start to harm ended",
        "recover": "start to all well",
    }[name]


def _phases(each: Measure) -> list[int]:
    """Minutes unnoticed, of search, of repair, of recovery."""
    detect = each.detect or 0
    named = each.identify_from_start if each.identify_from_start is not None else detect
    end = each.recover if each.recover is not None else (each.lasted or 0)
    ended = each.mitigate if each.mitigate is not None else max(named, detect)
    points = [
        0,
        detect,
        max(detect, named),
        max(detect, named, ended),
        max(detect, named, ended, end),
    ]
    return [after - before for before, after in pairwise(points)]


def _picture(measures: tuple[Measure, ...]) -> Iterator[str]:
    timed = [each for each in measures if sum(_phases(each))]
    if not timed:
        yield "<p>No incident states its times.</p>"
        return
    yield '<p class="faint">Each bar is one incident, whatever its length.</p>'
    spans = (
        f'<span><i style="background:{color}"></i>{escape(text)}</span>'
        for _, color, text in _PHASES
    )
    yield f'<p class="key">{"".join(spans)}</p>'
    height = 34 * len(timed) + 10
    yield f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="minutes of each incident by phase">'
    for at, each in enumerate(timed):
        y, x, whole = 34 * at, 0.0, sum(_phases(each))
        label = each.title or each.path.rpartition("/")[2]
        yield f'<text x="0" y="{y + 12}">{escape(label[:70])}, {said(whole)}</text>'
        for (name, color, _), minutes in zip(_PHASES, _phases(each), strict=True):
            width = minutes / whole * _WIDTH
            if minutes:
                yield f'<rect x="{x:.1f}" y="{y + 17}" width="{max(width, 1):.1f}" height="11" fill="{color}"><title>{name}: {said(minutes)}</title></rect>'
            if width > _ROOM:
                yield f'<text class="in" x="{x + 4:.1f}" y="{y + 26}">{said(minutes)}</text>'
            x += width
    yield "</svg>"


def _row(each: Measure) -> str:
    faults = list(fault_texts(each)) + list(each.contradictions)
    cells = (
        each.detect,
        each.identify_from_start,
        each.mitigate,
        each.recover,
        each.misdirected or None,
    )
    numbers = "".join(f'<td class="n">{"" if v is None else v}</td>' for v in cells)
    name = escape(each.title or each.path)
    return f"<tr><td>{name}</td>{numbers}<td>{escape('; '.join(faults))}</td></tr>"
