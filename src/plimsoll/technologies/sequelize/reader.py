"""Reads what JavaScript makes of Sequelize, and its config/config.json; none of it is run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.place import Place
from plimsoll.model.reader import Endpoint, Word
from plimsoll.model.setting import Item, Setting
from plimsoll.syntax.javascript import Call, Entry
from plimsoll.syntax.javascript.clients import Address, Library, Maker, connections, reader_of
from plimsoll.syntax.javascript.stages import stages

_UNKNOWN = ("max", "min", "acquire", "idle")
_DIALECTS = {
    "postgres": ("postgresql", 5432),
    "postgresql": ("postgresql", 5432),
    "mysql": ("mysql", 3306),
    "mariadb": ("mariadb", 3306),
    "mssql": ("mssql", 1433),
}


def _options(call: Call) -> list[tuple[str, Entry]]:
    """`new Sequelize(url, {...})`, `new Sequelize(database, user, password, {...})`, `({...})`."""
    given = call.arguments
    if len(given) >= 3:
        return [("", given[3])] if len(given) > 3 else []
    return [("url" if isinstance(each.value, str) else "", each) for each in given]


_MAKER = Maker("Sequelize", _options, _UNKNOWN)
LIBRARY = Library(
    name="sequelize",
    kind="pool",
    makers={
        "sequelize": _MAKER,
        "sequelize.Sequelize": _MAKER,
        "sequelize-typescript.Sequelize": _MAKER,
    },
    drops=("pool",),
)


def _config(
    text: str, path: str, environment: Mapping[str, Word] | None
) -> Iterator[tuple[Place | None, Item]]:
    if path.endswith(".json"):
        yield from stages(LIBRARY, text, path, environment, is_json=True)


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The databases that it connects to."""
    return connections(settings, LIBRARY.kind, _address)


def _address(own: Mapping[str, Setting]) -> Address:
    dialect = own["dialect"].text if "dialect" in own else ""
    technology, port = _DIALECTS.get(dialect, ("", 0))
    return Address(_DIALECTS, technology, port, LIBRARY.name)


READER = reader_of(LIBRARY, endpoints, _config)
