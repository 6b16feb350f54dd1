"""plimsoll lsp: the findings in an editor, while the file is written."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, date, datetime
from typing import TextIO

from plimsoll.cli.arguments import add_environment, add_machines, add_rules
from plimsoll.cli.command import Command, CommandError
from plimsoll.cli.sources import OWN_RULES, SEEN


def arguments(parser: ArgumentParser) -> None:
    add_machines(parser)
    add_environment(parser)
    add_rules(parser)


def run(args: Namespace, out: TextIO) -> int:
    """0 the editor said goodbye; 1 it was gone; 2 the extra `lsp` is not installed."""
    try:
        from plimsoll.editor.server import serve
    except ModuleNotFoundError as problem:
        if problem.name not in ("pygls", "lsprotocol"):
            raise
        raise CommandError("needs pygls: pip install 'plimsoll[lsp]'") from problem
    from plimsoll.editor.stacks import Options

    options = Options(
        today=_today,
        own_rules=OWN_RULES,
        seen=SEEN,
        hosts=tuple(args.host),
        this_host=args.this_host,
        environment=args.environment,
        rules=tuple(args.rules),
    )
    out.flush()
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as target:
        os.dup2(
            sys.stderr.fileno(), sys.stdout.fileno()
        )  # nothing else is written between messages
        return 0 if serve(options, sys.stdin.buffer, target) else 1


def _today() -> date:
    return datetime.now(UTC).astimezone().date()


COMMAND = Command(
    "Serves an editor over standard input and output (Language Server Protocol).",
    arguments,
    run,
    examples=(
        ("plimsoll lsp", "what an editor starts; docs/editors.md has the set-up"),
        ("plimsoll lsp --host memory=4GiB,cores=2", "... for stacks that say nothing of machines"),
    ),
)
