"""Rules of the kind `exact` against systemd: the lines that it drops, and those that it takes."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from plimsoll.check import load_rules
from plimsoll.model.rule import Example, Verdict
from support.programs import need

pytestmark = pytest.mark.real

DROPPING = "systemd-value-ignored"
SILENT = "systemd-comment-in-command"  # it takes that without a word: so the rule says
UNIT = "app.service"


def examples(rule_id: str) -> Iterator[object]:
    (rule,) = (each for each in load_rules() if each.id == rule_id)
    for each in rule.examples:
        yield pytest.param(each, id=f"{each.verdict}-{each.place.span.line}")


def complaints(example: Example, folder: Path) -> list[str]:
    """What systemd says of the unit beside its command, which is not installed here."""
    text = example.files[UNIT].replace("/usr/bin/gunicorn", "/bin/true")
    unit = folder / UNIT
    unit.write_text(text, "utf-8")
    program = need("systemd-analyze", "systemd")
    ran = subprocess.run(
        [program, "verify", "--man=no", "--recursive-errors=no", str(unit)],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    return [line for line in ran.stderr.splitlines() if f"{UNIT}:" in line]


@pytest.mark.parametrize("example", list(examples(DROPPING)))
def test_systemd_drops_what_the_rule_flags(example: Example, tmp_path: Path) -> None:
    said = complaints(example, tmp_path)
    assert any("ignoring" in line for line in said) == (example.verdict is Verdict.FLAGGED), said


@pytest.mark.parametrize("example", list(examples(SILENT)))
def test_systemd_says_nothing_of_a_comment_in_a_command(example: Example, tmp_path: Path) -> None:
    assert complaints(example, tmp_path) == []
