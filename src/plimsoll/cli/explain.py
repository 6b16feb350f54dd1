"""plimsoll explain: where a value comes from, and who asks for it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TextIO

from plimsoll.cli.arguments import add_environment, add_machines, add_path, add_rules
from plimsoll.cli.command import Command, CommandError
from plimsoll.cli.looks import look_of
from plimsoll.cli.sources import rules_of, stack_of
from plimsoll.syntax.suggest import did_you_mean


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("setting", metavar="SETTING", help="its name, as its files write it")
    add_path(parser)
    parser.add_argument("--service", default="", metavar="NAME", help="of this service only")
    add_machines(parser)
    add_environment(parser)
    add_rules(parser)


def run(args: Namespace, out: TextIO) -> int:
    """0 explained, 2 there is no such setting."""
    from plimsoll.report.explanation import explanations, known_names, write_explanations
    from plimsoll.report.uses import users_in

    root, stack = stack_of(args)
    owners = [*stack.services, *stack.hosts]
    if args.service and args.service not in owners:
        raise CommandError(f"no service {args.service!r}; {did_you_mean(args.service, owners)}")
    found = explanations(stack, args.setting, args.service)
    if not found:
        near = did_you_mean(args.setting, known_names(stack))
        said = near if near.startswith("did") else "`plimsoll stack` shows what was read"
        raise CommandError(f"no setting {args.setting!r} in this stack; {said}")
    uses = users_in(stack, rules_of(args, root))
    write_explanations(found, stack, uses, out, look_of(out))
    return 0


COMMAND = Command(
    "Explains a setting: its value, its origin, what it overrides, which rules use it.",
    arguments,
    run,
    examples=(
        ("plimsoll explain max_connections", "in every service that has it"),
        ("plimsoll explain timeout deploy --service app", "of one service of a folder"),
    ),
)
