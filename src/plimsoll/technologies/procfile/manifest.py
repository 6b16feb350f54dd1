"""Reads Procfiles, with the variables of the .env beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from plimsoll.model.place import Place
from plimsoll.model.reader import Deployment, Manifest, Open, Word
from plimsoll.model.setting import Unread
from plimsoll.syntax.env_file import EnvDialect, Variable, variables
from plimsoll.syntax.shell import starts
from plimsoll.syntax.text import Lines

_LINE = re.compile(r"^[ \t]*([A-Za-z0-9_-]+)[ \t]*:[ \t]*(.*?)[ \t]*\r?$", re.MULTILINE)
_OTHER = re.compile(r"^[ \t]*[^#\s].*$", re.MULTILINE)
# A process that ends before the others start.
_ONCE = frozenset({"release"})


def describe(paths: Sequence[str], open_: Open) -> Iterator[Deployment | Unread]:
    """A service for every process."""
    for path in paths:
        text = open_(path)
        if isinstance(text, Unread):
            yield text
        else:
            yield from _processes(text, path, _variables(path, open_))


def _variables(path: str, open_: Open) -> Mapping[str, Word]:
    folder = path.rpartition("/")[0]
    beside = f"{folder}/.env" if folder else ".env"
    text = open_(beside)
    found = () if isinstance(text, Unread) else variables(text, beside, EnvDialect.DOTENV)
    return {
        each.name: Word(each.value.text, each.place)
        for each in found
        if isinstance(each, Variable) and each.value is not None
    }


def _processes(
    text: str, path: str, environment: Mapping[str, Word]
) -> Iterator[Deployment | Unread]:
    lines = Lines(text, path)
    for line in _OTHER.finditer(text):
        found = _LINE.fullmatch(line[0])
        place = lines.place(*line.span())
        if found is None:
            yield Unread(path, "not a process: a name, a colon and a command", place)
            continue
        locate = partial(_place, lines, line.start() + found.start(2))
        run = starts(found[2], locate, environment)
        if run and found[1] not in _ONCE:
            yield Deployment(
                name=found[1],
                technology="procfile",
                place=place,
                command=run[-1].words,
                environment={**environment, **run[-1].environment},
                files=(path,),
            )


def _place(lines: Lines, offset: int, start: int, end: int) -> Place:
    return lines.place(offset + start, offset + end)


def states(paths: Sequence[str]) -> Sequence[Sequence[str]]:
    """The Procfile that has no ending, else each for itself."""
    return [[path] for path in paths if path.rpartition("/")[2] == "Procfile"]


MANIFEST = Manifest(describe=describe, states=states)
