"""From what readers found to what holds: typed values, statuses, parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.reader import Reader, Rejected
from plimsoll.model.schema import Entry, Schema, key
from plimsoll.model.setting import Block, Setting, Status, Unknown
from plimsoll.model.stack import Part
from plimsoll.model.version import Version
from plimsoll.syntax.suggest import LIKELY, closest


def settled(
    reader: Reader, schema: Schema, settings: Sequence[Setting], version: Version | None = None
) -> list[Setting]:
    """*settings* of one technology in the order of the server, with their values and who wins."""
    read = reader.in_version(settings, version) if reader.in_version else settings
    typed = [valued(each, reader, schema, version) for each in read]
    held = reader.effective(typed)  # with what the server makes of them, such as what is shadowed
    return [
        each
        if each.value is not None and each.technology == schema.technology
        else valued(each, reader, schema, version)
        for each in held
    ]


def valued(
    setting: Setting, reader: Reader, schema: Schema, version: Version | None = None
) -> Setting:
    """*setting* with what its text means; refused or ignored where the server says so."""
    technology = schema.technology
    if setting.value is not None:
        is_its_own = setting.technology == technology
        return setting if is_its_own else replace(setting, technology=technology)
    entry = schema.entry(setting.name, _part_type(setting.scope, reader))
    if entry is None:
        return _unlisted(setting, reader, schema)
    if version is not None and reader.in_version and not entry.exists_in(version):
        return _of_another_version(setting, entry, technology, version)
    found = reader.value(setting.text, entry)
    secret = setting.is_secret or entry.is_secret
    if not isinstance(found, Rejected):
        return replace(setting, technology=technology, value=found, is_secret=secret)
    status = found.status if setting.status is Status.EFFECTIVE else setting.status
    return replace(
        setting,
        technology=technology,
        value=Unknown(found.reason),
        status=status,
        reason=setting.reason or found.reason,
        is_secret=secret,
    )


def _of_another_version(
    setting: Setting, entry: Entry, technology: str, version: Version
) -> Setting:
    """A setting that the service's version does not have, or no longer."""
    known = replace(setting, technology=technology, value=setting.text, is_secret=entry.is_secret)
    if setting.status is not Status.EFFECTIVE:
        return known
    is_gone = entry.until is not None and version >= entry.until
    when = f"it was removed in {entry.until}" if is_gone else f"it came with {entry.since}"
    reason = f"{technology} {version} has no {setting.name!r}: {when}"
    return replace(known, status=Status.UNKNOWN_NAME, reason=setting.reason or reason)


def _unlisted(setting: Setting, reader: Reader, schema: Schema) -> Setting:
    """A setting that settings.yaml does not have: its text, or a name that the server refuses."""
    setting = replace(setting, technology=schema.technology, value=setting.text)
    is_unknown = (reader.refuses_unknown and "." not in setting.name) or reader.slip > 0
    if not is_unknown or setting.status is not Status.EFFECTIVE:
        return setting
    names = [e.name for e in schema.entries.values()]
    near = closest(setting.name, names, reader.slip or LIKELY)
    if not near and not reader.refuses_unknown:
        return setting
    hint = f"; did you mean {near!r}?" if near else ""
    reason = f"{schema.technology} has no {setting.name!r}{hint}"
    return replace(setting, status=Status.UNKNOWN_NAME, reason=reason)


def _part_type(scope: Sequence[Block], reader: Reader) -> str:
    for block in reversed(scope):
        if block.kind in reader.parts:
            return reader.parts[block.kind]
    return ""


def held(settings: Iterable[Setting], reader: Reader) -> dict[str, Setting]:
    """The effective settings outside of any part, by key; a server that refuses one still has it."""
    return {
        key(each.name): each
        for each in settings
        if each.status in _COUNTS and not _part_type(each.scope, reader)
    }


# A refused value takes part: its finding has to be there, and what it would have been is unknown.
_COUNTS = frozenset({Status.EFFECTIVE, Status.REFUSED})


def parts(
    settings: Sequence[Setting],
    reader: Reader,
    schema: Schema,
    *,
    service: str,
    version: Version | None,
    root: Part | None = None,
) -> list[Part]:
    """The blocks that rules may ask about, outer ones first, each with its own settings."""
    numbers = _Numbers()
    found: dict[tuple[int, ...], tuple[Block, dict[str, Setting]]] = {}
    for each in settings:
        chain = [b for b in each.scope if b.kind in reader.parts]
        at: tuple[int, ...] = ()
        for block in chain:
            at = (*at, numbers.of(block))
            if at not in found:
                found[at] = block, {}
        if chain and each.status in _COUNTS:
            found[at][1][key(each.name)] = each
    made: dict[tuple[int, ...], Part] = {}
    for at, (block, own) in sorted(found.items(), key=lambda item: len(item[0])):
        made[at] = Part(
            type=reader.parts[block.kind],
            name=block.name,
            service=service,
            technology=schema.technology,
            settings=own,
            parent=made.get(at[:-1]) or root,
            schema=schema,
            version=version,
            place=block.place,
        )
    return list(made.values())


class _Numbers:
    """A number for each block: equal ones have one, and the same object is compared once."""

    def __init__(self) -> None:
        self._known: dict[Block, int] = {}
        self._seen: dict[int, tuple[int, Block]] = {}

    def of(self, block: Block) -> int:
        seen = self._seen.get(id(block))
        if seen is None:
            number = self._known.setdefault(block, len(self._known))
            seen = self._seen[id(block)] = number, block
        return seen[0]


def root_part(
    settings: Sequence[Setting],
    reader: Reader,
    schema: Schema,
    *,
    service: str,
    name: str,
    place: Place | None,
) -> Part:
    """What an accompanying technology says outside of any block: the container, the unit."""
    return Part(
        type=reader.root,
        name=name,
        service=service,
        technology=schema.technology,
        settings=held(settings, reader),
        schema=schema,
        place=place,
    )
