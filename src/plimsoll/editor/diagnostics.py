"""What a check found, by the file and the place where the editor shows it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.check.own import OWN
from plimsoll.editor.stacks import Checked, place_of
from plimsoll.model.finding import Finding, Outcome, Severity
from plimsoll.model.place import Place
from plimsoll.report.operands import named, share, value, where
from plimsoll.report.secrets import Mask
from plimsoll.report.spots import spot
from plimsoll.report.words import counted

UNREAD = "not-read"
BROKEN = "cannot-check"


class Related(Struct, frozen=True):
    """Another setting that takes part."""

    place: Place
    message: str


class Told(Struct, frozen=True):
    """Something that is shown at a place. *code*: the rule's id. *page*: the rule's file, if any.

    *severity*: None for what could not be read.
    """

    place: Place
    code: str
    message: str
    severity: Severity | None = None
    page: str = ""
    related: tuple[Related, ...] = ()
    finding: Finding | None = None


def told(checked: Checked) -> dict[str, list[Told]]:
    """Everything that is to be shown, by file; worst first. What a rule says of one place is one."""
    groups: dict[tuple[str, Place], list[Told]] = {}
    for each in _every(checked):
        groups.setdefault((each.code, each.place), []).append(each)
    found: dict[str, list[Told]] = {}
    for (_, place), alike in groups.items():
        found.setdefault(place.path, []).append(_as_one(alike))
    return found


def _as_one(alike: list[Told]) -> Told:
    first, more = alike[0], len(alike) - 1
    if not more:
        return first
    return replace(
        first, message=f"{first.message}\nand {counted(more, 'finding')} more of this rule"
    )


def _every(checked: Checked) -> Iterator[Told]:
    for fault in checked.faults:
        message = f"{fault.reason}\nNothing of this stack is checked until then."
        yield Told(place_of(fault), BROKEN, message, Severity.CRITICAL)
    pages = {rule.id: rule.place.path for rule in checked.rules}
    if checked.outcome is not None:
        yield from _of_outcome(checked.outcome, pages)
    for path, outcome in checked.alone.items():
        yield from (each for each in _of_outcome(outcome, pages) if each.place.path == path)


def _of_outcome(outcome: Outcome, pages: dict[str, str]) -> Iterator[Told]:
    mask = Mask.of(outcome.stack)
    for finding in outcome.findings:
        page = "" if finding.rule in OWN else pages.get(finding.rule, "")
        yield _told(finding, spot(finding, outcome.stack), mask, page)
    for each in outcome.unread:
        if each.place is not None:
            yield Told(each.place, UNREAD, f"not read: {mask.reason(each.reason)}")


def _told(finding: Finding, place: Place, mask: Mask, page: str) -> Told:
    lines = [finding.title, mask.sentence(finding.message)]
    if finding.arithmetic:
        lines.append(mask.sentence(finding.arithmetic) + share(finding))
    if finding.seen:
        lines.append(f"seen: {', '.join(finding.seen)}")
    related = tuple(
        Related(each.setting.place, f"{named(each)} = {value(each.setting, mask)}")
        for each in finding.listed
        if each.setting.place is not None and each.setting.place != place
    )
    unwritten = [
        f"{named(each)} = {value(each.setting, mask)}: {where(each.setting)}"
        for each in finding.listed[:1]
        if each.setting.place is None
    ]
    message = "\n".join([*lines, *unwritten])
    return Told(place, finding.rule, message, finding.severity, page, related, finding)
