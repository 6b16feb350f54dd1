"""Changes as edits of texts: only the value changes, or a line comes in for a default.

Nothing is believed: the edited texts are read again, and an edit counts only where the setting then
has exactly the new value and every other setting is what it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.check import labels
from plimsoll.check.fix.insertions import insertions
from plimsoll.check.fix.spot import spot
from plimsoll.model.finding import Change, Edit, Fix, Needs
from plimsoll.model.place import Span
from plimsoll.model.schema import key
from plimsoll.model.setting import Origin, Setting, Status
from plimsoll.model.stack import Stack
from plimsoll.stack import StackError
from plimsoll.syntax.text import Lines

# The stack that a folder describes where files have other texts, by path.
Read = Callable[[Mapping[str, str]], Stack]

_STATES = "plimsoll"


def with_edits(fix: Fix, stack: Stack, read: Read) -> Fix:
    """*fix* with the edits that write it, and a sentence for each change that none can write."""
    found = _written(fix.changes, stack, read)
    edits = tuple(dict.fromkeys(found.values()))
    if edits and not _hold_together(edits, stack, read):
        found = {}
    told: list[str] = []
    for change in fix.changes:
        told += _beside(change) if change in found else [_instruction(change)]
    changes = tuple(replace(each, edit=found.get(each)) for each in fix.changes)
    return replace(fix, changes=changes, told=(*fix.told, *told))


def edited(text: str, edits: Iterable[Edit]) -> str:
    """*text* with all *edits* of it made."""
    return _made(text, edits)[0]


def _made(text: str, edits: Iterable[Edit]) -> tuple[str, dict[Edit, tuple[int, int]]]:
    """*text* with all *edits* of it made, and from where to where each then stands in it."""
    lines = Lines(text, "")
    starts = {each: lines.offset(each.span.line, each.span.column) for each in edits}
    pieces: list[str] = []
    found: dict[Edit, tuple[int, int]] = {}
    done = grown = 0
    for each, start in sorted(starts.items(), key=lambda one: one[1]):
        pieces += (text[done:start], each.text)
        found[each] = start + grown, start + grown + len(each.text)
        done = lines.offset(each.span.end_line, each.span.end_column)
        grown += len(each.text) - (done - start)
    return "".join([*pieces, text[done:]]), found


def edited_texts(stack: Stack, edits: Sequence[Edit]) -> dict[str, str]:
    """The texts of a stack that *edits* change, as they are then."""
    return {
        path: edited(stack.texts[path], [each for each in edits if each.path == path])
        for path in dict.fromkeys(each.path for each in edits)
    }


def _written(changes: Sequence[Change], stack: Stack, read: Read) -> dict[Change, Edit]:
    """An edit for each change that one can write.

    Reading is what takes long: the likeliest edits are tried together, by halves where they fail.
    """
    tried = {each: _candidates(each, stack) for each in changes}
    first = {each: edit for each, edits in tried.items() if (edit := next(edits, None))}
    if not first or _are_right(first, stack, read):
        return first
    if len(changes) > 1:
        half = len(changes) // 2
        return {
            **_written(changes[:half], stack, read),
            **_written(changes[half:], stack, read),
        }
    change = changes[0]
    singly = ({change: each} for each in tried[change])
    return next((each for each in singly if _are_right(each, stack, read)), {})


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
    """What may write a change: of a written setting the value alone."""
    setting = change.operand.setting
    place = setting.place
    if place is not None and place.path in stack.texts:
        found = spot(setting, stack.texts[place.path])
        if found is not None:
            yield Edit(place.path, found.span, f"{found.quote}{change.text}{found.quote}")
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


def _are_right(edits: Mapping[Change, Edit], stack: Stack, read: Read) -> bool:
    """Whether settings have their new values once that is read, and no other has changed.

    What stands around a value may say several things: all that is said there may change. A value
    that is refused may be fine with other edits.
    """
    after = _after([*edits.values()], stack, read)
    if after is None:
        return False
    old = {_Spot(e.path, e.span, _name(change)) for change, e in edits.items()}
    return _said(stack, old) == _said(after, _grown(edits, stack)) and all(
        any(_is_it(each, change) for each in _settings_of(after, change.operand.owner))
        for change in edits
    )


def _is_it(setting: Setting, change: Change) -> bool:
    may_be_refused = change.operand.setting.place is not None
    return (
        key(setting.name) == key(change.operand.setting.name)
        and setting.value == change.value
        and (
            setting.status is Status.EFFECTIVE
            or (may_be_refused and setting.status is Status.REFUSED)
        )
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


class _Spot(Struct, frozen=True):
    """Where an edit is, and of which setting."""

    path: str
    span: Span
    name: str

    def holds(self, setting: Setting) -> bool:
        """Whether a setting stands around it, or in it by that name.

        An application's file may say the same of two technologies, with a prefix for one of them.
        """
        place = setting.place
        if place is None or place.path != self.path:
            return False
        own = place.span
        start, end = (own.line, own.column), (own.end_line, own.end_column)
        first = (self.span.line, self.span.column)
        last = (self.span.end_line, self.span.end_column)
        if start >= last or end <= first:
            return False
        is_named = key(setting.name).casefold().endswith(self.name)
        return is_named or start <= first or end >= last


def _name(change: Change) -> str:
    return key(change.operand.setting.name).casefold()


def _grown(edits: Mapping[Change, Edit], stack: Stack) -> set[_Spot]:
    """Where the edits stand once they are made."""
    found: set[_Spot] = set()
    for path in {each.path for each in edits.values()}:
        own = {change: each for change, each in edits.items() if each.path == path}
        text, ends = _made(stack.texts[path], own.values())
        lines = Lines(text, path)
        found |= {_Spot(path, lines.span(*ends[each]), _name(c)) for c, each in own.items()}
    return found


def _said(stack: Stack, spots: Collection[_Spot]) -> Counter[_Said]:
    """What the files say elsewhere than at *spots*."""
    found: Counter[_Said] = Counter()
    for owner in _owners(stack):
        for each in _settings_of(stack, owner):
            is_written = each.place is not None and each.origin is not Origin.DEFAULT
            if is_written and not any(one.holds(each) for one in spots):
                scope = tuple(map(str, each.scope))
                status = Status.EFFECTIVE if each.status is Status.REFUSED else each.status
                found[_Said(owner, each.name, each.technology, scope, each.text, status)] += 1
    return found


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
