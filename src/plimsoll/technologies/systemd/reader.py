"""Unit files and their drop-ins to settings.

`LimitNOFILE=1024:65536` is two settings, as systemd itself names them: LimitNOFILESoft and
LimitNOFILE; with one number both have it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from plimsoll.model.reader import Reader, shadowed
from plimsoll.model.setting import Block, Setting, Status, Unread
from plimsoll.syntax.ini import Assignment, IniDialect, Junk, Section, entries
from plimsoll.syntax.suggest import closest
from plimsoll.syntax.text import Lines
from plimsoll.technologies.systemd.directives import DEPENDENCIES, DIRECTIVES, LISTS
from plimsoll.technologies.systemd.values import resource_limit, value

DIALECT = IniDialect(continues=True)

_LIMIT = re.compile(r"(?:Default)?Limit[A-Z]+")
_SECRET = re.compile(
    r"(?i)(?:^|[\s\"'])\w*(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|_KEY|APIKEY|CREDENTIAL)\w*="
)
_ENVIRONMENT = frozenset({"Environment", "DefaultEnvironment", "ManagerEnvironment"})
_EXTENSION = "X-"  # sections and keys that are left to other programs

_MOST_SUGGESTIONS = 20  # looking for one takes a while; a file of other things has thousands

# What a directive says under other names too.
_ALSO = {
    "TimeoutSec": ("TimeoutStartSec", "TimeoutStopSec"),
    "StartLimitInterval": ("StartLimitIntervalSec",),
    "DefaultStartLimitInterval": ("DefaultStartLimitIntervalSec",),
}


def read(text: str, path: str) -> Iterator[Setting | Unread]:
    """Every assignment, in file order; unknown and misplaced ones are settings with that status."""
    lines = Lines(text, path)
    found = list(entries(text, DIALECT))
    broken = next((e for e in found if isinstance(e, Junk) and e.text.startswith("[")), None)
    context = _Context(lines, _spoilt(path, lines, broken))
    for entry in found:
        if isinstance(entry, Assignment):
            yield from _settings(entry, context)
            continue
        place = lines.place(entry.start, entry.end)
        if isinstance(entry, Section):
            context = replace(context, section=Block("section", entry.name, place))
            if not _is_known(entry.name):
                suggestion = context.suggested(f"[{entry.name}]", [f"[{s}]" for s in DIRECTIVES])
                yield Unread(path, f"systemd knows no section [{entry.name}]{suggestion}", place)
        else:
            yield Unread(path, _why_junk(entry), place)
            if entry.text.startswith("["):
                name = entry.text[1:].partition("]")[0].strip()
                context = replace(context, section=Block("section", name, place))


class _Context(Struct, frozen=True):
    lines: Lines
    spoilt: tuple[Status, str] | None
    section: Block | None = None
    unknown: set[str] = field(default_factory=set)

    def suggested(self, name: str, known: Iterable[str]) -> str:
        """The one of *known* that may be meant by an unknown name; no longer after many of them."""
        self.unknown.add(name)
        return _suggested(name, known) if len(self.unknown) <= _MOST_SUGGESTIONS else ""


def _spoilt(path: str, lines: Lines, broken: Junk | None) -> tuple[Status, str] | None:
    """What a header that is none does to the whole file: the unit does not load."""
    if broken is None:
        return None
    line = lines.position(broken.start)[0]
    if path.endswith(".conf"):
        return Status.IGNORED, f"line {line} is no section header: systemd skips this file"
    return Status.REFUSED, f"line {line} is no section header: systemd does not load this unit"


def _settings(entry: Assignment, context: _Context) -> Iterator[Setting]:
    text = entry.value.text
    whole = Setting(
        name=entry.key,
        text=text,
        place=context.lines.place(entry.start, entry.end, entry.value.range(0, len(text))),
        scope=(context.section,) if context.section else (),
        is_secret=entry.key in _ENVIRONMENT and bool(_SECRET.search(text)),
    )
    status, reason = context.spoilt or _judged(entry.key, context)
    if entry.key.startswith(_EXTENSION):
        yield replace(whole, value=text)
    elif status is not Status.EFFECTIVE:
        yield replace(whole, status=status, reason=reason)
    elif _LIMIT.fullmatch(entry.key):
        yield from _limits(whole, entry, context.lines)
    else:
        yield whole
        yield from (replace(whole, name=name) for name in _ALSO.get(entry.key, ()))


def _limits(whole: Setting, entry: Assignment, lines: Lines) -> Iterator[Setting]:
    """The soft and the hard limit; the line as it is where systemd ignores it."""
    first, colon, second = whole.text.partition(":")
    soft = resource_limit(whole.name, first)
    hard = resource_limit(whole.name, second) if colon else soft
    if soft is None or hard is None:
        reason = _why_no_limit(whole)
        yield replace(whole, status=Status.IGNORED, reason=reason)
    elif soft > hard:
        reason = f"the soft limit {first} is above the hard limit {second}"
        yield replace(whole, status=Status.IGNORED, reason=reason)
    elif not colon:
        yield replace(whole, name=f"{whole.name}Soft")
        yield whole
    else:
        for name, text, at in (
            (f"{whole.name}Soft", first, 0),
            (whole.name, second, len(first) + 1),
        ):
            span = entry.value.range(at, at + len(text))
            yield replace(
                whole, name=name, text=text, place=lines.place(entry.start, entry.end, span)
            )


def _why_no_limit(setting: Setting) -> str:
    if re.search(r"\s[#;]", setting.text):
        return "there are no trailing comments: the comment is part of the value"
    if setting.text.lower() in ("unlimited", "max", "-1"):
        return f"{setting.text!r} is no limit; did you mean infinity?"
    return f"{setting.text!r} is no limit; {setting.name} takes a number, soft:hard or infinity"


def _judged(name: str, context: _Context) -> tuple[Status, str]:
    """Whether systemd reads *name* in that section, and what it does instead."""
    section = context.section
    if section is None:
        return Status.MISPLACED, "stands outside of any section: systemd ignores it"
    known = DIRECTIVES.get(section.name, frozenset())
    if section.name.startswith(_EXTENSION) or name in known:
        return Status.EFFECTIVE, ""
    homes = [s for s, names in DIRECTIVES.items() if name in names]
    if homes:
        where = "system.conf" if homes == ["Manager"] else f"[{homes[0]}]"
        return Status.MISPLACED, f"{name} is read in {where}, not in [{section.name}]"
    candidates = known or frozenset().union(*DIRECTIVES.values())
    suggestion = context.suggested(name, candidates)
    return Status.UNKNOWN_NAME, f"systemd knows no {name}{suggestion}"


def _suggested(name: str, known: Iterable[str]) -> str:
    by_fold = {each.casefold(): each for each in sorted(known)}
    near = closest(name.casefold(), by_fold)
    return f"; did you mean {by_fold[near]}?" if near else ""


def _is_known(section: str) -> bool:
    return section in DIRECTIVES or section.startswith(_EXTENSION)


def _why_junk(junk: Junk) -> str:
    if junk.text.startswith("["):
        return "a section header is [Name] and nothing behind it; systemd does not load this file"
    return "neither a section nor name=value; systemd ignores the line"


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """The same settings: of a list all since it was emptied hold, of anything else the last.

    Sections of one name are one section, in whichever file they stand.
    """
    held: dict[tuple[str, str], list[int]] = {}
    winner: dict[int, int] = {}
    for index, each in enumerate(settings):
        if each.status is not Status.EFFECTIVE:
            continue
        group = held.setdefault((_section(each), each.name), [])
        if group and _replaces(each, settings[group[-1]]):
            winner.update(dict.fromkeys(group, index))
            group.clear()
        group.append(index)
    for index in reversed(range(len(settings))):
        if index in winner:  # a reset on the way is itself replaced
            winner[index] = winner.get(winner[index], winner[index])
    refused = _surplus_commands(settings, held)
    return [
        refused.get(index) or (shadowed(each, settings[winner[index]]) if index in winner else each)
        for index, each in enumerate(settings)
    ]


def _surplus_commands(
    settings: Sequence[Setting], held: Mapping[tuple[str, str], list[int]]
) -> dict[int, Setting]:
    """More than one ExecStart, which only a oneshot service may have; most want a reset before."""
    types = [settings[i].text for i in held.get(("Service", "Type"), ())]
    starts = [i for i in held.get(("Service", "ExecStart"), ()) if settings[i].text]
    if "oneshot" in types or len(starts) < 2:
        return {}
    reason = "a second ExecStart without an empty ExecStart= before: the unit does not start"
    return {i: replace(settings[i], status=Status.REFUSED, reason=reason) for i in starts[1:]}


def _replaces(new: Setting, old: Setting) -> bool:
    if new.name not in LISTS:
        return True
    if new.name in DEPENDENCIES:
        return False
    return not new.text or not old.text


def _section(setting: Setting) -> str:
    return setting.scope[-1].name if setting.scope else ""


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    root="unit",
)
