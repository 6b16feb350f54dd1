"""plimsoll fix: the smallest change that makes it fit, shown as a diff or written."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
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
from plimsoll.hosts import Host, HostError
from plimsoll.hosts.local import Local
from plimsoll.model.finding import Finding, Fix, Outcome, Severity
from plimsoll.model.rule import Rule
from plimsoll.model.stack import Stack
from plimsoll.report.words import counted
from plimsoll.syntax.text import encoded

if TYPE_CHECKING:
    from plimsoll.check.fix import Read

_BACKUP = ".orig"


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
        help=f"write the first fix into the files; what they were is kept as FILE{_BACKUP}",
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
            plan = Repairer.of(before, rules, read).plan(wanted)
        except NoSolverError as problem:
            raise CommandError(str(problem)) from problem
        verified = [each for each in plan.fixes if _is_proved(each, before, rules, read, wanted)]
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
    _write(root, stack, verified[0], Local())
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
    return 2 if before.stack.named_unread else 0


def _is_proved(
    fix: Fix, before: Outcome, rules: Sequence[Rule], read: Read, wanted: Sequence[Finding]
) -> bool:
    """Whether the files with its edits are sound, where its edits are all of it."""
    from plimsoll.check import check
    from plimsoll.check.fix import edited_texts, left_over

    if fix.told or not fix.edits:
        return True  # it was held against the values alone
    today = datetime.now(UTC).astimezone().date()
    after = check(read(edited_texts(before.stack, fix.edits)), rules, today)
    mended = [each for each in wanted if any(c.rule == each.rule for c in fix.changes)]
    still, new = left_over(before, after, mended)
    return not still and not new


def _write(root: Path, stack: Stack, fix: Fix, host: Host) -> None:
    """Every file that the fix edits, each at once, with a copy of what it was beside it.

    Raises:
        CommandError: one is not what was read; no file is written then.
    """
    from plimsoll.check.fix import edited_texts

    texts = edited_texts(stack, fix.edits)
    try:
        digests = {path: _unchanged(root, path, stack, host) for path in texts}
        for path, text in texts.items():
            full = str((root / path).resolve())
            known = host.stat(full)
            backup = _free(Path(f"{full}{_BACKUP}"))
            owner = known.owner
            host.replace(str(backup), host.read(full), known.mode, owner, before="")
            host.replace(full, encoded(text), known.mode, owner, before=digests[path])
            sys.stderr.write(f"plimsoll: {path} is written; what it was is in {backup.name}\n")
    except HostError as problem:
        raise CommandError(str(problem)) from problem


def _unchanged(root: Path, path: str, stack: Stack, host: Host) -> str:
    """The digest of a file that is still what was read."""
    full = (root / path).resolve()
    if not full.is_relative_to(root.resolve()):
        raise CommandError(f"{path}: leads outside of {root}; nothing is written")
    digest = sha256(encoded(stack.texts[path])).hexdigest()
    if host.stat(str(full)).digest != digest:
        raise CommandError(f"{path}: was changed while it was looked at; nothing is written")
    return digest


def _free(wanted: Path) -> Path:
    """A name that no file has: an older copy is somebody's, too."""
    number, found = 1, wanted
    while found.exists():
        number += 1
        found = wanted.with_name(f"{wanted.name}.{number}")
    return found


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
