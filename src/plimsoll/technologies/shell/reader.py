"""What the settings of a start script mean; the script itself is a manifest."""

from __future__ import annotations

from collections.abc import Iterator

from plimsoll.model.reader import Reader, Rejected, last_wins
from plimsoll.model.schema import Entry
from plimsoll.model.setting import Item, Value
from plimsoll.syntax.amounts import Dialect

_DIALECT = Dialect()


def read(_text: str, _path: str) -> Iterator[Item]:
    """Nothing: a script is no file of settings."""
    yield from ()


def value(text: str, entry: Entry) -> Value | Rejected:
    """What `ulimit` makes of an amount."""
    return _DIALECT.value(text, entry)


READER = Reader(read=read, value=value, effective=last_wins, root="script")
