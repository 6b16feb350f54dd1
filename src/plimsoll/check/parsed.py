"""Texts of expressions to nodes. What one run parses is kept for the next."""

from __future__ import annotations

import marshal
from functools import cache

from plimsoll.check.language.nodes import Node
from plimsoll.plugins import cache as disk

_FILE = "expressions"
_MOST = 20_000  # that are kept: those of our rules and facts are a quarter of it


def node_of(text: str) -> Node:
    """The nodes of an expression.

    Raises:
        RuleSyntaxError: it is none of ours.
    """
    found = _nodes().get(text) or _kept(text) or _parsed(text)
    _nodes()[text] = found
    return found


def keep() -> None:
    """Keeps what was parsed since the last time."""
    new, kept = _new(), _stored()
    if not new:
        return
    if len(kept) + len(new) > _MOST:
        kept.clear()
    kept.update((text, marshal.dumps(_nodes()[text])) for text in new)
    new.clear()
    disk.store(_FILE, "", kept)


def _kept(text: str) -> Node | None:
    data = _stored().get(text)
    found: Node | None = marshal.loads(data) if data else None  # noqa: S302 - as the cache does
    return found


def _parsed(text: str) -> Node:
    from plimsoll.check.language.parse import parse  # the parser's library takes time to load

    found = parse(text)
    _new().add(text)
    return found


@cache
def _nodes() -> dict[str, Node]:
    return {}


@cache
def _new() -> set[str]:
    return set()


@cache
def _stored() -> dict[str, bytes]:
    """By text: a run asks for a few hundred of the thousands that there are."""
    found = disk.load(_FILE, "")
    return found if isinstance(found, dict) else {}
