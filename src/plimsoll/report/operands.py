"""How an operand of a finding is told: its value as somebody wrote it, and where it comes from."""

from __future__ import annotations

import re
from collections.abc import Sequence

from plimsoll.model.finding import Finding, Operand
from plimsoll.model.quantity import COUNT, UNLIMITED, Amount, Number
from plimsoll.model.setting import Origin, Setting, Unread
from plimsoll.report.secrets import Mask
from plimsoll.report.width import visible

# Units that differ in nothing but how they are spelt: 128MB is 128 MiB to PostgreSQL.
_SPELLING = re.compile(r"[\s\"'ib]", re.IGNORECASE)

_MOST_REPAIRS = 4  # of a sum over many services there are dozens

_ORIGINS = {
    Origin.STATED: "given on the command line",  # plimsoll.yaml has a place
    Origin.MEASURED: "measured",
    Origin.ASSUMED: "assumed",
    Origin.DERIVED: "calculated",
    Origin.RUNNING: "running",
    Origin.ENVIRONMENT: "environment",
    Origin.COMMAND_LINE: "command line",
    Origin.MANIFEST: "manifest",
    Origin.DROP_IN: "drop-in",
}


def value(setting: Setting, mask: Mask) -> str:
    """The value as it is written, with what it means where that looks different."""
    meant = mask.value(setting)
    if not setting.is_written:
        return meant
    written = visible(mask.words(setting))
    if not isinstance(setting.value, Amount) or _plain(written) == _plain(meant):
        return written
    return f"{written} ({meant})" if setting.value.unit != COUNT or written else meant


def _plain(text: str) -> str:
    return _SPELLING.sub("", text).casefold()


def where(setting: Setting) -> str:
    """Where the value comes from: a place in a file, a version's default, an assumption."""
    if setting.origin is Origin.DEFAULT:
        return _default(setting)
    if setting.place is None:
        return _ORIGINS.get(setting.origin, "")
    place = visible(f"{setting.place.path}:{setting.place.span.line}")
    said = _ORIGINS.get(setting.origin)
    return f"{place}, {said}" if said and setting.origin is not Origin.STATED else place


def _default(setting: Setting) -> str:
    version = setting.version or "(version unknown)"
    said = f"default of {setting.technology} {version}" if setting.technology else "default"
    return visible(f"{said}; would stand in {setting.belongs}" if setting.belongs else said)


def position(setting: Setting) -> str:
    """file:line:column of the value, else of the setting; "" where nobody wrote it."""
    place = setting.place
    if place is None:
        return ""
    at = place.value or place.span
    return visible(f"{place.path}:{at.line}:{at.column}")


def named(operand: Operand) -> str:
    """The setting and whose it is: "max_connections of db"."""
    name = visible(operand.setting.name)
    of = f"{name} of {visible(operand.owner)}" if operand.owner else name
    return f"{of} before" if operand.is_earlier else of


def repairs(repair: Sequence[Operand], mask: Mask) -> list[str]:
    """What may be changed, in the order in which a fix tries; the first few of it."""
    told = []
    for number, each in enumerate(repair[:_MOST_REPAIRS]):
        place = where(each.setting)
        now = ", ".join(word for word in (f"now {value(each.setting, mask)}", place) if word)
        verb = str(each.direction or "change")
        told.append(f"{'or ' if number else ''}{verb} {named(each)} ({now})")
    return told


def unread_reason(unread: Unread) -> str:
    """Why something could not be read, with its name where the place does not tell it."""
    if unread.place is None or unread.place.path == unread.path:
        return unread.reason
    return f"{unread.path}: {unread.reason}"


def share(finding: Finding) -> str:
    """How much of the limit is used: " (165 % of the limit)"; empty where that says nothing."""
    used: Number | None = finding.utilization
    if used is None or used in (0, UNLIMITED):
        return ""
    percent = round(used * 100)
    return f" ({'at least ' if finding.at_least else ''}{percent} % of the limit)"
