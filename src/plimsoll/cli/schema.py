"""plimsoll schema: what plimsoll.yaml and rule files may hold, for editors."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from typing import TextIO

from plimsoll.cli.command import Command, one_of

_FILES = ("stack", "rule")


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file",
        metavar="|".join(_FILES),
        type=one_of("schema", lambda: _FILES),
        help="stack: of plimsoll.yaml; rule: of a rule file",
    )


def run(args: Namespace, out: TextIO) -> int:
    """0 printed."""
    out.write(text(args.file))
    return 0


def text(file: str) -> str:
    """The JSON Schema of one kind of file."""
    from plimsoll.check.rule_schema import rule_schema
    from plimsoll.stack.statement_schema import statement_schema

    made = {"stack": statement_schema, "rule": rule_schema}[file]()
    return json.dumps(made, indent=2) + "\n"


COMMAND = Command(
    "Prints the JSON Schema of plimsoll.yaml or of a rule file, for editors that complete and check.",
    arguments,
    run,
    examples=(
        ("plimsoll schema stack > plimsoll.schema.json", "what plimsoll.yaml may hold"),
        ("plimsoll schema rule", "what a rule file may hold"),
    ),
)
