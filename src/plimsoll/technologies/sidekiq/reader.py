"""Reads Sidekiq's file, its initializer, its command line and its environment; runs none of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Reader, Rejected, Word, shadowed
from plimsoll.model.schema import Entry as Known
from plimsoll.model.schema import Type
from plimsoll.model.setting import Block, Item, Origin, Setting, Status, Unread, Value
from plimsoll.syntax.amounts import Dialect
from plimsoll.syntax.environ import variables
from plimsoll.syntax.python import resolved
from plimsoll.syntax.ruby import Assigned, Called, Table, read_script
from plimsoll.syntax.ruby.erb import Rendered, rendered
from plimsoll.syntax.ruby.settings import Source
from plimsoll.technologies.sidekiq.command_line import STAGES, VARIABLES, arguments
from plimsoll.technologies.sidekiq.endpoints import KIND, endpoints

_DIALECT = Dialect(true=("true",), false=("false", "nil"), takes_fractions=True)
_LEADING = re.compile(r"\s*([+-]?\d+)")
_STAGE = "environment"
_STAGE_NAMES = frozenset({"production", "staging", "development", "test"})
_SIDES = {"Sidekiq.configure_server": "server", "Sidekiq.configure_client": "client"}
# The names of GitLab's `sidekiq[...]` that mean one of ours.
_OF_GITLAB = {"max_concurrency": "concurrency", "shutdown_timeout": "timeout"}
_POSITIVE = frozenset({"concurrency", "timeout"})


def read(text: str, path: str) -> Iterator[Item]:
    """What a file sets, in its order."""
    return (item for _, item in _items(text, path, None))


def _items(
    text: str, path: str, environment: Mapping[str, Word] | None
) -> Iterator[tuple[Place | None, Item]]:
    """Every item, with the place of the statement that makes it."""
    if path.endswith(".rb"):
        yield from _of_code(text, path, environment)
        return
    found = list(rendered(text, path, environment))
    plain = {each.leaf.keys for each in found if isinstance(each, Rendered)}
    for each in found:
        if isinstance(each, Unread):
            yield each.place, each
            continue
        made = _of_yaml(each)
        bare = tuple(str(key).removeprefix(":") for key in each.leaf.keys)
        if bare != each.leaf.keys and bare in plain:
            reason = f"{made.name} without a colon wins"
            made = replace(made, status=Status.SHADOWED, reason=reason)
        yield each.place, made


def _of_yaml(each: Rendered) -> Setting:
    """A value of sidekiq.yml; what stands below the name of an environment holds there only."""
    names = [str(key).removeprefix(":") for key in each.leaf.keys]
    scope: tuple[Block, ...] = ()
    if len(names) > 1 and names[0] in _STAGE_NAMES:
        scope = (Block(_STAGE, names[0]),)
        names = names[1:]
    return replace(each.setting(".".join(names)), scope=scope)


def _of_code(
    text: str, path: str, environment: Mapping[str, Word] | None
) -> Iterator[tuple[Place | None, Item]]:
    source = Source(text)
    for each in read_script(text, path, environment).statements:
        if isinstance(each, Unread):
            yield each.place, each
        elif isinstance(each, Called):
            continue
        elif each.name == "sidekiq" and len(each.keys) == 1:
            name = _OF_GITLAB.get(each.keys[0], each.keys[0])
            yield each.place, source.of_assignment(each, name)
        else:
            yield from _configured(each, source)


def _configured(each: Assigned, source: Source) -> Iterator[tuple[Place, Setting]]:
    """`config.redis = {...}`, `config.concurrency = 5`, `config[:timeout] = 8`."""
    side = next((_SIDES[name] for name in each.within if name in _SIDES), "")
    if not side or not each.keys:
        return
    name = ".".join(each.keys)
    scope = (Block(KIND, side, each.place),) if each.keys[0] == "redis" else ()
    if scope and isinstance(each.value, Table) and each.value.entries:
        yield from source.entries(each.value.entries, each.place, scope, "redis.")
    elif scope or side == "server":
        yield each.place, replace(source.of_assignment(each, name), scope=scope)


def value(text: str, entry: Known) -> Value | Rejected:
    """What a text means: times in seconds, numbers as Ruby's to_i takes them."""
    plain = text.strip()
    if plain in entry.infinite:
        return Amount.of(UNLIMITED, entry.unit)
    if entry.name not in _POSITIVE:
        return _DIALECT.value(text, entry)
    found = _LEADING.match(plain[:40])
    number = int(found[1]) if found else 0
    if number <= 0:
        return Rejected(Status.REFUSED, f"{entry.name}: {plain} is not a valid value")
    return Amount.of(number, entry.unit) if entry.type in (Type.COUNT, Type.TIME) else plain


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """Who wins: the command line, the file's part for the environment, the file, a variable."""
    known = list(resolved(settings, _items))
    stage = _stage(known)
    known = [_for_stage(each, stage) for each in known]
    order = sorted((each for each in known if each.status is Status.EFFECTIVE), key=_rank)
    winners = {(each.name, _side(each)): each for each in order}
    return [shadowed(each, winners.get((each.name, _side(each)))) for each in known]


def _stage(settings: Sequence[Setting]) -> str:
    given = [s for s in settings if s.name == _STAGE and s.origin is Origin.COMMAND_LINE]
    if given:
        return given[-1].text
    environment = variables(settings)
    return next((environment[v].text for v in STAGES if v in environment), "production")


def _for_stage(setting: Setting, stage: str) -> Setting:
    block = next((b for b in setting.scope if b.kind == _STAGE), None)
    if block is None or block.name == stage or setting.status is not Status.EFFECTIVE:
        return setting
    return replace(setting, status=Status.IGNORED, reason=f"not for {stage}")


def _side(setting: Setting) -> str:
    return next((b.name for b in setting.scope if b.kind == KIND), "")


def _rank(setting: Setting) -> int:
    if setting.origin is Origin.COMMAND_LINE:
        return 4
    if setting.origin is Origin.ENVIRONMENT and setting.belongs in VARIABLES:
        return 0
    is_code = setting.place is not None and setting.place.path.endswith(".rb")
    if is_code:
        return 3
    return 2 if any(b.kind == _STAGE for b in setting.scope) else 1


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    arguments=arguments,
    endpoints=endpoints,
    parts={KIND: KIND},
)
