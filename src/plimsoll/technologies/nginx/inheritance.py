"""Lists that a block has of the one around it only as long as it says nothing of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from plimsoll.model.setting import Block, Setting, Status

_LISTS = frozenset(
    {
        "add_header", "add_trailer", "fastcgi_param", "grpc_set_header", "proxy_set_header",
        "scgi_param", "uwsgi_param",
    }
)  # fmt: skip
_MERGES = "add_header_inherit"


class _Level(Struct):
    """What one block itself says of one list: the name of each entry, as written, by that name."""

    first: Setting
    names: dict[str, str] = field(default_factory=dict)


_Scope = tuple[Block, ...]
_Levels = dict[tuple[str, _Scope], _Level]


def with_losses(settings: Sequence[Setting]) -> list[Setting]:
    """The same settings; the first of a list in a block has as its reason what is lost by it there.

    Source: ngx_http_headers_module and ngx_http_proxy_module: inherited "if and only if there are
    no directives of that name on the current level".
    """
    levels = _own(settings)
    if any(each.name == _MERGES and "merge" in each.text for each in settings):
        levels = {at: level for at, level in levels.items() if at[0] != "add_header"}
    reasons = {
        id(level.first): _lost(name, outer, level)
        for (name, scope), level in levels.items()
        if (outer := _around(levels, name, scope)) is not None
    }
    return [
        replace(each, reason=reasons[id(each)]) if reasons.get(id(each)) else each
        for each in settings
    ]


def _own(settings: Iterable[Setting]) -> _Levels:
    levels: _Levels = {}
    for each in settings:
        if each.name in _LISTS and each.status is Status.EFFECTIVE and each.text:
            level = levels.setdefault((each.name, each.scope), _Level(each))
            name = each.text.split()[0]
            level.names.setdefault(name.casefold(), name)
    return levels


def _around(levels: _Levels, name: str, scope: _Scope) -> _Level | None:
    """The nearest block around *scope* that says something of the list itself."""
    outer = (levels.get((name, scope[:depth])) for depth in reversed(range(len(scope))))
    return next((level for level in outer if level), None)


def _lost(name: str, outer: _Level, inner: _Level) -> str:
    gone = [shown for key, shown in outer.names.items() if key not in inner.names]
    if not gone:
        return ""
    where = f"line {outer.first.place.span.line}" if outer.first.place else "the block around it"
    return f"this block has none of what {name} says around it ({where}): {', '.join(gone)}"
