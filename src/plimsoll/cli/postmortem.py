"""plimsoll postmortem: reads postmortems as people write them."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from plimsoll.cli.arguments import add_format
from plimsoll.cli.command import Command, CommandError, one_of

if TYPE_CHECKING:
    from plimsoll.learn.postmortem import Postmortem

_ACTIONS = ("read",)


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "action",
        metavar="|".join(_ACTIONS),
        type=one_of("action", lambda: _ACTIONS),
        help="read: what a postmortem says, each value with its line",
    )
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="postmortems: Markdown, text or HTML"
    )
    add_format(parser, "text", "json", "markdown")
    parser.add_argument("--year", type=int, metavar="YYYY", help="of dates that state none")
    parser.add_argument(
        "--zone", default="", metavar="ZONE", help="of clocks that state none: UTC, CET, +02:00"
    )


def run(args: Namespace, out: TextIO) -> int:
    """0 read, 2 a file cannot be read."""
    found = [postmortem_at(path, year=args.year, zone=args.zone) for path in args.files]
    if args.format == "json":
        from plimsoll.learn.writing.plain_data import data_of

        for each in found:
            json.dump(data_of(each), out, ensure_ascii=False, indent=2 if len(found) == 1 else None)
            out.write("\n")
    elif args.format == "markdown":
        from plimsoll.learn.writing.markdown import write_markdown

        for each in found:
            write_markdown(each, out)
    else:
        from plimsoll.learn.writing.text import write_text

        for each in found:
            write_text(each, out)
    return 0


def postmortem_at(path: Path, *, year: int | None = None, zone: str = "") -> Postmortem:
    """The postmortem in a file.

    Raises:
        CommandError: the file cannot be read, or is too large to be one.
    """
    from plimsoll.learn.reading.read import Given, read
    from plimsoll.learn.reading.texts import MOST_BYTES, TooLargeError, text_of

    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        return read(text_of(data), str(path), Given(year, zone))
    except TooLargeError as problem:
        raise CommandError(f"{path}: {problem}") from problem
    except OSError as problem:
        raise CommandError(f"{path}: {problem.strerror or problem}") from problem


COMMAND = Command(
    "Reads postmortems as people write them.",
    arguments,
    run,
    examples=(
        (
            "plimsoll postmortem read docs/incidents/*.md",
            "what they say, what is missing, what contradicts itself",
        ),
        (
            "plimsoll postmortem read pm.md --format json",
            "the same for programs, each value with its line",
        ),
    ),
)
