"""How a comparison of two states is told: what a finding was, what is repaired, who came and went."""

from __future__ import annotations

from plimsoll.model.finding import Difference, Finding, Repaired
from plimsoll.model.quantity import UNLIMITED, Number
from plimsoll.report.secrets import Mask
from plimsoll.report.width import visible
from plimsoll.report.words import counted


def share(used: Number | None) -> str:
    """How much of a limit is used, in percent; "" where nobody can tell, or there is no limit."""
    if used is None or used == UNLIMITED:
        return ""
    percent = used * 100
    return f"{round(percent)} %" if percent >= 1 or percent == 0 else "less than 1 %"


def was(finding: Finding, mask: Mask) -> str:
    """What a finding was before: "high, 120 %", "82 %", "not known: needs memory of db"; "" else."""
    before = finding.before
    if before is None:
        return ""
    if before.reason:
        return f"not known: {mask.reason(before.reason)}"
    severity = str(before.severity) if before.severity is not None else ""
    return ", ".join(each for each in (severity, share(before.utilization)) if each)


def now(finding: Finding) -> str:
    """What it is: "critical, 160 %"."""
    used = share(finding.utilization)
    least = "at least " if finding.at_least and used else ""
    return f"{finding.severity}, {least}{used}" if used else str(finding.severity)


def repaired(each: Repaired, mask: Mask) -> str:
    """One line about a finding that is gone: "connections-exceed-server of db: critical, 160 %"."""
    finding = each.finding
    used = share(each.utilization)
    after = f"; {used} now" if used and share(finding.utilization) else ""
    return f"{visible(finding.rule)} of {mask.sentence(finding.target)}: {now(finding)}{after}"


def between(of: Difference) -> str:
    """The two states: "from main to the working tree"."""
    return visible(f"from {of.before} to {of.after}")


def changes(of: Difference) -> list[str]:
    """What is not a finding of the later state, in a few words each."""
    said = [f"{len(of.repaired)} repaired"] if of.repaired else []
    if of.unchanged:
        said.append(f"{of.unchanged} as before")
    for names, what in ((of.added, "new"), (of.removed, "gone")):
        if names:
            said.append(f"{counted(len(names), 'service')} {what} ({visible(', '.join(names))})")
    return said
