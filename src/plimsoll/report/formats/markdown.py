"""Markdown: a comment on a pull request. What stands in files is shown as code, and cannot be markup.

GitHub takes 65,536 characters in a comment: what does not fit is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TextIO

from plimsoll.model.finding import Finding, Operand, Outcome, Severity
from plimsoll.report.compared import now, share, was
from plimsoll.report.format import Format, Look
from plimsoll.report.formats.text import summary
from plimsoll.report.needs import gaps
from plimsoll.report.operands import named, unread_reason, value, where
from plimsoll.report.secrets import Mask
from plimsoll.report.spots import spot
from plimsoll.report.width import visible
from plimsoll.report.words import counted

# By this a workflow finds its comment again and writes it anew.
MARKER = "<!-- plimsoll -->"
LONGEST = 60_000
_SIGNS = {
    Severity.CRITICAL: "\N{LARGE RED CIRCLE}",
    Severity.HIGH: "\N{LARGE ORANGE CIRCLE}",
    Severity.MEDIUM: "\N{LARGE YELLOW CIRCLE}",
    Severity.LOW: "\N{LARGE BLUE CIRCLE}",
}
_REPAIRED, _NOTHING = "\N{WHITE HEAVY CHECK MARK}", "\N{EN DASH}"
_MOST_ROWS = 50
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~@&])")
_TICKS = re.compile(r"`+")


def write(outcome: Outcome, out: TextIO, look: Look) -> None:
    """The summary, the findings with their arithmetic folded, then what is not known.

    Of a comparison a table of what was and what is goes before them.
    """
    mask = Mask.of(outcome.stack)
    said = [MARKER, f"### Plimsoll: {plain(summary(outcome))}", ""]
    said += _compared(outcome, mask)
    size = sum(map(len, said))
    for number, each in enumerate(outcome.findings):
        lines = list(_finding(each, outcome, mask, look))
        size += sum(len(line) + 1 for line in lines)
        if size > LONGEST:
            said += [f"... and {len(outcome.findings) - number} more.", ""]
            break
        said += lines
    said += _not_known(outcome, mask, LONGEST - size)
    out.write("\n".join(said).rstrip() + "\n")


FORMAT = Format("for a comment on a pull request", write)


def plain(text: str) -> str:
    """*text* so that no character of it is markup, a mention or a reference."""
    return _SPECIAL.sub(r"\\\1", visible(text))


def code(text: str) -> str:
    """*text* as code: between more backticks than stand in it."""
    text = visible(text)
    ticks = "`" * (1 + max((len(each) for each in _TICKS.findall(text)), default=0))
    pad = " " if text[:1] in ("`", " ") or text[-1:] in ("`", " ") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}" if text else ""


def _compared(outcome: Outcome, mask: Mask) -> Iterable[str]:
    """What was and what is of each line that moved, in a table; of a plain check nothing."""
    compared = outcome.difference
    rows = [(code(f.rule), f.target, was(f, mask), now(f)) for f in outcome.findings]
    if compared is not None:
        for each in compared.repaired:
            finding, used = each.finding, share(each.utilization)
            gone = ", ".join(word for word in ("repaired", used) if word)
            rows.append((f"{_REPAIRED} {code(finding.rule)}", finding.target, now(finding), gone))
    if compared is None or not rows:
        return
    yield "| rule | of | before | after |"
    yield "|---|---|---|---|"
    for rule, target, before, after in rows[:_MOST_ROWS]:
        cells = (rule, plain(mask.sentence(target)), plain(before) or _NOTHING, plain(after))
        yield f"| {' | '.join(cells)} |"
    if len(rows) > _MOST_ROWS:
        yield f"| and {len(rows) - _MOST_ROWS} more | | | |"
    yield ""


def _finding(finding: Finding, outcome: Outcome, mask: Mask, look: Look) -> Iterator[str]:
    place = spot(finding, outcome.stack)
    at = code(f"{look.in_repository(place.path)}:{place.span.line}")
    sign = _SIGNS[finding.severity]
    yield f"{sign} **{finding.severity}** {plain(finding.title)} ({code(finding.rule)})  "
    yield f"{at}: {plain(mask.sentence(finding.message))}"
    yield ""
    yield "<details><summary>why, and with which settings</summary>"
    yield ""
    if finding.arithmetic:
        yield code(mask.sentence(finding.arithmetic))
        yield ""
    yield "| setting | value | where |"
    yield "|---|---|---|"
    yield from (_row(each, mask) for each in finding.listed)
    if finding.unlisted:
        yield f"| and {finding.unlisted} more | | |"
    yield ""
    yield plain(mask.sentence(finding.why))
    if finding.seen:
        yield ""
        yield f"Seen in {plain(', '.join(finding.seen))}."
    yield ""
    yield "</details>"
    yield ""


def _row(each: Operand, mask: Mask) -> str:
    cells = (named(each), value(each.setting, mask), where(each.setting))
    return "| " + " | ".join(code(cell).replace("|", "\\|") for cell in cells) + " |"


def _not_known(outcome: Outcome, mask: Mask, room: int) -> Iterable[str]:
    lines = [
        f"- {counted(len(gap.rules), 'rule')} without {plain(mask.reason(', '.join(gap.missing)))}"
        for gap in gaps(outcome.skipped)
    ]
    lines += [
        f"- {code(str(each.place or each.path))}: {plain(mask.reason(unread_reason(each)))}"
        for each in outcome.unread
    ]
    if not lines:
        return
    yield "<details><summary>not checked, not read</summary>"
    yield ""
    for number, line in enumerate(lines):
        room -= len(line) + 1
        if room < 0:
            yield f"- ... and {len(lines) - number} more"
            break
        yield line
    yield ""
    yield "</details>"
