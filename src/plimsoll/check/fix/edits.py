"""Changes as edits of texts: only the value changes, or a line comes in for a default.

Nothing is believed: the edited texts are read again, and an edit counts only where the setting then
has exactly the new value and every other setting is what it was.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.check import labels
from plimsoll.model.finding import Change, Edit, Fix, Needs
from plimsoll.model.place import Span
from plimsoll.model.schema import key
from plimsoll.model.setting import Origin, Setting, Status
from plimsoll.model.stack import Stack
from plimsoll.stack import StackError
from plimsoll.syntax.text import Lines

# The stack that a folder describes where files have other texts, by path.
Read = Callable[[Mapping[str, str]], Stack]

_QUOTES = ("", '"', "'")
_COMMENTS = ("# ", "; ", "// ")
_MOST_PLACES = 6  # lines behind which a default is tried
_TAIL = re.compile(r"\s*[;,]?")
_STATES = "plimsoll"


def with_edits(fix: Fix, stack: Stack, read: Read) -> Fix:
    """*fix* with the edits that write it, and a sentence for each change that none can write."""
    edits: list[Edit] = []
    told: list[str] = []
    for change in fix.changes:
        found = _edit(change, stack, read)
        if isinstance(found, str):
            told.append(found)
        else:
            edits.append(found)
            told += _beside(change)
    return replace(fix, edits=tuple(_distinct(edits)), told=tuple(told))


def edited(text: str, edits: Iterable[Edit]) -> str:
    """*text* with all *edits* of it made."""
    lines = Lines(text, "")
    at = [
        (
            lines.offset(e.span.line, e.span.column),
            lines.offset(e.span.end_line, e.span.end_column),
            e,
        )
        for e in edits
    ]
    for start, end, each in sorted(at, key=lambda one: one[0], reverse=True):
        text = text[:start] + each.text + text[end:]
    return text


def edited_texts(stack: Stack, edits: Sequence[Edit]) -> dict[str, str]:
    """The texts of a stack that *edits* change, as they are then."""
    return {
        path: edited(stack.texts[path], [each for each in edits if each.path == path])
        for path in dict.fromkeys(each.path for each in edits)
    }


def _distinct(edits: Iterable[Edit]) -> Iterator[Edit]:
    """Each place once: a setting may belong to several that share a file."""
    yield from dict.fromkeys(edits)


def _edit(change: Change, stack: Stack, read: Read) -> Edit | str:
    setting = change.operand.setting
    tried = list(_candidates(change, stack))
    for each in tried:
        if _is_right(each, change, stack, read):
            return each
    name = f"{setting.name} of {change.operand.owner}"
    if setting.place is not None:
        return (
            f"set {name} to {change.text}: what stands at {setting.place} is calculated, "
            "or says more than this one value"
        )
    where = f" into {setting.belongs}" if setting.belongs else ""
    return f"write {name} as {change.text}{where}: no file that was read is the place for it"


def _beside(change: Change) -> Iterator[str]:
    """What an edit of plimsoll.yaml does not do: it only states how things are."""
    setting = change.operand.setting
    if setting.technology != _STATES:
        return
    what = f"{setting.name} of {change.operand.owner}"
    if change.needs is Needs.PURCHASE:
        yield f"{what}: {change.text} has to be bought; plimsoll.yaml only says how much there is"
    else:
        yield f"{what}: plimsoll.yaml only states it; change it where it is set, too"


# ------------------------------------------------------------------------------------ candidates


def _candidates(change: Change, stack: Stack) -> Iterator[Edit]:
    setting = change.operand.setting
    place = setting.place
    if place is not None and place.value is not None:
        text = stack.texts.get(place.path)
        if text is not None:
            raw = _sliced(text, place.value)
            for quote in _QUOTES:
                if raw == f"{quote}{setting.text}{quote}":
                    yield Edit(place.path, place.value, f"{quote}{change.text}{quote}")
                    return
    elif setting.origin is Origin.DEFAULT:
        for sibling in _siblings(change, stack):
            yield from _behind(sibling, change, stack.texts[_path(sibling)])


def _siblings(change: Change, stack: Stack) -> list[Setting]:
    """Settings behind which the default could stand, the likeliest first."""
    setting = change.operand.setting
    own = [
        each
        for each in _settings_of(stack, change.operand.owner)
        if each.technology == setting.technology
        and each.place is not None
        and each.place.path in stack.texts
        and each.origin in (Origin.FILE, Origin.DROP_IN)
        and each.place.span.line == each.place.span.end_line
    ]
    wanted = setting.belongs.rpartition("/")[2].casefold()

    def rank(each: Setting) -> tuple[bool, bool, int, int]:
        inner = str(each.scope[-1]).casefold() if each.scope else ""
        is_meant = bool(inner) and re.search(rf"(?<!\w){re.escape(inner)}(?!\w)", wanted)
        is_outside = not inner and "," not in wanted and "[" not in wanted
        name = _path(each).rpartition("/")[2].casefold()
        line = each.place.span.line if each.place else 0
        return (not (is_meant or is_outside), name not in wanted, len(each.scope), -line)

    return sorted(own, key=rank)[:_MOST_PLACES]


def _behind(sibling: Setting, change: Change, text: str) -> Iterator[Edit]:
    """A line as the sibling's is written, in a line behind it."""
    place = sibling.place
    if place is None or place.value is None:
        return
    line = text.split("\n")[place.span.line - 1]
    indent = line[: len(line) - len(line.lstrip())]
    before = line[len(indent) : place.value.column - 1]
    rest = line[place.value.end_column - 1 :]
    if not before.startswith(sibling.name) or place.value.line != place.value.end_line:
        return
    between = before[len(sibling.name) :]
    tail = _TAIL.match(rest)
    written = f"{indent}{change.operand.setting.name}{between}{change.text}{tail[0].rstrip() if tail else ''}"
    end = "\r\n" if line.endswith("\r") else "\n"
    number = place.span.line
    for mark in _COMMENTS:
        lines = f"{indent}{mark}plimsoll: {change.rule}{end}{written}{end}"
        if number < text.count("\n") + 1:
            yield Edit(place.path, Span(number + 1, 1, number + 1, 1), lines)
        else:
            at = Span(number, len(line) + 1, number, len(line) + 1)
            yield Edit(place.path, at, f"{end}{lines}")


# ------------------------------------------------------------------------------------- the proof


class _Said(Struct, frozen=True):
    """A setting as it is compared: whatever lines moved."""

    owner: str
    name: str
    technology: str
    scope: tuple[str, ...]
    text: str
    status: Status


def _is_right(edit: Edit, change: Change, stack: Stack, read: Read) -> bool:
    """Whether the setting has the new value once that is read, and no other has changed.

    What stands around the value may say several things: all that is said there may change.
    """
    try:
        after = read(edited_texts(stack, [edit]))
    except StackError:
        return False
    if len(after.unread) > len(stack.unread):
        return False
    first, inserted = edit.span.line, edit.text.count("\n")
    grown = Span(first, edit.span.column, first + inserted, edit.span.end_column)
    if _said(stack, edit.path, edit.span) != _said(after, edit.path, grown):
        return False
    name = key(change.operand.setting.name)
    return any(
        key(each.name) == name and each.value == change.value and each.status is Status.EFFECTIVE
        for each in _settings_of(after, change.operand.owner)
    )


def _said(stack: Stack, path: str, span: Span) -> Counter[_Said]:
    """What the files say, without what stands around a span of one of them."""
    found: Counter[_Said] = Counter()
    owners = [*stack.services, *stack.hosts, *map(labels.link, stack.links)]
    for owner in dict.fromkeys(owners):
        for each in _settings_of(stack, owner):
            if each.place is not None and not _is_around(each, path, span):
                scope = tuple(map(str, each.scope))
                said = _Said(owner, each.name, each.technology, scope, each.text, each.status)
                found[said] += 1
    return found


def _is_around(setting: Setting, path: str, span: Span) -> bool:
    place = setting.place
    if place is None or place.path != path:
        return False
    own = place.span
    return (
        own.line <= span.end_line
        and own.end_line >= span.line
        and (own.line < span.line or own.end_line > span.end_line or own.column <= span.column)
        and (own.end_line > span.line or own.end_column >= span.column)
    )


def _settings_of(stack: Stack, owner: str) -> Iterator[Setting]:
    """Everything that is said of a service, a host or a link."""
    service, host = stack.services.get(owner), stack.hosts.get(owner)
    if service is not None:
        yield from service.settings
        yield from service.stated.values()
        for limit in service.limits.values():
            yield from limit.layers
    if host is not None:
        yield from host.read
        yield from host.settings.values()
        for limit in host.limits.values():
            yield from limit.layers
    for link in stack.links:
        if labels.link(link) == owner:
            yield from link.settings.values()


def _path(setting: Setting) -> str:
    return setting.place.path if setting.place else ""


def _sliced(text: str, span: Span) -> str:
    lines = Lines(text, "")
    start = lines.offset(span.line, span.column)
    return text[start : lines.offset(span.end_line, span.end_column)]
