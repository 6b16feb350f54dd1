"""Reads the engines of SQLAlchemy that Python code makes; none of it is run."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.setting import Block
from plimsoll.syntax.python.calls import Bound, Code
from plimsoll.syntax.python.clients import Library, Maker, Placed, reader_of
from plimsoll.syntax.python.settings import leaves, setting
from plimsoll.syntax.python.values import Entry, Table

_UNKNOWN = (
    "pool_size",
    "max_overflow",
    "pool_timeout",
    "pool_recycle",
    "pool_pre_ping",
    "poolclass",
)
_ENGINE = Maker((), ("url",), _UNKNOWN)
# Names of Flask-SQLAlchemy up to 2.5 that an application's configuration may hold.
_OLD = {
    "SQLALCHEMY_DATABASE_URI": "url",
    "SQLALCHEMY_POOL_SIZE": "pool_size",
    "SQLALCHEMY_POOL_TIMEOUT": "pool_timeout",
    "SQLALCHEMY_POOL_RECYCLE": "pool_recycle",
    "SQLALCHEMY_MAX_OVERFLOW": "max_overflow",
}
_OPTIONS = "SQLALCHEMY_ENGINE_OPTIONS"
LIBRARY = Library(
    name="sqlalchemy",
    kind="engine",
    makers={
        "create_engine": _ENGINE,
        "create_async_engine": _ENGINE,
        "create_mock_engine": Maker(("sqlalchemy",), ("url",)),
        "engine_from_config": Maker((), ("configuration", "prefix"), _UNKNOWN),
        "async_engine_from_config": Maker((), ("configuration", "prefix"), _UNKNOWN),
    },
    urls=("url",),
    technologies={
        **dict.fromkeys(("postgresql", "postgres", "cockroachdb"), ("postgresql", 5432)),
        **dict.fromkeys(("mysql", "mariadb"), ("mysql", 3306)),
        "oracle": ("oracle", 1521),
        "mssql": ("mssql", 1433),
    },
    query="connect_args.",
)


def _more(code: Code, text: str) -> Iterator[Placed]:
    """The configuration of Flask-SQLAlchemy: names of a module, of a class, of `app.config`."""
    places: dict[tuple[str, ...], Place] = {}
    for each in code.bound:
        name = each.made.name if not each.made.keys else each.made.keys[0]
        if name == _OPTIONS or name in _OLD:
            place = places.setdefault(each.within, each.made.place)
            block = Block("engine", ".".join(each.within) or "SQLALCHEMY", place)
            yield from _of_flask(each, name, block, text)


def _of_flask(each: Bound, name: str, block: Block, text: str) -> Iterator[Placed]:
    bound = each.made
    entry = Entry(name, bound.value, bound.place, bound.source, bound.asked)
    if name in _OLD:
        yield bound.place, setting(_OLD[name], entry, text, bound.place, (block,))
        return
    inner = bound.value.entries if isinstance(bound.value, Table) else ()
    if len(bound.keys) > 1:
        inner = (replace(entry, key=bound.keys[-1]),)
    for one in inner:
        for key, leaf in leaves(one.key, one):
            yield leaf.place or bound.place, setting(key, leaf, text, bound.place, (block,))


READER = reader_of(LIBRARY, _more)
