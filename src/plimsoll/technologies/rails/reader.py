"""Reads what a Rails application configures: its caches, and plain values; runs none of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Endpoint, Reader, Rejected, Word, last_wins
from plimsoll.model.schema import Entry as Known
from plimsoll.model.schema import Type
from plimsoll.model.setting import Block, Item, Setting, Status, Unknown, Unread, Unset, Value
from plimsoll.syntax.amounts import Dialect
from plimsoll.syntax.environ import carried, variables
from plimsoll.syntax.python import resolved
from plimsoll.syntax.ruby import Assigned, Called, Entry, Listed, Table, read_script
from plimsoll.syntax.ruby.settings import Source
from plimsoll.syntax.urls import parsed

KIND = "cache"
_STORE = "cache_store"
_DIALECT = Dialect(true=("true",), false=("false", "nil"), takes_fractions=True)
_BY_STAGE = re.compile(r"(?:^|/)config/environments/([^/]+)\.rb$")


def read(text: str, path: str) -> Iterator[Item]:
    """What a file configures, in its order."""
    return (item for _, item in _items(text, path, None))


def _items(
    text: str, path: str, environment: Mapping[str, Word] | None
) -> Iterator[tuple[Place | None, Item]]:
    source = Source(text)
    for each in read_script(text, path, environment).statements:
        if isinstance(each, Unread):
            yield each.place, each
        elif isinstance(each, Called):
            if each.name.rpartition(".")[2] == _STORE and each.arguments:
                yield from _store(each, each.arguments, each.named, source)
        else:
            yield from _assigned(each, source)


def _assigned(each: Assigned, source: Source) -> Iterator[tuple[Place | None, Item]]:
    """`config.cache_store = :redis_cache_store, {...}`, `config.force_ssl = true`."""
    keys = each.keys
    if each.name == "Rails":
        keys = keys[2:] if keys[:2] == ("application", "config") else ()
    elif each.name != "config":
        keys = ()
    if not keys:
        return
    if keys[-1] != _STORE or len(keys) > 1:
        yield each.place, source.of_assignment(each, ".".join(keys))
        return
    entries = each.value.entries if isinstance(each.value, Listed) else ()
    first = entries or (Entry("0", each.value, each.place, each.source, each.asked),)
    tables = [e.value for e in first[1:] if isinstance(e.value, Table)]
    named = tables[-1].entries if tables else ()
    plain = tuple(e for e in first if not isinstance(e.value, Table))
    for placed, item in _store(each, plain, named, source):
        is_lost = not each.is_reached and isinstance(item, Setting)
        if is_lost and isinstance(item, Setting):
            yield placed, replace(item, status=Status.SHADOWED, reason=each.reason)
        else:
            yield placed, item


def _store(
    each: Assigned | Called, given: Sequence[Entry], named: Sequence[Entry], source: Source
) -> Iterator[tuple[Place | None, Item]]:
    """A cache in a block of its own: what it is, its addresses, its options."""
    scope = (Block(KIND, _STORE, each.place),)
    kind, *addresses = given
    for name, entry in ((_STORE, kind), *(("address", a) for a in addresses)):
        yield from source.entries((replace(entry, key=name),), each.place, scope)
    yield from source.entries(tuple(named), each.place, scope)


def arguments(_: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """The environment that the application is started with; it has no command line of its own."""
    if environment:
        yield carried(environment)


def value(text: str, entry: Known) -> Value | Rejected:
    """What a text means: times in seconds."""
    plain = text.strip()
    if plain in entry.infinite:
        return Amount.of(UNLIMITED, entry.unit)
    if plain == "nil":
        return Unset()
    if entry.type in (Type.TEXT, Type.ENUM):
        return text
    found = _DIALECT.value(plain, entry)
    return Rejected(Status.IGNORED, found.reason) if isinstance(found, Rejected) else found


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """Who wins: config/environments/<environment>.rb over the rest; of one file the last."""
    known = list(resolved(settings, _items))
    environment = variables(settings)
    named = (environment[v].text for v in ("RAILS_ENV", "RACK_ENV") if v in environment)
    stage = next(named, "production")
    own = [_for_stage(each, stage) for each in known]
    kept = [s.place.path for s in own if s.status is Status.EFFECTIVE and s.place and _is_store(s)]
    staged = next((p for p in reversed(kept) if _BY_STAGE.search(p)), "")
    return last_wins([_of_one_store(each, staged) for each in own])


def _is_store(setting: Setting) -> bool:
    return setting.name == _STORE


def _for_stage(setting: Setting, stage: str) -> Setting:
    found = _BY_STAGE.search(setting.place.path) if setting.place else None
    if found is None or found[1] == stage or setting.status is not Status.EFFECTIVE:
        return setting
    return replace(setting, status=Status.IGNORED, reason=f"not for {stage}")


def _of_one_store(setting: Setting, staged: str) -> Setting:
    """*setting*; that of another file's cache is replaced by the one of the environment."""
    is_other = bool(setting.scope and staged and setting.place and setting.place.path != staged)
    if not is_other or setting.status is not Status.EFFECTIVE:
        return setting
    return replace(setting, status=Status.SHADOWED, reason=f"{staged} sets the cache")


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The Redis or memcached that a cache is in."""
    for each in settings:
        if each.status is not Status.EFFECTIVE or not each.scope:
            continue
        is_url = each.name == "url" or each.name.startswith("url.")
        if is_url and not isinstance(each.value, Unknown):
            found = parsed(each.text)
            if found and found.scheme in ("redis", "rediss"):
                yield _at(each, found.host or "localhost", found.port or 6379, "redis")
        elif each.name == "address" and not isinstance(each.value, Unknown):
            host, _, port = each.text.rpartition(":")
            number = int(port) if port.isdecimal() and len(port) < 6 else 11211
            yield _at(each, host or each.text, number, "memcached")


def _at(setting: Setting, host: str, port: int, technology: str) -> Endpoint:
    return Endpoint(
        side="connects",
        setting=setting,
        host=host,
        port=port,
        technology=technology,
        library="rails",
        part=f"{KIND} {_STORE}",
    )


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    arguments=arguments,
    endpoints=endpoints,
    parts={KIND: KIND},
    root="application",
)
