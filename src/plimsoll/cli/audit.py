"""plimsoll audit: is what runs what was written, and does it fit?"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from msgspec.structs import replace

from plimsoll import report
from plimsoll.cli.arguments import add_environment, add_path, add_rules
from plimsoll.cli.check import exit_code
from plimsoll.cli.command import INTERRUPTED, Command, CommandError, one_of
from plimsoll.cli.looks import look_of
from plimsoll.cli.progress import progress
from plimsoll.cli.sources import folder_and_files, outcome_of, rules_of
from plimsoll.model.changes import Changes
from plimsoll.model.finding import Severity
from plimsoll.model.stack import Running, Stack

if TYPE_CHECKING:
    pass

if TYPE_CHECKING:
    from plimsoll.audit.stacks import Read

_HERE = "this host"


def arguments(parser: ArgumentParser) -> None:
    add_path(parser)
    parser.add_argument(
        "--format",
        default="text",
        type=one_of("format", report.names),
        metavar="|".join(report.names()),
        help="how to write it (default: text)",
    )
    parser.add_argument(
        "--fail-on",
        default="high",
        type=one_of("severity", lambda: map(str, Severity)),
        metavar="|".join(map(str, Severity)),
        help="exit with 1 from this severity on (default: high)",
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="exit with 2 when something could not be asked, read or checked",
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=3.0,
        metavar="N",
        help="how long one server may take to answer (default: 3)",
    )
    parser.add_argument(
        "--found",
        action="store_true",
        help="take no folder: what runs on this host, as its own files have it",
    )
    add_environment(parser)
    add_rules(parser)
    parser.add_argument(
        "--rule", action="append", default=[], metavar="ID", help="check this rule only"
    )
    parser.add_argument(
        "-q", dest="is_brief", action="store_true", help="findings only, one line each"
    )


def run(args: Namespace, out: TextIO) -> int:
    """0 clean, 1 findings at or above --fail-on, 2 could not look."""
    from plimsoll.audit.asked import machine
    from plimsoll.audit.outcome import audit_of
    from plimsoll.audit.stacks import audited, found
    from plimsoll.hosts import HostError
    from plimsoll.hosts.local import Local

    root, _ = folder_and_files(args.paths)
    args.ask_servers = False
    with progress() as told:
        told.doing = "asking servers"
        try:
            here = machine(_HERE, Local(), seconds=args.seconds)
        except HostError as problem:
            raise CommandError(f"{_HERE}: {problem}") from problem
        seen = found(here) if args.found else audited(here, root.resolve(), _reader(args, root))
        rules = rules_of(args, root)
        made = outcome_of(seen.disk, rules, args, told, root).findings
        outcome = outcome_of(seen.running, rules, args, told, root)
    outcome = replace(outcome, audit=audit_of(here, seen, made))
    written = report.format_named(args.format)
    if written is None:  # the parser takes no other
        raise CommandError(f"no format {args.format!r}")
    written.write(outcome, out, look_of(out, is_brief=args.is_brief))
    if not outcome.is_whole:
        return INTERRUPTED
    return exit_code(outcome, Severity.named(args.fail_on), is_strict=args.strict)


def _reader(args: Namespace, root: Path) -> Read:
    from plimsoll.stack import StackError, read_stack

    def read(changes: Changes, running: Mapping[str, Running]) -> Stack:
        try:
            return read_stack(root, environment=args.environment, changes=changes, running=running)
        except StackError as problem:
            raise CommandError(str(problem)) from problem

    return read


COMMAND = Command(
    "Is what runs what was written, and does it fit?",
    arguments,
    run,
    examples=(
        ("plimsoll audit", "the running servers of the stack in this folder"),
        ("plimsoll audit --found", "whatever runs on this host, without a folder"),
        ("plimsoll audit --format json", "findings and drift for machines"),
    ),
)
