"""plimsoll learn: which rules would have caught it, and what check says of it from now on."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TextIO

from plimsoll.cli.arguments import add_rules
from plimsoll.cli.command import Command, CommandError, one_of
from plimsoll.cli.sources import SEEN, rule_named, rules_of, seen_of


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, metavar="POSTMORTEM", help="Markdown, text or HTML; - for standard input"
    )
    parser.add_argument(
        "--format",
        default="text",
        type=one_of("format", lambda: ("text", "json")),
        metavar="text|json",
        help="how to write the proposals (default: text)",
    )
    parser.add_argument(
        "--accept",
        action="append",
        default=[],
        metavar="RULE",
        help="write into .plimsoll/seen.json that this rule answers the incident; may be given again",
    )
    add_rules(parser)


def run(args: Namespace, out: TextIO) -> int:
    """0 rules are proposed or accepted, 1 no rule fits, 2 the file cannot be read."""
    from plimsoll.cli.postmortem_files import postmortem_at
    from plimsoll.learn.lessons.proposals import proposals

    postmortem = postmortem_at(args.file)
    rules = rules_of(args, Path())
    if args.accept:
        from plimsoll.learn.lessons.seen import incident_name, seen_text, settings_of, with_incident

        accepted = [rule_named(name, rules).id for name in args.accept]
        keys = (*accepted, *settings_of(postmortem))
        name = incident_name(postmortem)
        text = seen_text(with_incident(seen_of(Path()), keys, name))
        try:
            SEEN.parent.mkdir(exist_ok=True)
            SEEN.write_text(text, "utf-8")
        except OSError as problem:
            raise CommandError(f"{SEEN}: cannot be written: {problem.strerror}") from problem
        out.write(f"{SEEN.as_posix()}: {', '.join(keys)}: {name}\n")
        return 0
    found = proposals(postmortem, rules)
    if args.format == "json":
        said = [
            {"rule": each.rule.id, "score": each.score, "because": list(each.because)}
            for each in found
        ]
        json.dump({"file": postmortem.path, "proposals": said}, out, ensure_ascii=False, indent=2)
        out.write("\n")
        return 0 if found else 1
    if not found:
        out.write(f"{postmortem.path}: no rule is about what it tells\n")
        return 1
    out.write(f"{postmortem.path}: {postmortem.title or 'no title'}\n")
    out.write("  rules that would have caught it, or name it while it burns:\n")
    for each in found:
        out.write(
            f"  {each.rule.id}\n      {each.rule.title}\n      shares {', '.join(each.because[:4])}\n"
        )
    ids = " ".join(f"--rule {each.rule.id}" for each in found[:3])
    out.write(
        f"  try them on the configuration of that day: plimsoll check {ids}\n"
        f"  tell check that it was seen: plimsoll learn {args.file} --accept {found[0].rule.id}\n"
    )
    return 0


COMMAND = Command(
    "Proposes the rules that would have caught an incident.",
    arguments,
    run,
    examples=(
        ("plimsoll learn pm.md", "which existing rules are about it, from its words"),
        (
            "plimsoll learn pm.md --accept workers-exceed-cores",
            "findings of that rule say from now on that it was seen",
        ),
    ),
)
