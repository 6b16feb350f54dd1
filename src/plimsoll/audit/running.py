"""What a server runs with, beside what is written of it: only where they differ is it told again."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from plimsoll.audit.answers import Asked
from plimsoll.model.live import Process, Source, Told
from plimsoll.model.quantity import BYTES, Amount
from plimsoll.model.reader import Reader, Word
from plimsoll.model.schema import Schema, key
from plimsoll.model.setting import Origin, Setting, Status, Value
from plimsoll.model.stack import Running, Service
from plimsoll.stack.settle import valued
from plimsoll.technologies import technology

_OPEN_FILES = "Max open files"
_SOURCES = {Origin.COMMAND_LINE: Source.COMMAND_LINE, Origin.ENVIRONMENT: Source.ENVIRONMENT}


def running(asked: Asked, written: Service) -> Running:
    """What *asked* says otherwise than is *written*, its limits, and what was measured of it."""
    return Running(
        settings=tuple(
            value
            for told, value in values(asked)
            if not told.whom and not is_same(value, written.setting(told.name))
        ),
        limits=limits(asked.server.main),
        measured=dict(_measured(asked)),
    )


def values(asked: Asked) -> Iterator[tuple[Told, Setting]]:
    """What a server tells, as settings with their values. What it does not tell, its command does.

    Where it does not say whence it has a value, and its command says the same, it is from there.
    """
    known = technology(asked.server.technology)
    if known is None or known.reader is None:
        return
    commanded = {
        key(told.name): (told, found)
        for told in _commanded(asked.server.main, known.reader)
        if (found := _meant(told, known.reader, known.schema))
    }
    for told in asked.told:
        found = _meant(told, known.reader, known.schema)
        by, same = commanded.get(key(told.name), (told, None))
        if found and told.source is Source.UNKNOWN and same and is_same(found, same):
            yield replace(told, source=by.source), found
        elif found:
            yield told, found
    if not asked.is_whole:
        heard = {key(told.name) for told in asked.told}
        yield from (each for name, each in commanded.items() if name not in heard)


def _meant(told: Told, reader: Reader, schema: Schema) -> Setting | None:
    """What a told text means; None where that says nothing of the server.

    It runs with it: what our table does not have, or reads otherwise, is not the server's fault.
    """
    value = valued(Setting(told.name, told.text, told.place, origin=Origin.RUNNING), reader, schema)
    is_known = value.status is Status.EFFECTIVE and schema.entry(told.name) is not None
    return value if is_known else None


def _commanded(main: Process, reader: Reader) -> Iterator[Told]:
    """What the command line and the environment of a process say."""
    if reader.arguments is None:
        return
    words = [Word(each) for each in main.words]
    environment = {name: Word(text) for name, text in main.environment.items()}
    for item in reader.arguments(words, environment):
        if (
            isinstance(item, Setting)
            and item.origin in _SOURCES
            and item.status is Status.EFFECTIVE
        ):
            yield Told(item.name, item.text, _SOURCES[item.origin])


def is_same(one: Setting | None, other: Setting | None) -> bool:
    """Whether two settings mean the same to the server."""
    if one is None or other is None:
        return one is other
    return _meaning(one.value, one.text) == _meaning(other.value, other.text)


def _meaning(value: Value | None, text: str) -> object:
    return value.casefold() if isinstance(value, str) else value if value is not None else text


def limits(main: Process) -> dict[str, Setting]:
    """What a process may use, by resource."""
    soft, hard = main.limits.get(_OPEN_FILES, (None, None))
    return {
        resource: _number(resource, Amount.of(amount), Origin.RUNNING)
        for resource, amount in (("nofile_soft", soft), ("nofile_hard", hard))
        if amount is not None
    }


def _measured(asked: Asked) -> Iterator[tuple[str, Setting]]:
    for name, amount in asked.measured.items():
        yield name, _number(name, Amount.of(int(amount)), Origin.MEASURED)
    private = [each.private for each in asked.server.workers if each.private]
    if private:
        most = Amount.of(max(private), BYTES)
        yield "private_memory", _number("private_memory", most, Origin.MEASURED)


def _number(name: str, value: Amount, origin: Origin) -> Setting:
    return Setting(name, str(value), origin=origin, value=value, technology="plimsoll")
