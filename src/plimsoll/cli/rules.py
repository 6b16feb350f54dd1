"""plimsoll rules: what is checked, what one rule says, a new one, and whether rules hold their examples."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from plimsoll.cli.arguments import add_rules
from plimsoll.cli.command import Command, CommandError, one_of
from plimsoll.cli.looks import look_of
from plimsoll.cli.sources import OWN_RULES, rule_named, rules_of
from plimsoll.model.rule import Rule

_ACTIONS = ("list", "show", "new", "test")


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "action",
        metavar="|".join(_ACTIONS),
        type=one_of("action", lambda: _ACTIONS),
        help="list: all rules, or those with the words; show: one in full, with an example; "
        "new: asks, and writes a rule of your own; test: run the examples of rules",
    )
    parser.add_argument(
        "what",
        nargs="*",
        default=(),
        metavar="WORD|ID|DIR",
        help="words to look for, the rule to show or to make, the folder to test",
    )
    add_rules(parser)


def run(args: Namespace, out: TextIO) -> int:
    """0 shown, written or sound, 1 a rule fails its own examples, 2 no such rule."""
    actions = {"list": _list, "show": _show, "new": _new, "test": _test}
    return actions[args.action](args, out)


def _list(args: Namespace, out: TextIO) -> int:
    from plimsoll.report.rules import having, write_list

    found = having(rules_of(args, Path()), args.what)
    if not found:
        raise CommandError(f"no rule has {' and '.join(map(repr, args.what))} in it")
    write_list(found, out, look_of(out))
    return 0


def _show(args: Namespace, out: TextIO) -> int:
    from plimsoll.check import knowledge
    from plimsoll.check.examples import demonstration
    from plimsoll.report.rule_page import write_rule
    from plimsoll.stack import read_texts

    rules = rules_of(args, Path())
    rule = rule_named(_one(args, "which rule? `plimsoll rules list` has them all"), rules)
    shown = demonstration(rule, rules, read_texts, knowledge())
    write_rule(rule, shown, out, look_of(out))
    return 0


def _new(args: Namespace, out: TextIO) -> int:
    """Asks for what a rule needs and writes it with its examples; they are run at once."""
    from plimsoll.cli.new_rule import Asking, asked, rule_text

    folder: Path = args.rules.pop(0) if args.rules else OWN_RULES
    name = _one(args, "one rule at a time") if args.what else ""
    answers = asked(Asking(sys.stdin, out), name, {rule.id for rule in rules_of(args, Path())})
    path = folder / f"{answers.id}.yaml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(rule_text(answers))
    except FileExistsError as problem:
        raise CommandError(f"{path}: is there already") from problem
    except OSError as problem:
        raise CommandError(f"{path}: cannot be written: {problem.strerror}") from problem
    out.write(f"wrote {path}\n")
    args.rules.append(folder)
    written = [rule for rule in rules_of(args, Path()) if rule.id == answers.id]
    return _results(rules_of(args, Path()), written, out)


def _test(args: Namespace, out: TextIO) -> int:
    """Runs the examples of the rules in a folder; of all rules without one."""
    from plimsoll.check import RulesError, keep_parsed, prove_builtin

    folder = Path(_one(args, "one folder at a time")) if args.what else None
    if folder:
        args.rules.append(folder)
    rules = rules_of(args, Path())
    try:
        prove_builtin()
    except RulesError as problem:
        raise CommandError(str(problem)) from problem
    finally:
        keep_parsed()
    tested = [rule for rule in rules if folder is None or is_in(rule, folder)]
    if not tested:
        raise CommandError(f"{folder}: no rules; a rule is a file with the name of its id")
    return _results(rules, tested, out)


def _results(rules: Sequence[Rule], tested: Sequence[Rule], out: TextIO) -> int:
    """What the examples of *tested* give; *rules*: those that an `unless:` may name."""
    from plimsoll.check import knowledge
    from plimsoll.check.examples import run_examples
    from plimsoll.report.rules import write_results
    from plimsoll.stack import read_texts

    known = knowledge()
    results = [each for rule in tested for each in run_examples(rule, rules, read_texts, known)]
    write_results(results, out, look_of(out))
    return 0 if all(each.is_passed for each in results) else 1


def _one(args: Namespace, otherwise: str) -> str:
    """The one word behind the action."""
    if len(args.what) != 1:
        raise CommandError(f"plimsoll rules {args.action}: {otherwise}")
    return str(args.what[0])


def is_in(rule: Rule, folder: Path) -> bool:
    """Whether the rule's file is in *folder*."""
    return Path(rule.place.path).absolute().is_relative_to(folder.absolute())


COMMAND = Command(
    "Lists the rules, shows one, makes one of your own, or runs the examples of rules.",
    arguments,
    run,
    examples=(
        ("plimsoll rules list", "every rule with the worst that it finds"),
        ("plimsoll rules list redis memory", "those that speak of both"),
        ("plimsoll rules show connections-exceed-server", "one rule in full, with an example"),
        ("plimsoll rules new", "asks what is wrong, and writes .plimsoll/rules/ID.yaml"),
        ("plimsoll rules test .plimsoll/rules", "run the examples of your own rules"),
    ),
)
