"""Postmortems from files and from standard input."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from plimsoll.cli.command import CommandError
from plimsoll.cli.sources import STDIN

if TYPE_CHECKING:
    from plimsoll.learn.postmortem import Postmortem
    from plimsoll.learn.reading.texts import Text

_PIPED = "<stdin>"
Made = TypeVar("Made")


def text_at(path: Path) -> Text:
    """The text of a file, or of standard input.

    Raises:
        CommandError: the file cannot be read, or is too large to be a postmortem.
    """
    from plimsoll.learn.reading.texts import TooLargeError, text_of

    try:
        return text_of(bytes_at(path))
    except TooLargeError as problem:
        raise CommandError(f"{name_of(path)}: {problem}") from problem


def bytes_at(path: Path) -> bytes:
    """What a file holds, and no more than the one byte that makes it too large.

    Raises:
        CommandError: it cannot be read.
    """
    from plimsoll.learn.reading.texts import MOST_OF_A_FILE

    try:
        if path == STDIN:
            return sys.stdin.buffer.read(MOST_OF_A_FILE + 1)
        with path.open("rb") as file:
            return file.read(MOST_OF_A_FILE + 1)
    except OSError as problem:
        raise CommandError(f"{path}: {problem.strerror or problem}") from problem


def name_of(path: Path) -> str:
    """How a file is called in what is written about it."""
    return _PIPED if path == STDIN else path.as_posix()


def postmortem_at(path: Path, *, year: int | None = None, zone: str = "") -> Postmortem:
    """The postmortem in a file; raises CommandError as `text_at` does."""
    from plimsoll.learn.reading.read import Given, read

    return read(text_at(path), name_of(path), Given(year, zone))


def each_readable(
    paths: Sequence[Path], read: Callable[[Path], Made], unread: list[str]
) -> Iterator[Made]:
    """What *read* makes of each file; the reasons of those that cannot be read go to *unread*."""
    for path in paths:
        try:
            yield read(path)
        except CommandError as problem:
            unread.append(str(problem))


def refuse(unread: Sequence[str]) -> None:
    """Raises CommandError where there is something unread: a line for each."""
    if unread:
        raise CommandError("\n".join(unread))
