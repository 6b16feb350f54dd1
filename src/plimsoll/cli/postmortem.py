"""plimsoll postmortem: reads postmortems as people write them, and says what they lack."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from plimsoll.cli.command import Command, CommandError, one_of
from plimsoll.cli.looks import look_of
from plimsoll.cli.postmortem_files import (
    each_readable,
    name_of,
    postmortem_at,
    refuse,
    text_at,
)
from plimsoll.model.finding import Severity
from plimsoll.syntax.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from plimsoll.learn.postmortem import Postmortem

_READ_FORMATS = ("text", "json", "markdown")
_ACTIONS = ("read", "lint", "new", "render")


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "action",
        metavar="|".join(_ACTIONS),
        type=one_of("action", lambda: _ACTIONS),
        help="read: what a postmortem says, each value with its line; "
        "lint: what it lacks, contradicts or blames; new: a file to be filled in; "
        "render: one as an HTML page",
    )
    parser.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="postmortems: Markdown, text or HTML, - for standard input; new: the file to be made",
    )
    parser.add_argument(
        "--format",
        default="text",
        metavar="FORMAT",
        help="read: text, json or markdown; lint: any of `plimsoll check` (default: text)",
    )
    parser.add_argument("--year", type=int, metavar="YYYY", help="read: of dates that state none")
    parser.add_argument(
        "--zone",
        default="",
        metavar="ZONE",
        help="read: of clocks that state none: UTC, CET, UTC+2, Europe/Paris",
    )
    parser.add_argument(
        "--fail-on",
        default="medium",
        type=one_of("severity", lambda: map(str, Severity)),
        metavar="low|medium",
        help="lint: exit with 1 from this severity on (default: medium)",
    )
    parser.add_argument(
        "--rule",
        action="append",
        default=[],
        metavar="ID",
        help="lint: this rule too, where it is off by default; may be given again",
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="render: write the page here, not to the terminal",
    )
    parser.add_argument(
        "-q", dest="is_brief", action="store_true", help="lint: one line for each finding"
    )


def run(args: Namespace, out: TextIO) -> int:
    """0 read, or nothing found; 1 findings at or above --fail-on; 2 a file cannot be read."""
    actions = {"read": _read, "lint": _lint, "new": _new, "render": _render}
    return actions[args.action](args, out)


def _new(args: Namespace, out: TextIO) -> int:
    from datetime import UTC, datetime

    from plimsoll.learn.writing.template import template

    for path in args.files:
        _write(path, template(datetime.now(UTC).date()), mode="x")
        out.write(f"{path}: fill in what is in brackets, then `plimsoll postmortem lint {path}`\n")
    return 0


def _render(args: Namespace, out: TextIO) -> int:
    from plimsoll.learn.writing.page import page

    if len(args.files) != 1:
        raise CommandError("plimsoll postmortem render: one file makes one page")
    text = page(postmortem_at(args.files[0], year=args.year, zone=args.zone))
    if args.output is None:
        out.write(text)
    else:
        _write(args.output, text, mode="w")
    return 0


def _write(path: Path, text: str, *, mode: str) -> None:
    try:
        with path.open(mode, encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as problem:
        raise CommandError(f"{path}: is there already; nothing was written") from problem
    except OSError as problem:
        raise CommandError(f"{path}: cannot be written: {problem.strerror}") from problem


def _read(args: Namespace, out: TextIO) -> int:
    known_format(args.format, _READ_FORMATS)
    unread: list[str] = []
    write = _writer(args.format, is_alone=len(args.files) == 1)
    at = partial(postmortem_at, year=args.year, zone=args.zone)
    for each in each_readable(args.files, at, unread):
        write(each, out)
    refuse(unread)
    return 0


def _writer(form: str, *, is_alone: bool) -> Callable[[Postmortem, TextIO], None]:
    if form == "markdown":
        from plimsoll.learn.writing.markdown import write_markdown

        return write_markdown
    if form == "text":
        from plimsoll.learn.writing.text import write_text

        return write_text
    return partial(_write_json, indent=2 if is_alone else None)


def _write_json(postmortem: Postmortem, out: TextIO, *, indent: int | None) -> None:
    from plimsoll.learn.writing.plain_data import data_of

    json.dump(data_of(postmortem), out, ensure_ascii=False, indent=indent)
    out.write("\n")


def _lint(args: Namespace, out: TextIO) -> int:
    from datetime import UTC, datetime

    from msgspec.structs import replace

    from plimsoll import report
    from plimsoll.learn.lint.check import Document, lint, lint_rules

    known_format(args.format, report.names())
    ids = [rule.id for rule in lint_rules()]
    for name in args.rule:
        if name not in ids:
            raise CommandError(f"no rule {name!r}; {did_you_mean(name, ids)}")
    unread: list[str] = []
    documents = [
        *each_readable(args.files, lambda path: Document(name_of(path), text_at(path)), unread)
    ]
    outcome = lint(documents, datetime.now(UTC).date(), args.rule)
    form = report.format_named(args.format)
    if form is not None:
        form.write(outcome, out, replace(look_of(out), is_brief=args.is_brief))
    refuse(unread)
    return 1 if outcome.at_least(Severity.named(args.fail_on)) else 0


def known_format(name: str, known: Sequence[str]) -> None:
    """Raises CommandError where the format is none of the *known*."""
    if name not in known:
        raise CommandError(f"no format {name!r}; {did_you_mean(name, known)}")


COMMAND = Command(
    "Reads postmortems as people write them, and says what they lack.",
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
        ("plimsoll postmortem lint pm.md", "what it lacks, contradicts or blames, at its line"),
        ("plimsoll postmortem lint pm.md --format github", "as annotations of a pull request"),
        ("plimsoll postmortem new docs/postmortems/2027-03-09-shop.md", "a file to be filled in"),
        ("plimsoll postmortem render pm.md --output pm.html", "a page that people want to read"),
    ),
)
