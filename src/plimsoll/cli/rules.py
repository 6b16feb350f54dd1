"""plimsoll rules: what is checked, what one rule says, and whether rules hold their examples."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TextIO

from plimsoll.cli.arguments import add_rules
from plimsoll.cli.command import Command, CommandError, one_of
from plimsoll.cli.looks import look_of
from plimsoll.cli.sources import rule_named, rules_of
from plimsoll.model.rule import Rule

_ACTIONS = ("list", "show", "test")


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "action",
        metavar="|".join(_ACTIONS),
        type=one_of("action", lambda: _ACTIONS),
        help="list: all rules; show: one in full; test: run the examples of rules",
    )
    parser.add_argument(
        "what", nargs="?", default="", metavar="ID|DIR", help="the rule to show, the folder to test"
    )
    add_rules(parser)


def run(args: Namespace, out: TextIO) -> int:
    """0 shown or sound, 1 a rule fails its own examples, 2 no such rule."""
    actions = {"list": _list, "show": _show, "test": _test}
    return actions[args.action](args, out)


def _list(args: Namespace, out: TextIO) -> int:
    from plimsoll.report.rules import write_list

    if args.what:
        raise CommandError(f"plimsoll rules list: takes no {args.what!r}; did you mean `show`?")
    write_list(rules_of(args, Path()), out, look_of(out))
    return 0


def _show(args: Namespace, out: TextIO) -> int:
    from plimsoll.report.rules import write_rule

    if not args.what:
        raise CommandError("plimsoll rules show: which rule? `plimsoll rules list` has them all")
    write_rule(rule_named(args.what, rules_of(args, Path())), out, look_of(out))
    return 0


def _test(args: Namespace, out: TextIO) -> int:
    """Runs the examples of the rules in a folder; of all rules without one."""
    from plimsoll.check import RulesError, knowledge, prove_builtin
    from plimsoll.check.examples import run_examples
    from plimsoll.report.rules import write_results
    from plimsoll.stack import read_texts

    if args.what:
        args.rules.append(Path(args.what))
    rules = rules_of(args, Path())
    tested = [rule for rule in rules if not args.what or is_in(rule, Path(args.what))]
    if not tested:
        raise CommandError(f"{args.what}: no rules; a rule is a file with the name of its id")
    try:
        prove_builtin()
    except RulesError as problem:
        raise CommandError(str(problem)) from problem
    known = knowledge()
    results = [each for rule in tested for each in run_examples(rule, rules, read_texts, known)]
    write_results(results, out, look_of(out))
    return 0 if all(each.is_passed for each in results) else 1


def is_in(rule: Rule, folder: Path) -> bool:
    """Whether the rule's file is in *folder*."""
    return Path(rule.place.path).absolute().is_relative_to(folder.absolute())


COMMAND = Command(
    "Lists the rules, shows one, or runs the examples of rules.",
    arguments,
    run,
    examples=(
        ("plimsoll rules list", "every rule with the worst that it finds"),
        ("plimsoll rules show connections-exceed-server", "one rule in full"),
        ("plimsoll rules test .plimsoll/rules", "run the examples of your own rules"),
    ),
)
