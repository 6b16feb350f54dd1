"""plimsoll check: does this configuration fit the machines under it?"""

from __future__ import annotations

import io
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from msgspec import Struct
from msgspec.structs import replace

from plimsoll import report
from plimsoll.cli.arguments import add_environment, add_machines, add_path, add_rules
from plimsoll.cli.command import INTERRUPTED, Command, CommandError, one_of
from plimsoll.cli.differences import add_difference, is_asked, outcomes_of
from plimsoll.cli.looks import look_of
from plimsoll.cli.progress import Progress, progress
from plimsoll.cli.sources import (
    checked_folder,
    in_repository,
    outcome_of,
    reading,
    rules_of,
    stacks_of,
)
from plimsoll.model.finding import Outcome, Severity
from plimsoll.model.rule import Rule
from plimsoll.report.format import Format, Look
from plimsoll.report.several import joined
from plimsoll.syntax.suggest import did_you_mean

_TEXT = "text"


def arguments(parser: ArgumentParser) -> None:
    add_path(parser)
    parser.add_argument(
        "--format",
        default=_TEXT,
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
        help="exit with 2 when something could not be read or checked",
    )
    add_machines(parser)
    add_environment(parser)
    add_rules(parser)
    parser.add_argument(
        "--rule",
        action="append",
        default=[],
        metavar="ID",
        help="check this rule only; may be given again",
    )
    parser.add_argument(
        "--fix",
        action="store_true",
        help="also what would repair each finding alone (text, json, sarif); `plimsoll fix` repairs all together",
    )
    add_difference(parser)
    parser.add_argument(
        "--baseline",
        type=Path,
        metavar="FILE",
        help="accept the findings of an earlier report (--format json): only new ones count",
    )
    parser.add_argument(
        "--output",
        action="append",
        default=[],
        type=output,
        metavar="[FORMAT=]FILE",
        help="write the report to a file; may be given again, with other formats (sarif=FILE)",
    )
    parser.add_argument(
        "--ask-servers",
        action="store_true",
        help="also let installed servers test their files (nginx -t, haproxy -c, apachectl -t, "
        "php-fpm -t, mariadbd --help --verbose, systemd-analyze verify) and show what they say",
    )
    parser.add_argument(
        "-q", dest="is_brief", action="store_true", help="findings only, one line each"
    )


class Output(Struct, frozen=True):
    """A file, and the format that is written to it; "": that of `--format`."""

    format: str
    path: Path


def output(text: str) -> Output:
    """FILE, or FORMAT=FILE where that names a format."""
    name, equals, path = text.partition("=")
    if equals and name in report.names():
        return Output(name, Path(path))
    if equals and name.isalpha():
        raise ArgumentTypeError(f"no format {name!r}; {did_you_mean(name, report.names())}")
    return Output("", Path(text))


def run(args: Namespace, out: TextIO) -> int:
    """0 clean, 1 findings at or above --fail-on, 2 could not look."""
    with progress() as told:
        outcome = joined(_outcomes(args, told))
    if args.baseline:
        outcome = _since(outcome, args.baseline)
    look = replace(look_of(out, is_brief=args.is_brief), folder=in_repository(checked_folder(args)))
    for each in args.output:
        _write_file(outcome, each, args.format, look)
    if all(each.format for each in args.output):
        _format(args.format).write(outcome, out, look)
    if args.is_brief and args.format == _TEXT:
        _tell_gaps(outcome)
    if not outcome.is_whole:
        return INTERRUPTED
    return exit_code(outcome, Severity.named(args.fail_on), is_strict=args.strict)


def _outcomes(args: Namespace, told: Progress) -> dict[str, Outcome]:
    if is_asked(args):
        if args.fix:
            raise CommandError("--fix is about the files as they lie; leave out --diff")
        return outcomes_of(args, told)
    found: dict[str, Outcome] = {}
    for folder, (root, stack) in stacks_of(args).items():
        rules = rules_of(args, root)
        outcome = outcome_of(stack, rules, args, told, root)
        found[folder] = _with_fixes(outcome, rules, args, folder) if args.fix else outcome
    return found


def _with_fixes(outcome: Outcome, rules: Sequence[Rule], args: Namespace, folder: str) -> Outcome:
    from plimsoll.check.fix import NoSolverError, Repairer

    read = reading(args, folder)
    try:
        return Repairer.of(outcome, rules, read).each_apart()
    except NoSolverError as problem:
        raise CommandError(str(problem)) from problem


def _since(outcome: Outcome, path: Path) -> Outcome:
    from plimsoll.report.baseline import BaselineError, fingerprints, since

    try:
        return since(
            outcome, fingerprints(path.read_text("utf-8", errors="replace")), path.as_posix()
        )
    except OSError as problem:
        raise CommandError(f"{path}: cannot be read: {problem.strerror}") from problem
    except BaselineError as problem:
        raise CommandError(f"{path}: {problem}") from problem


def exit_code(outcome: Outcome, fail_on: Severity, *, is_strict: bool) -> int:
    """1 wins over 2: a finding is certain, whatever else could not be told."""
    if outcome.at_least(fail_on):
        return 1
    if outcome.stack.named_unread:
        return 2
    return 2 if is_strict and (outcome.unread or outcome.skipped) else 0


def _tell_gaps(outcome: Outcome) -> None:
    """One line beside a short report, so that what it leaves out is not taken for checked."""
    from plimsoll.report.formats.text import not_known

    gaps = not_known(outcome)
    if gaps:
        sys.stderr.write(f"plimsoll: {'; '.join(gaps)}; without -q it says which\n")


def _write_file(outcome: Outcome, to: Output, default: str, look: Look) -> None:
    text = io.StringIO()
    plain = replace(look, is_colored=False, width=Look().width)
    _format(to.format or default).write(outcome, text, plain)
    try:
        to.path.write_text(text.getvalue(), "utf-8", errors="backslashreplace")
    except OSError as problem:
        raise CommandError(f"{to.path}: cannot be written: {problem.strerror}") from problem


def _format(name: str) -> Format:
    found = report.format_named(name)
    if found is None:  # the parser takes no other
        raise CommandError(f"no format {name!r}")
    return found


COMMAND = Command(
    "Does this configuration fit the machines under it?",
    arguments,
    run,
    examples=(
        ("plimsoll check", "check the folder that you are in"),
        ("plimsoll check deploy --host memory=4GiB,cores=2", "... on a machine of that size"),
        ("helm template . | plimsoll check -", "check what a chart renders to, as <stdin>"),
        ("plimsoll check --format json --output plimsoll.json", "the report for machines"),
        (
            "plimsoll check --output sarif=plimsoll.sarif --output html=plimsoll.html",
            "the report for people, and two files beside it",
        ),
        ("plimsoll check --baseline plimsoll.json", "fail only for what that report does not have"),
        ("plimsoll check --diff main", "only what the working tree brings since that branch"),
        ("plimsoll check --fix --output sarif=plimsoll.sarif", "... with what would repair each"),
        ("plimsoll check --staged", "only what the next commit brings"),
        ("plimsoll check --fail-on medium --strict", "for a pipeline that takes no excuses"),
        ("plimsoll check --ask-servers", "what installed servers say of their files as well"),
        ("plimsoll check --rules ./rules --rule my-rule", "try a rule of your own"),
    ),
)
