"""plimsoll fix: the smallest change that makes it fit, shown as a diff or written."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from plimsoll.cli.arguments import (
    add_environment,
    add_format,
    add_machines,
    add_path,
    add_rules,
)
from plimsoll.cli.command import Command, CommandError, one_of
from plimsoll.cli.looks import look_of
from plimsoll.cli.progress import progress
from plimsoll.cli.sources import outcome_of, reading, rules_of, stack_of
from plimsoll.cli.writing import BACKUP, write
from plimsoll.hosts.local import Local
from plimsoll.model.finding import Finding, Fix, Outcome, Severity
from plimsoll.model.rule import Rule
from plimsoll.model.stack import Stack
from plimsoll.report.operands import unread_reason
from plimsoll.report.secrets import Mask
from plimsoll.report.words import counted
from plimsoll.syntax.text import encoded

if TYPE_CHECKING:
    from plimsoll.check.fix import Repairer


def arguments(parser: ArgumentParser) -> None:
    add_path(parser)
    add_format(parser, "text", "json")
    parser.add_argument(
        "--rule",
        action="append",
        default=[],
        metavar="ID",
        help="repair what this rule finds only, whatever its severity; may be given again",
    )
    parser.add_argument(
        "--from",
        dest="least",
        default="medium",
        type=one_of("severity", lambda: map(str, Severity)),
        metavar="|".join(map(str, Severity)),
        help="repair findings from this severity on (default: medium)",
    )
    parser.add_argument(
        "--write",
        action="store_true",
        help=f"write the first fix into the files; what they were is kept as FILE{BACKUP}",
    )
    add_machines(parser)
    add_environment(parser)
    add_rules(parser)


def run(args: Namespace, out: TextIO) -> int:
    """0 nothing is left to repair, 1 something is, 2 could not look."""
    from plimsoll.check.fix import NoSolverError, Repairer
    from plimsoll.report import fixes as told

    read = reading(args)
    with progress() as moving:
        root, stack = stack_of(args)
        rules = rules_of(args, root)
        asked = Namespace(**{**vars(args), "rule": [], "ask_servers": False})
        before = outcome_of(stack, rules, asked, moving, root)
        wanted = _wanted(before, args, rules)
        if not wanted:
            return _nothing(before, args, out)
        try:
            repairer = Repairer.of(before, rules, read)
            plan = repairer.plan(wanted)
        except NoSolverError as problem:
            raise CommandError(str(problem)) from problem
        impossible = [each.finding for each in plan.impossible]
        mended = [each for each in wanted if each not in impossible]
        verified = [
            each  # what edits do not do was held against the values alone
            for each in plan.fixes
            if each.told or not any(_wrong(each, repairer, rules, mended))
        ]
    if len(verified) < len(plan.fixes):
        sys.stderr.write(
            f"plimsoll: {len(plan.fixes) - len(verified)} of {counted(len(plan.fixes), 'alternative')} left out: "
            "checked again with its edits, the stack was not sound\n"
        )
    if args.format == "json":
        told.write_json(stack, verified, plan.impossible, out)
    else:
        told.write_text(stack, verified, plan.impossible, wanted, out, look_of(out))
    if not args.write or not verified:
        return 1
    _, new = _wrong(verified[0], repairer, rules, mended)
    if new:
        names = ", ".join(dict.fromkeys(each.rule for each in new))
        raise CommandError(
            f"not written: without what has to be done by hand its edits would bring {names}"
        )
    _write(root, stack, verified[0])
    return 1 if verified[0].told or plan.impossible else 0


def _wanted(before: Outcome, args: Namespace, rules: Sequence[Rule]) -> list[Finding]:
    from plimsoll.cli.sources import rule_named

    for name in args.rule:
        rule_named(name, rules)
    if args.rule:
        return [each for each in before.findings if each.rule in args.rule]
    least = Severity.named(args.least)
    return [each for each in before.findings if each.severity >= least]


def _nothing(before: Outcome, args: Namespace, out: TextIO) -> int:
    if args.format == "json":
        from plimsoll.report.fixes import write_json

        write_json(before.stack, (), (), out)
    else:
        left = f"; {counted(len(before.findings), 'finding')} below" if before.findings else ""
        out.write(f"nothing to repair{left}\n")
    mask = Mask.of(before.stack)
    for each in before.stack.unread if before.stack.named_unread else ():
        sys.stderr.write(f"plimsoll: not read: {mask.reason(unread_reason(each))}\n")
    return 2 if before.stack.named_unread else 0


def _wrong(
    fix: Fix, repairer: Repairer, rules: Sequence[Rule], mended: Sequence[Finding]
) -> tuple[Sequence[Finding], Sequence[Finding]]:
    """What a check of the files with its edits still finds, and what it finds that is new."""
    from plimsoll.check import check
    from plimsoll.check.fix import edited_texts

    today = datetime.now(UTC).astimezone().date()
    texts = edited_texts(repairer.outcome.stack, fix.edits)
    return repairer.left_over(check(repairer.read(texts), rules, today), mended)


def _write(root: Path, stack: Stack, fix: Fix) -> None:
    from plimsoll.check.fix import edited_texts

    after = {path: encoded(text) for path, text in edited_texts(stack, fix.edits).items()}
    before = {path: encoded(stack.texts[path]) for path in after}
    for path, copy in write(root, before, after, Local()).items():
        sys.stderr.write(f"plimsoll: {path} is written; what it was is in {copy}\n")


COMMAND = Command(
    "The smallest change that makes it fit: shown as a diff, or written.",
    arguments,
    run,
    examples=(
        ("plimsoll fix", "show what would repair the findings of the folder that you are in"),
        ("plimsoll fix --rule connections-exceed-server", "... of one rule"),
        ("plimsoll fix deploy --write", "write the first fix; FILE.orig keeps what was there"),
        ("plimsoll fix --format json", "for machines: every alternative with its cost"),
    ),
)
