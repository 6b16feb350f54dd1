"""Fixes for a person and for machines: what changes, what it costs and needs, and the diff."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from difflib import unified_diff
from typing import TextIO

from plimsoll import __version__
from plimsoll.check.fix import NoFix, edited_texts
from plimsoll.model.finding import Change, Edit, Finding, Fix, Needs
from plimsoll.model.quantity import Amount
from plimsoll.model.stack import Stack
from plimsoll.report.format import Look
from plimsoll.report.formats.json import CONTRACT, Json, model_value
from plimsoll.report.secrets import Mask
from plimsoll.report.width import shown_bytes, visible

_RED, _GREEN, _PLAIN = "\x1b[31m", "\x1b[32m", "\x1b[0m"
_DEAREST = (Needs.PURCHASE, Needs.RESTART, Needs.RELOAD)


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
        lines += ["", f"{'Fix' if number == 0 else 'Instead'}: {summary(fix)}"]
        lines += [f"  {said(change, mask)}" for change in fix.changes]
        lines += _colored(diff(stack, fix.edits, mask), look)
        lines += [f"  not by an edit: {mask.sentence(each)}" for each in fix.told]
    for none in impossible:
        lines += ["", f"No fix for {none.finding.rule}, {shown_bytes(none.finding.target)}"]
        lines.append(f"    {mask.sentence(none.reason)}")
    out.write("\n".join(lines).lstrip("\n") + "\n" if lines else "")


def summary(fix: Fix) -> str:
    """What kind of change it is, its cost, and what it needs."""
    needs = [each for each in _DEAREST if any(c.needs is each for c in fix.changes)]
    who = {n: sorted({c.operand.owner for c in fix.changes if c.needs is n}) for n in needs}
    said_ = "; ".join(f"{_NEEDS[each]} {', '.join(map(shown_bytes, who[each]))}" for each in needs)
    cost = f"cost {fix.cost}" if fix.cost else ""
    return "; ".join(each for each in (fix.title, cost, said_) if each)


_NEEDS = {
    Needs.PURCHASE: "needs a purchase for",
    Needs.RESTART: "needs a restart of",
    Needs.RELOAD: "needs a reload of",
}


def said(change: Change, mask: Mask) -> str:
    """One change in words."""
    setting = change.operand.setting
    now = visible(mask.words(setting)) or mask.value(setting)
    at = f" ({shown_bytes(str(setting.place))})" if setting.place else ", which nobody wrote"
    name = f"{shown_bytes(setting.name)} of {shown_bytes(change.operand.owner)}"
    return f"{name}: {now} -> {visible(change.text)}{at}"


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
                "changes": changes(each, mask),
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


def changes(fix: Fix, mask: Mask) -> list[Json]:
    """Every change of a fix as the output contract has it."""
    return [_change(each, mask) for each in fix.changes]


def _change(change: Change, mask: Mask) -> dict[str, Json]:
    setting = change.operand.setting
    said_: dict[str, Json] = {
        "service": shown_bytes(change.operand.owner),
        "name": shown_bytes(setting.name),
        "from": model_value(setting, mask),
        "to": _value(change),
        "text": shown_bytes(change.text),
        "needs": str(change.needs),
        "cost": change.cost,
        "rule": change.rule,
    }
    if setting.place is not None:
        said_ |= {"path": shown_bytes(setting.place.path), "line": setting.place.span.line}
    return said_


def _value(change: Change) -> Json:
    value = change.value
    if isinstance(value, Amount):
        return int(value.low) if value.low == int(value.low) else float(value.low)
    return value if isinstance(value, bool) else shown_bytes(str(value))
