"""Writes docs/postmortem-lint.md: every rule for postmortems, from the rules themselves."""

from __future__ import annotations

import sys
from pathlib import Path

from plimsoll.learn.lint.check import lint_rules
from plimsoll.learn.lint.rule import LintRule

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "postmortem-lint.md"

HEAD = """\
# The rules for postmortems

Written by `make docs` from `src/plimsoll/learn/lint/rules/`. `plimsoll postmortem lint FILES...` reports them
as `plimsoll check` reports its findings: at file and line, in every format, with exit code 1 from `--fail-on`
(medium by default) on. Nothing is looked up; the same text gives the same findings.

A finding is accepted by a comment on its line or the line above:
`<!-- plimsoll: ignore[PM405] because it is a quotation -->`. A rule that is *off* has found too much that was
not true; `--rule PM308` switches it on. Words in quotation marks, in code, in plans and in lessons are not
judged. How true the findings are: [a sample of a hundred](postmortem-lint-sample.md).

| rule | finds | severity | what to do |
|---|---|---|---|
"""


def main() -> int:
    PAGE.write_text(page(), "utf-8")
    print(f"lint: {PAGE.relative_to(ROOT)}")
    return 0


def page() -> str:
    """A row for each rule, in the order of their numbers."""
    return HEAD + "".join(f"{_row(rule)}\n" for rule in lint_rules())


def _row(rule: LintRule) -> str:
    severity = "medium" if rule.is_warning else "low"
    return f"| {rule.id} | {rule.title} | {severity if rule.is_on else 'off'} | {rule.hint} |"


if __name__ == "__main__":
    sys.exit(main())
