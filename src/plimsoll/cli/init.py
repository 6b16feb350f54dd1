"""plimsoll init: a first plimsoll.yaml from what was found."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TextIO

from plimsoll.cli.arguments import add_machines, add_path
from plimsoll.cli.command import Command, CommandError
from plimsoll.cli.sources import folder_and_files, stack_of

NAME = "plimsoll.yaml"


def arguments(parser: ArgumentParser) -> None:
    add_path(parser)
    parser.add_argument(
        "--write", action="store_true", help=f"write {NAME} into the folder, not to the terminal"
    )
    add_machines(parser)
    parser.set_defaults(environment="")  # there is no plimsoll.yaml to lay one over


def run(args: Namespace, out: TextIO) -> int:
    """0 printed or written, 2 there is one already."""
    from plimsoll.report.first_statement import first_statement

    root, _ = folder_and_files(args.paths)
    path = root / NAME
    if path.exists():
        raise CommandError(f"{path}: is there already; `plimsoll stack` shows what is understood")
    _, stack = stack_of(args)
    text = first_statement(stack)
    if not args.write:
        out.write(text)
        return 0
    try:
        with path.open("x", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError as problem:
        raise CommandError(f"{path}: cannot be written: {problem.strerror}") from problem
    out.write(f"wrote {path}\n")
    return 0


COMMAND = Command(
    f"Makes a first {NAME} from what was found; what is not known stands in comments.",
    arguments,
    run,
    examples=(
        ("plimsoll init", "show it"),
        ("plimsoll init --write --this-host", f"write {NAME}, with the size of this machine"),
    ),
)
