"""plimsoll stack: what was understood of a folder."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TextIO

from plimsoll.cli.arguments import add_environment, add_format, add_machines, add_path
from plimsoll.cli.command import Command
from plimsoll.cli.looks import look_of
from plimsoll.cli.sources import stack_of


def arguments(parser: ArgumentParser) -> None:
    add_path(parser)
    add_format(parser, "text", "json")
    add_machines(parser)
    add_environment(parser)


def run(args: Namespace, out: TextIO) -> int:
    """0 understood, 2 a file that was named could not be read."""
    _, stack = stack_of(args)
    if args.format == "json":
        from plimsoll.report import stack_json

        stack_json.write_stack(stack, out)
    else:
        from plimsoll.report import stack_text

        stack_text.write_stack(stack, out, look_of(out))
    return 2 if stack.named_unread else 0


COMMAND = Command(
    "Shows what was understood: services, links, limits, and what was read but not used.",
    arguments,
    run,
    examples=(
        ("plimsoll stack", "of the folder that you are in"),
        ("plimsoll stack deploy --host memory=4GiB", "... with its limits on such a machine"),
        ("plimsoll stack --format json", "for machines"),
    ),
)
