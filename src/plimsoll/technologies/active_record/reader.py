"""Reads Rails' database.yml, with the ERB in it as far as that is literal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Endpoint, Reader, Rejected, Word, shadowed
from plimsoll.model.schema import Entry as Known
from plimsoll.model.schema import Type
from plimsoll.model.setting import (
    Block,
    Item,
    Origin,
    Setting,
    Status,
    Unknown,
    Unread,
    Unset,
    Value,
)
from plimsoll.syntax.amounts import Dialect
from plimsoll.syntax.environ import carried, variables
from plimsoll.syntax.python import resolved
from plimsoll.syntax.ruby import Assigned, read_script
from plimsoll.syntax.ruby.erb import Rendered, rendered
from plimsoll.syntax.ruby.settings import Source
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.syntax.urls import parsed

KIND = "database"
_STAGE = "environment"
_DIALECT = Dialect(
    true=("true", "yes", "on", "1", "t"),
    false=("false", "no", "off", "0", "f"),
    takes_fractions=True,
)
_NULLS = frozenset({"", "~", "null", "nil"})
# Keys of one database, which tell it from a map of several.
_OWN = frozenset(
    {"adapter", "url", "database", "host", "port", "pool", "socket", "username", "encoding"}
) | {"replica", "migrations_paths", "schema_search_path", "max_connections", "variables"}
_ADAPTERS = {
    **dict.fromkeys(("postgresql", "postgres", "postgis"), ("postgresql", 5432)),
    **dict.fromkeys(("mysql2", "trilogy", "mysql", "mariadb"), ("mysql", 3306)),
}
# Variables that applications commonly read in their database.yml.
_COMMON = {"DB_POOL": "pool", "DB_HOST": "host", "DB_PORT": "port"}


def read(text: str, path: str) -> Iterator[Item]:
    """The keys of every database of every environment, in file order."""
    return (item for _, item in _items(text, path, None))


def _items(
    text: str, path: str, environment: Mapping[str, Word] | None
) -> Iterator[tuple[Place | None, Item]]:
    if path.endswith(".rb"):
        yield from _of_gitlab(text, path, environment)
        return
    found = list(rendered(text, path, environment))
    several = _with_several([each for each in found if isinstance(each, Rendered)])
    places: dict[tuple[str, str], Place] = {}
    for each in found:
        if isinstance(each, Unread):
            yield each.place, each
        elif len(each.leaf.keys) > 1:
            for setting in _settings(each, several, places, environment):
                yield each.place, setting


def _of_gitlab(
    text: str, path: str, environment: Mapping[str, Word] | None
) -> Iterator[tuple[Place | None, Item]]:
    """GitLab's `gitlab_rails['db_...']`: what it writes into its database.yml."""
    source = Source(text)
    for each in read_script(text, path, environment).statements:
        if isinstance(each, Unread):
            yield each.place, each
        elif isinstance(each, Assigned) and each.name == "gitlab_rails" and len(each.keys) == 1:
            prefix, _, name = each.keys[0].partition("db_")
            if name and not prefix:
                made = source.of_assignment(each, name)
                yield each.place, replace(made, scope=(Block(KIND, "gitlab_rails"),))


def _with_several(found: Sequence[Rendered]) -> frozenset[str]:
    """The environments that have several databases: none of their keys is one of a database."""
    names = {str(each.leaf.keys[0]) for each in found}
    plain = {str(e.leaf.keys[0]) for e in found if len(e.leaf.keys) == 2 and e.leaf.keys[1] in _OWN}
    return frozenset(names - plain)


def _settings(
    each: Rendered,
    several: frozenset[str],
    places: dict[tuple[str, str], Place],
    environment: Mapping[str, Word] | None,
) -> Iterator[Setting]:
    stage, *keys = (str(key) for key in each.leaf.keys)
    name = stage
    if stage in several and len(keys) > 1:
        name, *keys = keys
    at = places.setdefault((stage, name), each.place)
    made = each.setting(".".join(keys))
    scope = (Block(_STAGE, stage), Block(KIND, name, at))
    asked = [(n, w) for n, w in each.asked.items() if w is not None]
    if len(asked) == 1 and environment is not None and asked[0][1].text == made.text:
        place = asked[0][1].place
        if place is not None:
            why = f"{made.place} asks for {asked[0][0]}"
            made = replace(made, place=place, origin=Origin.ENVIRONMENT, reason=why)
    yield replace(made, scope=scope)
    yield from _of_url(made, scope)


def _of_url(setting: Setting, scope: tuple[Block, ...]) -> Iterator[Setting]:
    """What the query of a URL says: `?pool=5`."""
    url = parsed(setting.text) if setting.name == "url" and setting.value is None else None
    for name, text in url.query if url else ():
        yield replace(setting, name=name, text=text, scope=scope)


def arguments(_: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """DATABASE_URL, and variables that applications commonly put into their database.yml."""
    if not environment:
        return
    yield carried(environment)
    for variable, name in _COMMON.items():
        word = environment.get(variable)
        if word is not None:
            yield _told(name, word, variable)
    word = environment.get("DATABASE_URL")
    if word is not None:
        made = replace(_told("url", word, "DATABASE_URL"), scope=_given(word))
        yield made
        yield from _of_url(made, made.scope)


def _given(word: Word) -> tuple[Block, ...]:
    return (Block(KIND, "DATABASE_URL", word.place),)


def _told(name: str, word: Word, variable: str) -> Setting:
    value = word.value if isinstance(word, Uncertain) else None
    return Setting(
        name, word.text, word.place, origin=Origin.ENVIRONMENT, value=value, belongs=variable
    )


def value(text: str, entry: Known) -> Value | Rejected:
    """What a text means: times in seconds; an empty value is none."""
    plain = text.strip()
    if plain in entry.infinite:
        return Amount.of(UNLIMITED, entry.unit)
    if plain in _NULLS:
        return Unset()
    if entry.type is Type.TEXT:
        return text
    return _DIALECT.value(plain.replace("_", ""), entry)


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """Who wins: of the environment that counts the last; DATABASE_URL wins over its file."""
    known = list(resolved(settings, _items))
    stage = _stage(known)
    known = [_for_stage(each, stage) for each in known]
    files = [s for s in known if s.status is Status.EFFECTIVE and s.scope and not s.belongs]
    primary = next((s.scope[-1] for s in files), None)
    known = [_of_primary(each, primary, bool(files)) for each in known]
    winners = {(each.name, each.scope): each for each in known if each.status is Status.EFFECTIVE}
    return [shadowed(each, winners.get((each.name, each.scope))) for each in known]


def _stage(settings: Sequence[Setting]) -> str:
    environment = variables(settings)
    named = (environment[v].text for v in ("RAILS_ENV", "RACK_ENV") if v in environment)
    return next(named, "production")


def _for_stage(setting: Setting, stage: str) -> Setting:
    """*setting* in the block of its database alone; ignored where it is for another environment."""
    block = setting.scope[0] if setting.scope else None
    if block is None or block.kind != _STAGE:
        return setting
    made = replace(setting, scope=setting.scope[1:])
    if block.name == stage or made.status is not Status.EFFECTIVE:
        return made
    return replace(made, status=Status.IGNORED, reason=f"not for {stage}")


def _of_primary(setting: Setting, primary: Block | None, has_file: bool) -> Setting:  # noqa: FBT001
    """DATABASE_URL is that of the first database; a common variable counts where no file is."""
    if setting.belongs in _COMMON:
        if not has_file:
            block = setting.scope or (Block(KIND, "environment"),)
            reason = f"if the application's database.yml asks for {setting.belongs}"
            return replace(setting, scope=block, reason=reason)
        reason = "database.yml does not ask for it in a way that could be read"
        return replace(setting, status=Status.IGNORED, reason=reason)
    if setting.belongs == "DATABASE_URL" and primary is not None:
        return replace(setting, scope=(primary,))
    return setting


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The server of every database that holds."""
    blocks: dict[Block, dict[str, Setting]] = {}
    for each in settings:
        if each.status is Status.EFFECTIVE and each.scope and each.scope[-1].kind == KIND:
            blocks.setdefault(each.scope[-1], {})[each.name] = each
    for block, own in blocks.items():
        yield _endpoint(block, own)


def _endpoint(block: Block, own: Mapping[str, Setting]) -> Endpoint:
    url, adapter, host = own.get("url"), own.get("adapter"), own.get("host")
    setting = url or host or adapter or next(iter(own.values()))
    found = (
        parsed(url.text) if url is not None and url.value is not None and not _open(url) else None
    )
    kind = found.scheme if found else adapter.text if adapter and not _open(adapter) else ""
    technology, usual = _ADAPTERS.get(kind, ("", 0))
    bare = Endpoint(
        side="connects",
        setting=setting,
        technology=technology,
        library="active-record",
        part=f"{KIND} {block.name}",
    )
    if found:
        return replace(bare, host=found.host or "localhost", port=found.port or usual or None)
    port = own.get("port")
    number = usual or None
    if port is not None:
        number = int(port.text) if port.text.isdecimal() and len(port.text) < 6 else None
    if host is None or _open(host):
        is_local = host is None and adapter is not None and number is not None
        return replace(bare, host="localhost", port=number) if is_local else bare
    if host.text.startswith("/"):
        return replace(bare, socket=f"{host.text.rstrip('/')}/.s.PGSQL.{number}")
    return replace(bare, host=host.text, port=number)


def _open(setting: Setting) -> bool:
    return isinstance(setting.value, Unknown)


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    arguments=arguments,
    endpoints=endpoints,
    parts={KIND: KIND},
)
