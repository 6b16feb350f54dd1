"""How the environment gets from a reader's `arguments` to its `effective`: as a setting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import field

from plimsoll.model.reader import Word
from plimsoll.model.setting import Origin, Setting, Unknown

# The setting that carries the environment.
CARRIER = "environ"


class Variables(Unknown, frozen=True):
    """The environment of a process."""

    words: Mapping[str, Word] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(self.reason)


def carried(environment: Mapping[str, Word]) -> Setting:
    """A setting that carries an environment."""
    value = Variables("the variables that the service is started with", dict(environment))
    return Setting(CARRIER, "", origin=Origin.ENVIRONMENT, value=value)


def variables(settings: Iterable[Setting]) -> dict[str, Word]:
    """The environment that *settings* carry."""
    found: dict[str, Word] = {}
    for each in settings:
        if isinstance(each.value, Variables):
            found |= each.value.words
    return found
