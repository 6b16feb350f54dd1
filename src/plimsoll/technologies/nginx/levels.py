"""Which level a block makes, what may stand in it, and what nginx refuses for its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from msgspec.structs import replace

from plimsoll.model.setting import Block, Origin, Setting, Status
from plimsoll.technologies.nginx.directives import directives
from plimsoll.technologies.nginx.parameters import BLOCKS

Levels = frozenset[str]
_Held = dict[tuple[str, str, tuple[Block, ...]], Setting]

# (level, block) -> the level in that block
_INSIDE = {
    ("main", "events"): "events",
    ("main", "http"): "http",
    ("main", "stream"): "stream",
    ("main", "mail"): "mail",
    ("http", "server"): "server",
    ("http", "upstream"): "upstream",
    ("server", "location"): "location",
    ("server", "if"): "server-if",
    ("location", "location"): "location",
    ("location", "if"): "location-if",
    ("location", "limit_except"): "limit_except",
    ("stream", "server"): "stream-server",
    ("stream", "upstream"): "stream-upstream",
    ("mail", "server"): "mail-server",
}
_BLOCKS = frozenset(block for _, block in _INSIDE)
_ALL = frozenset(level for level, _ in _INSIDE) | frozenset(_INSIDE.values())

# Blocks whose entries are no directives: a source and what it becomes.
TABLES = frozenset({"map", "geo", "types", "split_clients", "charset_map", "geoip2"})

_PARAMETERS = {kind: name for name, kind in BLOCKS.items()}


def outermost(blocks: Iterable[str]) -> Levels:
    """The levels that a text may be meant for, by the kinds of the blocks that stand in it.

    A file is often included somewhere: one with a `server` block is no whole configuration. No
    levels where nothing tells.
    """
    told = [frozenset(o for o, b in _INSIDE if b == block) for block in blocks if block in _BLOCKS]
    return frozenset.intersection(_ALL, *told) if told else frozenset()


@lru_cache(maxsize=1024)
def inside(levels: Levels, block: str) -> Levels:
    """The levels that a block makes within *levels*; none where we do not know."""
    return frozenset(_INSIDE[level, block] for level in levels if (level, block) in _INSIDE)


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """The same settings in order; those that nginx refuses for their level or as a second one.

    The innermost level wins; levels are parts, so that nothing is shadowed here.
    """
    top = _top_levels(settings)
    held: _Held = {}
    return [_judged(each, top, held) for each in settings]


def _top_levels(settings: Iterable[Setting]) -> dict[str, Levels]:
    """By file: the levels that its outermost settings may stand in."""
    blocks: dict[str, set[str]] = {}
    for each in settings:
        kinds = blocks.setdefault(_file(each), set())
        if each.scope:
            kinds.add(each.scope[0].kind)
        elif not each.text:  # of an empty block nothing but its name is there
            kinds.add(each.name)
    return {path: outermost(kinds) for path, kinds in blocks.items()}


def _file(setting: Setting) -> str:
    """The file whose outermost level a setting stands in, directly or in blocks and includes."""
    place = setting.scope[0].place if setting.scope else setting.place
    return place.path if place else ""


def _judged(setting: Setting, top: Mapping[str, Levels], held: _Held) -> Setting:
    scope, name = setting.scope, setting.name
    if scope and scope[-1].kind in TABLES:
        return replace(setting, status=Status.EFFECTIVE, reason="", value=setting.text)
    is_parameter = bool(scope) and scope[-1].kind in _PARAMETERS
    if is_parameter:
        name, scope = _PARAMETERS[scope[-1].kind], scope[:-1]
    levels = _levels(setting, scope, top)
    directive = directives().get(name)
    if directive is None or not levels or setting.status is not Status.EFFECTIVE:
        return setting
    if not levels & directive.contexts:
        return replace(setting, status=Status.MISPLACED, reason=_misplaced(name, scope))
    if not directive.is_once or is_parameter:
        return setting
    first = held.setdefault((_file(setting), name, scope), setting)
    if first is setting:
        return setting
    return replace(setting, status=Status.REFUSED, reason=_duplicate(first))


def _levels(setting: Setting, scope: Sequence[Block], top: Mapping[str, Levels]) -> Levels:
    if not setting.is_written:
        return frozenset()
    levels = top.get(_file(setting), frozenset())
    if setting.origin is Origin.COMMAND_LINE:
        levels = frozenset({"main"})
    for block in scope:
        levels = inside(levels, block.kind)
    return levels


def _misplaced(name: str, scope: Sequence[Block]) -> str:
    where = f"in {scope[-1].kind}" if scope else "outside of any block"
    allowed = ", ".join(sorted(directives()[name].contexts))
    return f'"{name}" directive is not allowed here ({where}), but in: {allowed}'


def _duplicate(first: Setting) -> str:
    return f'"{first.name}" directive is duplicate; the first one stands at {first.place}'
