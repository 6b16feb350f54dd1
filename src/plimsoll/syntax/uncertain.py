"""Words that depend on variables nobody has told us."""

from __future__ import annotations

from plimsoll.model.place import Place
from plimsoll.model.reader import Word
from plimsoll.model.setting import Formula, Unknown


class Written(Word, frozen=True):
    """A word that more variables may change: *raw* is how it is written, *raw_place* where.

    Of one that took the default of a variable which nobody has set so far. Without *raw* no
    variable can change it.
    """

    raw: str = ""
    raw_place: Place | None = None


class Uncertain(Written, frozen=True):
    """A word that stays as it is written: *value* says why, or what it depends on."""

    value: Unknown | Formula = Unknown("only running it would tell")
