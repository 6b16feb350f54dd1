"""The stack as a picture (SVG): services by how requests flow, each with its fullest load lines.

A gauge is a bar with a mark at 100 %: what is loaded past the mark does not sail.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from html import escape

from msgspec import Struct

from plimsoll.model.finding import LoadLine, Outcome, Severity
from plimsoll.model.quantity import UNLIMITED, Number
from plimsoll.model.stack import Host, Service, Stack
from plimsoll.report.width import visible

MOST_GAUGES = 4  # of one service; the table below the picture has all of them
FULL = 1.25  # the end of a bar: what is above is cut there, and its number tells it
_WIDTH, _GAP_X, _GAP_Y, _EDGE = 280, 80, 24, 16
_TOP, _ROW = 46, 26
_LONGEST = 36


class _Box(Struct, frozen=True):
    """A service or host, and where it stands."""

    name: str
    about: str
    lines: tuple[LoadLine, ...]
    worst: Severity | None
    x: int = 0
    y: int = 0

    @property
    def height(self) -> int:
        return _TOP + _ROW * max(1, len(self.lines)) + 6


def picture(outcome: Outcome) -> str:
    """The SVG of a stack; columns from those that nobody calls to those that call nobody."""
    boxes = list(_placed(outcome))
    at = {box.name: box for box in boxes}
    width = max((box.x + _WIDTH for box in boxes), default=0) + _EDGE
    height = max((box.y + box.height for box in boxes), default=0) + _EDGE
    arrows = [
        _arrow(at[link.source], at[link.target])
        for link in outcome.stack.links
        if link.source in at and link.target in at and link.source != link.target
    ]
    parts = [*dict.fromkeys(arrows), *map(_drawn, boxes)]
    label = escape(visible(f"{len(outcome.stack.services)} services and their load lines"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" role="img" aria-label="{label}">'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8"'
        ' markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" class="tip"/></marker></defs>'
        f"{''.join(parts)}</svg>"
    )


def percent(used: Number | None) -> str:
    """A utilization for a person: "165 %"; "over" for what has no end."""
    if used is None or used == UNLIMITED:
        return "over"
    share = used * 100
    return f"{float(share):.1f} %" if 0 < share < 1 else f"{round(share)} %"


def gauge(used: Number | None, width: int, height: int = 8) -> str:
    """A bar with its mark at 100 %, as the inside of an SVG."""
    share = FULL if used is None or used == UNLIMITED else min(float(used), FULL)
    mark = round(width / FULL)
    filled = max(1, round(width * share / FULL))
    kind = "over" if share > 1 else "near" if share > 0.8 else "fits"
    return (
        f'<rect width="{width}" height="{height}" rx="3" class="rail"/>'
        f'<rect width="{filled}" height="{height}" rx="3" class="{kind}"/>'
        f'<path d="M{mark} -3V{height + 3}" class="mark"/>'
    )


# ------------------------------------------------------------------------------------ placing


def _placed(outcome: Outcome) -> Iterator[_Box]:
    stack = outcome.stack
    depths = _depths(stack)
    below: Counter[int] = Counter()
    for name, service in stack.services.items():
        box = _box(name, _about(service), outcome)
        column = depths[name]
        yield _at(box, column, below[column])
        below[column] += box.height + _GAP_Y
    deepest = max(below.values(), default=0)
    for number, (name, host) in enumerate(stack.hosts.items()):
        yield _at(_box(name, _machine(host), outcome), number, deepest)


def _at(box: _Box, column: int, y: int) -> _Box:
    x = _EDGE + column * (_WIDTH + _GAP_X)
    return _Box(box.name, box.about, box.lines, box.worst, x, _EDGE + y)


def _depths(stack: Stack) -> dict[str, int]:
    """How many services stand before each; of those that call each other the first comes first."""
    depths = dict.fromkeys(stack.services, 0)
    for _ in range(min(len(depths), 50)):
        deeper = {
            link.target: depths[link.source] + 1
            for link in stack.links
            if link.source in depths
            and link.target in depths
            and link.source != link.target
            and depths[link.target] <= depths[link.source] < len(depths)
        }
        if not deeper:
            break
        depths |= deeper
    order = {depth: column for column, depth in enumerate(sorted(set(depths.values())))}
    return {name: order[depth] for name, depth in depths.items()}


def _box(name: str, about: str, outcome: Outcome) -> _Box:
    lines = [each for each in outcome.lines if each.service == name]
    found = [each.severity for each in outcome.findings if each.service == name]
    return _Box(name, about, tuple(fullest(lines)[:MOST_GAUGES]), max(found, default=None))


def fullest(lines: Iterable[LoadLine]) -> list[LoadLine]:
    """Load lines, the fullest first; one without limit says nothing and comes last."""
    return sorted(lines, key=lambda line: (-_share(line), line.rule, line.target))


def _share(line: LoadLine) -> float:
    used = line.utilization
    return float("inf") if used is None or used == UNLIMITED else float(used)


def _about(service: Service) -> str:
    said = (
        service.technology,
        str(service.version or ""),
        f"on {service.host}" if service.host else "",
    )
    return " ".join(word for word in said if word)


def _machine(host: Host) -> str:
    known = ((name, host.limit(name).amount) for name in ("cores", "memory"))
    return "host " + ", ".join(f"{name} {amount}" for name, amount in known if amount)


# ------------------------------------------------------------------------------------- drawing


def _drawn(box: _Box) -> str:
    kind = f"box {box.worst}" if box.worst is not None else "box"
    rows = "".join(_row(line, number) for number, line in enumerate(box.lines))
    nothing = "" if box.lines else f'<text x="12" y="{_TOP + 14}" class="faint">no load line</text>'
    return (
        f'<g transform="translate({box.x} {box.y})">'
        f'<rect width="{_WIDTH}" height="{box.height}" rx="8" class="{kind}"/>'
        f'<text x="12" y="20" class="name">{_text(box.name)}</text>'
        f'<text x="12" y="36" class="faint">{_text(box.about)}</text>{rows}{nothing}</g>'
    )


def _row(line: LoadLine, number: int) -> str:
    y = _TOP + _ROW * number
    return (
        f'<g transform="translate(12 {y})"><title>{escape(visible(line.title))}</title>'
        f'<text y="9" class="line">{_text(line.rule)}</text>'
        f'<text x="{_WIDTH - 24}" y="9" class="line end">{percent(line.utilization)}</text>'
        f'<g transform="translate(0 14)">{gauge(line.utilization, _WIDTH - 24, 6)}</g></g>'
    )


def _arrow(source: _Box, target: _Box) -> str:
    """From the side of one box to the side of the other that looks at it."""
    forward = target.x > source.x
    x1, x2 = (source.x + _WIDTH, target.x) if forward else (source.x, target.x + _WIDTH)
    y1, y2 = source.y + 28, target.y + 28
    bend = (x1 + x2) // 2 if x1 != x2 else x1 + _GAP_X // 2
    return f'<path d="M{x1} {y1}C{bend} {y1} {bend} {y2} {x2} {y2}" class="link" marker-end="url(#tip)"/>'


def _text(text: str) -> str:
    shown = visible(text)
    return escape(shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…")
