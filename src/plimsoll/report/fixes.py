"""Fixes for a person and for machines: what changes, what it costs and needs, and the diff."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from difflib import unified_diff
from typing import TextIO

from plimsoll import __version__
from plimsoll.check.fix import NoFix, edited_texts
from plimsoll.model.finding import Change, Edit, Finding, Fix
from plimsoll.model.stack import Stack
from plimsoll.report.format import Look
from plimsoll.report.formats.json import CONTRACT, Json, fix_document
from plimsoll.report.moves import moved, needs
from plimsoll.report.secrets import Mask
from plimsoll.report.width import shown_bytes, visible

_RED, _GREEN, _PLAIN = "\x1b[31m", "\x1b[32m", "\x1b[0m"


def write_text(
    stack: Stack,
    fixes: Sequence[Fix],
    impossible: Sequence[NoFix],
    findings: Sequence[Finding],
    out: TextIO,
    look: Look,
) -> None:
    """The smallest change with its diff, then the alternatives, then what has no fix."""
    mask = Mask.of(stack)
    lines: list[str] = []
    for each in findings:
        lines.append(f"{each.severity} {each.rule}, {shown_bytes(each.target)}")
        lines.append(f"    {mask.sentence(each.message)}")
    for number, fix in enumerate(fixes):
        lines += ["", f"{'Fix' if number == 0 else 'Instead'}: {needs(fix)}"]
        lines += [f"  {moved(change, mask)}{_where(change)}" for change in fix.changes]
        lines += _colored(diff(stack, fix.edits, mask), look)
        lines += [f"  not by an edit: {mask.sentence(each)}" for each in fix.told]
    for none in impossible:
        lines += ["", f"No fix for {none.finding.rule}, {shown_bytes(none.finding.target)}"]
        lines.append(f"    {mask.sentence(none.reason)}")
    out.write("\n".join(lines).lstrip("\n") + "\n" if lines else "")


def _where(change: Change) -> str:
    place = change.operand.setting.place
    return f" ({shown_bytes(str(place))})" if place else ", which nobody wrote"


def diff(stack: Stack, edits: Sequence[Edit], mask: Mask) -> Iterator[str]:
    """The edits as a unified diff; secrets in the lines around them are hidden."""
    for path, after in edited_texts(stack, edits).items():
        before = stack.texts[path]
        name = shown_bytes(path)
        lines = unified_diff(
            before.splitlines(), after.splitlines(), f"a/{name}", f"b/{name}", lineterm=""
        )
        for number, line in enumerate(lines):
            is_head = number < 2 or line.startswith("@@")
            yield line if is_head else line[:1] + visible(mask.within(line[1:]))


def _colored(lines: Iterable[str], look: Look) -> Iterator[str]:
    for line in lines:
        color = {"-": _RED, "+": _GREEN}.get(line[:1], "") if look.is_colored else ""
        yield f"{color}{line}{_PLAIN}" if color else line


# --------------------------------------------------------------------------------- for machines


def write_json(
    stack: Stack, fixes: Sequence[Fix], impossible: Sequence[NoFix], out: TextIO
) -> None:
    """One JSON document in ASCII."""
    mask = Mask.of(stack)
    document: Json = {
        "plimsoll": __version__,
        "contract": CONTRACT,
        "fixes": [
            {
                "title": each.title,
                "cost": each.cost,
                "changes": fix_document(each, mask),
                "diff": "\n".join(diff(stack, each.edits, mask)),
                "told": [mask.sentence(sentence) for sentence in each.told],
            }
            for each in fixes
        ],
        "impossible": [
            {
                "rule": each.finding.rule,
                "target": shown_bytes(each.finding.target),
                "reason": mask.sentence(each.reason),
            }
            for each in impossible
        ],
    }
    json.dump(document, out, indent=2, ensure_ascii=True, allow_nan=False)
    out.write("\n")
