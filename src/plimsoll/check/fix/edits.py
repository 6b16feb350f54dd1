"""Changes as edits of texts: only the value changes, or a line comes in for a default.

Nothing is believed: the edited texts are read again, and an edit counts only where the setting then
has exactly the new value and every other setting is what it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.check import labels
from plimsoll.check.fix.insertions import insertions
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
_STATES = "plimsoll"


def with_edits(fix: Fix, stack: Stack, read: Read) -> Fix:
    """*fix* with the edits that write it, and a sentence for each change that none can write."""
    edits: list[Edit] = []
    told: list[str] = []
    for change in fix.changes:
        found = _edit(change, stack, read)
        if found is None:
            told.append(_instruction(change))
        else:
            edits.append(found)
            told += _beside(change)
    once = tuple(dict.fromkeys(edits))  # a setting may belong to several that share a file
    if once and not _hold_together(once, stack, read):
        return replace(fix, told=tuple(map(_instruction, fix.changes)))
    return replace(fix, edits=once, told=tuple(told))


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


def _edit(change: Change, stack: Stack, read: Read) -> Edit | None:
    tried = _candidates(change, stack)
    return next((each for each in tried if _is_right(each, change, stack, read)), None)


def _instruction(change: Change) -> str:
    """What somebody has to do where no edit does it."""
    setting = change.operand.setting
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
        owner = change.operand.owner
        settings = list(_settings_of(stack, owner))
        yield from insertions(change, settings, _files_of(stack, owner), stack.texts)


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

    What stands around the value may say several things: all that is said there may change. A value
    that is refused may be fine with the other edits.
    """
    after = _after([edit], stack, read)
    if after is None:
        return False
    setting = change.operand.setting
    name = key(setting.name).casefold()
    grown = _grown(edit)
    if _said(stack, edit.path, edit.span, name) != _said(after, edit.path, grown, name):
        return False
    may_be = [Status.EFFECTIVE, *([Status.REFUSED] if setting.place else [])]
    return any(
        key(each.name) == key(setting.name) and each.value == change.value and each.status in may_be
        for each in _settings_of(after, change.operand.owner)
    )


def _hold_together(edits: Sequence[Edit], stack: Stack, read: Read) -> bool:
    """Whether no server refuses what it took before, once all edits are made."""
    after = _after(edits, stack, read)
    return after is not None and _refused(after) <= _refused(stack)


def _after(edits: Sequence[Edit], stack: Stack, read: Read) -> Stack | None:
    """The stack with edits; None where it can be read no more."""
    try:
        after = read(edited_texts(stack, edits))
    except StackError:
        return None
    return after if len(after.unread) <= len(stack.unread) else None


def _refused(stack: Stack) -> int:
    every = (each for owner in _owners(stack) for each in _settings_of(stack, owner))
    return sum(each.status is Status.REFUSED for each in every)


def _grown(edit: Edit) -> Span:
    """Where its text stands once it is made."""
    lines = edit.text.split("\n")
    first = edit.span.column if len(lines) == 1 else 1
    return Span(
        edit.span.line, edit.span.column, edit.span.line + len(lines) - 1, first + len(lines[-1])
    )


def _said(stack: Stack, path: str, span: Span, name: str) -> Counter[_Said]:
    """What the files say, without what stands around a span of one of them, or in it by that name.

    An application's file may say the same of two technologies, with a prefix for one of them.
    """
    found: Counter[_Said] = Counter()
    for owner in _owners(stack):
        for each in _settings_of(stack, owner):
            is_written = each.place is not None and each.origin is not Origin.DEFAULT
            if is_written and not _is_there(each, path, span, name):
                scope = tuple(map(str, each.scope))
                status = Status.EFFECTIVE if each.status is Status.REFUSED else each.status
                found[_Said(owner, each.name, each.technology, scope, each.text, status)] += 1
    return found


def _is_there(setting: Setting, path: str, span: Span, name: str) -> bool:
    place = setting.place
    if place is None or place.path != path:
        return False
    own = place.span
    start, end = (own.line, own.column), (own.end_line, own.end_column)
    first, last = (span.line, span.column), (span.end_line, span.end_column)
    if start >= last or end <= first:
        return False
    return key(setting.name).casefold().endswith(name) or start <= first or end >= last


def _owners(stack: Stack) -> Iterable[str]:
    return dict.fromkeys([*stack.services, *stack.hosts, *map(labels.link, stack.links)])


def _files_of(stack: Stack, owner: str) -> Sequence[str]:
    """The files of a service, or of the one that opens a link."""
    link = next((each for each in stack.links if labels.link(each) == owner), None)
    service = stack.services.get(link.source if link else owner)
    return service.files if service else ()


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


def _sliced(text: str, span: Span) -> str:
    lines = Lines(text, "")
    start = lines.offset(span.line, span.column)
    return text[start : lines.offset(span.end_line, span.end_column)]
