"""uWSGI's command line, and the variables that are options: UWSGI_PROCESSES.

Source: uwsgi --help, 2.0.21; measured there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Block, Include, Item, Origin, Setting, Status, Unread
from plimsoll.syntax import shell
from plimsoll.syntax.environ import carried
from plimsoll.syntax.globs import literal
from plimsoll.syntax.options import Given, Option, options
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.technologies.uwsgi.files import ASKED, split
from plimsoll.technologies.uwsgi.names import ALIASES, FLAGS, LATE, LOADERS, NO_OPTIONS, SHORT
from plimsoll.technologies.uwsgi.signs import SIGNS

_PREFIX = "UWSGI_"
_FILES = (".ini", ".yaml", ".yml", ".json", ".xml")
_NOWHERE = Place("", Span(1, 1, 1, 1))


class _Flags(Mapping[str, Option]):
    """Every option: those of plugins are too many to be listed, and take a value as a rule."""

    def __getitem__(self, flag: str) -> Option:
        is_long = flag.startswith("--") and len(flag) > 2
        name = flag[2:] if is_long else SHORT.get(flag[1:], "")
        if not name:
            raise KeyError(flag)
        return Option(ALIASES.get(name, name), takes=name not in FLAGS, alone="true")

    def __iter__(self) -> Iterator[str]:
        return (f"--{name}" for name in FLAGS)

    def __len__(self) -> int:
        return len(FLAGS)


def arguments(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """The variables, then the command line with the files that it names at their place."""
    if environment:
        yield carried(environment)
    for variable, word in environment.items():
        if variable.startswith(_PREFIX) and variable not in NO_OPTIONS:
            name = variable.removeprefix(_PREFIX).lower().replace("_", "-")
            yield from _said(name, word.text, word, word.place, Origin.ENVIRONMENT, variable)
    for given in options(_own(words, environment), _Flags(), abbreviates=False):
        yield from _given(given)


def _own(words: Sequence[Word], environment: Mapping[str, Word]) -> list[Word]:
    given = shell.again(shell.unwrapped(words, environment), environment)
    for at, word in enumerate(given):
        if word.text.rpartition("/")[2] in SIGNS.programs:
            return given[at + 1 :]
    is_bare = bool(given) and given[0].text.startswith("-")
    return list(given) if is_bare else list(given[1:])


def _given(given: Given) -> Iterator[Item]:
    if given.option is None:
        yield from _bare(given)
        return
    name = given.option.name
    if given.problem:
        made = Setting(name, given.text, given.place, origin=Origin.COMMAND_LINE)
        yield replace(made, status=Status.REFUSED, reason=given.problem)
        return
    yield from _said(name, given.text, given.word, given.place, Origin.COMMAND_LINE)


def _bare(given: Given) -> Iterator[Item]:
    """A word that is no option: a file to read, an address, an application."""
    if given.is_uncertain:
        path = given.place.path if given.place else ""
        yield Unread(path, f"{given.text}: only running it would tell", given.place)
        return
    file, _ = split(given.text)
    if file.endswith(_FILES):
        yield _include(given.text, given.place, late=False)


def _said(
    name: str, text: str, word: Word, place: Place | None, origin: Origin, belongs: str = ""
) -> Iterator[Item]:
    name = ALIASES.get(name, name)
    if name in LOADERS:
        if isinstance(word, Uncertain):
            path = place.path if place else ""
            yield Unread(path, f"--{name} {text}: {word.value}", place)
        else:
            yield _include(text, place, late=name in LATE)
        return
    known = word.value if isinstance(word, Uncertain) else None
    yield Setting(name, text, place, origin=origin, value=known, belongs=belongs)


def _include(text: str, place: Place | None, *, late: bool) -> Include:
    file, section = split(text)
    kind = f"{ASKED} late" if late else ASKED
    return Include(literal(file), place or _NOWHERE, (Block(kind, section, place),))
