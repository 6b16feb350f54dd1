"""supervisord's files as settings."""

from __future__ import annotations

from collections.abc import Iterator

from plimsoll.model.reader import Reader
from plimsoll.model.setting import Include, Item, Status
from plimsoll.syntax.amounts import Dialect
from plimsoll.technologies.supervisor.sections import Line, items

# Source: supervisor 4.2, datatypes.py: byte sizes take KB, MB, GB in any case; times are seconds.
DIALECT = Dialect(
    sizes={"kb": 1024, "mb": 1024**2, "gb": 1024**3},
    true=("yes", "true", "on", "1"),
    false=("no", "false", "off", "0"),
    folds_case=True,
    rejection=Status.REFUSED,
)


def read(text: str, path: str) -> Iterator[Item]:
    """Every line that says something, in file order."""
    for each in items(text, path):
        if not isinstance(each, Line):
            yield each
            continue
        yield each.setting
        if each.setting.scope[0].kind == "include" and each.key == "files":
            for word in each.value.text.split():
                if each.setting.place is not None:
                    yield Include(word, each.setting.place, is_optional=True)


READER = Reader(read=read, value=DIALECT.value, root="program")
