"""Writes docs/rules.md: every rule with what it finds and why, from the rule files."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from plimsoll.check import load_rules
from plimsoll.model.rule import Rule

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "plimsoll"
PAGE = ROOT / "docs" / "rules.md"

HEAD = """\
# The rules

Written by `make docs` from the rule files; {count} rules. A name leads to the file, which holds the
check, its sources and its examples; `plimsoll rules show NAME` prints it.

- *exact*: the server itself refuses or alters the value. *bound*: worst-case arithmetic.
  *judgement*: a threshold, which plimsoll.yaml may set.
- *critical* takes production down, *high* degrades it or loses data under plausible load or a
  deploy, *medium* is a hidden cap, waste or latency, *low* is hygiene.
"""
ACROSS = "Between services, and services and their hosts"


def main() -> int:
    PAGE.write_text(page(load_rules([])), "utf-8")
    print(f"docs: {PAGE.relative_to(ROOT)}")
    return 0


def page(rules: Iterable[Rule]) -> str:
    """The whole page: what is between services first, then by technology."""
    placed = sorted((*place_of(rule), rule.id, rule) for rule in rules)
    parts = [HEAD.format(count=len(placed))]
    for (_, title), group in groupby(placed, key=lambda each: each[:2]):
        parts.append(f"## {title}\n\n{table(rule for *_, rule in group)}\n")
    return "\n".join(parts)


def place_of(rule: Rule) -> tuple[int, str]:
    """Where its section stands, and that section's title."""
    folder = file_of(rule).parent
    return (0, ACROSS) if folder.name == "across" else (1, folder.parent.name.replace("_", "-"))


def file_of(rule: Rule) -> Path:
    """A rule's file has its id as name, and no other has."""
    [found] = SOURCE.rglob(f"{rule.id}.yaml")
    return found


def table(rules: Iterable[Rule]) -> str:
    lines = ["| rule | severity | kind | what it finds, and why it matters |", "|---|---|---|---|"]
    return "\n".join([*lines, *map(row, rules)])


def row(rule: Rule) -> str:
    severities = sorted({level.severity for level in rule.levels}, reverse=True)
    link = f"[{rule.id}](../{file_of(rule).relative_to(ROOT).as_posix()})"
    said = f"**{flat(rule.title)}.** {flat(rule.why)}."
    return f"| {link} | {', '.join(map(str, severities))} | {rule.kind} | {said} |"


def flat(text: str) -> str:
    """As it fits into a cell."""
    return " ".join(text.split()).replace("|", "\\|").rstrip(".")


if __name__ == "__main__":
    sys.exit(main())
