"""How a server is asked, with its own test, whether it takes its files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct


class Said(Struct, frozen=True):
    """What a server says of a file. *line*: 0 where it tells none.

    *name*: of the setting, where it tells that instead. *is_refusal*: it does not start with it.
    """

    words: str
    path: str = ""
    line: int = 0
    name: str = ""
    is_refusal: bool = True


class Question(Struct, frozen=True):
    """The words behind the program's name, and files that have to lie in a folder of their own."""

    words: tuple[str, ...]
    files: Mapping[str, str] = {}


class Trial(Struct, frozen=True):
    """A server's own test of its files; it starts nothing.

    *programs*: names of the program, the best first. *question*: of the texts of the service's
    files, by their absolute path, and the folder of its own; or why it cannot be asked. *said*: what
    its output comes to. *of_the_machine*: words that speak of the machine that is asked, not of the
    file. *loads*: settings by which the server loads code, which must be the system's own.
    """

    programs: tuple[str, ...]
    question: Callable[[Mapping[str, str], str], Question | str]
    said: Callable[[str], Iterable[Said]]
    of_the_machine: re.Pattern[str]
    loads: frozenset[str] = frozenset()
