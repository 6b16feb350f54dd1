"""A setting explained where it stands: its value and origin, its load lines, what was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from plimsoll.model.finding import LoadLine, Operand, Outcome
from plimsoll.model.place import Place
from plimsoll.model.quantity import UNLIMITED
from plimsoll.model.rule import Rule
from plimsoll.model.setting import Setting, Status
from plimsoll.model.stack import Limit, Stack
from plimsoll.report.explanation import explanations
from plimsoll.report.operands import named, share, value, where
from plimsoll.report.secrets import Mask
from plimsoll.report.uses import users_in

_MOST_LINES = 8
_MOST_SKIPPED = 4


def settings_at(stack: Stack, path: str, line: int, column: int) -> list[Operand]:
    """The settings that stand at a place, each with whose it is; the narrowest of them."""
    found = [
        each
        for each in _written(stack)
        if each.setting.place is not None and _covers(each.setting.place, path, line, column)
    ]
    if not found:
        return []
    least = min(map(_size, found))
    return list(dict.fromkeys(each for each in found if _size(each) == least))


def explained(operands: Sequence[Operand], outcome: Outcome, rules: Sequence[Rule]) -> str:
    """As Markdown: all that is known of settings that stand at one place."""
    mask = Mask.of(outcome.stack)
    users = users_in(outcome.stack, rules)
    return "\n\n---\n\n".join(
        "\n\n".join(_paragraphs(each, outcome, set(users(each)), mask)) for each in operands
    )


def _paragraphs(operand: Operand, outcome: Outcome, users: set[str], mask: Mask) -> Iterator[str]:
    setting = operand.setting
    yield f"**{_plain(named(operand))}** = {_code(value(setting, mask))}"
    yield "  \n".join(_origin(operand, outcome.stack, mask))
    for finding in outcome.findings:
        if operand in finding.operands:
            told = f"**{finding.severity}** {_plain(finding.rule)}: {_plain(mask.sentence(finding.message))}"
            sum_ = mask.sentence(finding.arithmetic) + share(finding) if finding.arithmetic else ""
            yield f"{told}  \n{_code(sum_)}" if sum_ else told
    lines = _lines_of(operand, outcome, users)
    if lines:
        yield "\n".join(_table(lines, mask))
    skipped = [
        each
        for each in outcome.skipped
        if each.rule in users and each.service in ("", operand.owner)
    ]
    if skipped:
        told = "; ".join(
            f"{_plain(each.rule)} {_plain(mask.reason(each.reason))}"
            for each in skipped[:_MOST_SKIPPED]
        )
        more = len(skipped) - _MOST_SKIPPED
        yield f"not checked: {told}" + (f"; and {more} more" if more > 0 else "")


def _origin(operand: Operand, stack: Stack, mask: Mask) -> Iterator[str]:
    setting = operand.setting
    yield f"from {_plain(where(setting))}"
    if setting.status is not Status.EFFECTIVE:
        reason = f": {mask.reason(setting.reason)}" if setting.reason else ""
        yield f"no effect: {setting.status}{_plain(reason)}"
    if setting.winner is not None:
        yield f"overridden by {_code(value(setting.winner, mask))}, {_plain(where(setting.winner))}"
    for each in explanations(stack, setting.name, operand.owner):
        if each.operand.setting is setting:
            for other in each.overrides:
                yield f"overrides {_code(value(other, mask))}, {_plain(where(other))}"


def _lines_of(operand: Operand, outcome: Outcome, users: set[str]) -> list[LoadLine]:
    """The load lines that the setting may take part in, the fullest first."""
    service = outcome.stack.services.get(operand.owner)
    about = {*operand.owner.split(" -> "), *({service.host or ""} if service else ())}
    found = [each for each in outcome.lines if each.rule in users and about & each.names]
    return sorted(found, key=_fullness)[:_MOST_LINES]


def _fullness(line: LoadLine) -> tuple[float, str, str]:
    used = line.utilization
    return (-float(used) if used is not None else 1.0, line.rule, line.target)


def _table(lines: Sequence[LoadLine], mask: Mask) -> Iterator[str]:
    yield "| load line | load | limit | used |"
    yield "|---|---|---|---|"
    for each in lines:
        used = each.utilization
        percent = "" if used in (None, UNLIMITED) else f"{float(used or 0):.0%}"
        cells = (f"{each.rule}, {mask.sentence(each.target)}", each.load, each.limit, percent)
        yield f"| {' | '.join(_cell(str(cell)) for cell in cells)} |"


def _written(stack: Stack) -> Iterator[Operand]:
    """Every setting that stands somewhere, with whose it is."""
    for service in stack.services.values():
        tables = (service.stated, service.measured)
        own = (*service.settings, *_layers(service.limits.values()))
        for each in (*own, *(s for table in tables for s in table.values())):
            yield Operand(service.name, each)
    for host in stack.hosts.values():
        of_host = (*host.read, *host.settings.values(), *host.stated.values())
        for each in (*of_host, *host.measured.values(), *_layers(host.limits.values())):
            yield Operand(host.name, each)
    for link in stack.links:
        for each in link.settings.values():
            yield Operand(f"{link.source} -> {link.target}", each)


def _layers(limits: Iterable[Limit]) -> Iterator[Setting]:
    for each in limits:
        yield from each.layers


def _covers(place: Place, path: str, line: int, column: int) -> bool:
    span = place.span
    start, end = (span.line, span.column), (span.end_line, span.end_column)
    return place.path == path and start <= (line, column) <= end


def _size(operand: Operand) -> tuple[int, int]:
    """How many lines and columns its place takes."""
    place = operand.setting.place
    if place is None:
        return (0, 0)
    lines = place.span.end_line - place.span.line
    return (lines, place.span.end_column - (0 if lines else place.span.column))


def _code(text: str) -> str:
    fence = "`" if "`" not in text else "``"
    return f"{fence}{text}{fence}" if text else "(empty)"


_MARKS = str.maketrans({char: f"\\{char}" for char in "\\`*_[]<>|#"})


def _plain(text: str) -> str:
    """Text whose characters mean nothing to Markdown."""
    return text.translate(_MARKS)


def _cell(text: str) -> str:
    return _plain(" ".join(text.split()))
