from __future__ import annotations

import io

import pytest

from plimsoll.check import knowledge
from plimsoll.check.examples import Demonstration, demonstration
from plimsoll.check.rules import read_rule
from plimsoll.model.rule import Rule, Target, TargetKind
from plimsoll.report.format import Look
from plimsoll.report.rule_page import for_whom, markdown, write_rule
from plimsoll.stack import read_texts

TEXT = """\
id: too-many-workers
title: There are more workers than | we want
kind: judgement
for: {service: s, technology: [gunicorn]}
when: has(s.workers)
params: {most: 4, share: 0.5, room: 64MiB}
let: {half: most * share}
load: s.workers
levels:
  - {severity: high, limit: most}
  - {severity: low, limit: half}
message: "{load} workers, {limit} are sound"
why: They only take memory.
symptoms: ["metric:load"]
seen: [seed-004]
repair: [s.workers]
source: [gunicorn manual]
examples:
  - flagged: {gunicorn.conf.py: "workers = 99  # <- here"}
  - clean: {gunicorn.conf.py: "workers = 1"}
"""

TERMINAL = """\
too-many-workers  There are more workers than | we want
high, low; judgement; each service of gunicorn, as s

Why
  They only take memory.

What is compared
  Parameters, which plimsoll.yaml may set: most: 4, share: 0.5, room: 64MiB.
    half = most * share
    high unless s.workers <= most when has(s.workers)
    low unless s.workers <= half when has(s.workers)

Example
  gunicorn.conf.py
    workers = 99  # <- here

What it says of that
  high: 99 workers, 4 are sound
  99 > 4

How to fix it
  lower workers of gunicorn (now 99, gunicorn.conf.py:1)

How to silence it
  Switch it off or lower it for the whole stack, or accept one finding with a reason and a last day;
  a comment `plimsoll: ignore[ID] until DAY because REASON` beside the setting does the same.
  plimsoll.yaml
    rules: {too-many-workers: off}
    rules: {too-many-workers: {severity: low}}
    rules: {too-many-workers: {most: 4}}
    ignore: [{rule: too-many-workers, reason: "...", until: 2027-12-31, owner: ...}]

How it is noticed
  metric:load

Seen in
  seed-004

Source
  gunicorn manual

rules/too-many-workers.yaml
"""


@pytest.fixture
def rule() -> Rule:
    return read_rule(TEXT, "rules/too-many-workers.yaml")


@pytest.fixture
def shown(rule: Rule) -> Demonstration | None:
    return demonstration(rule, [rule], read_texts, knowledge())


def test_a_rule_in_a_terminal(rule: Rule, shown: Demonstration | None) -> None:
    out = io.StringIO()
    write_rule(rule, shown, out, Look())
    assert out.getvalue() == TERMINAL


def test_the_same_in_the_documentation(rule: Rule, shown: Demonstration | None) -> None:
    text = markdown(rule, shown)
    titles = [line for line in TERMINAL.splitlines() if line and not line.startswith(" ")][2:-1]
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == titles
    assert "**There are more workers than | we want**" in text
    assert "```\nworkers = 99  # <- here\n```" in text
    assert "99 \\> 4" in text


def test_a_rule_whose_example_finds_nothing_has_none_on_its_page(rule: Rule) -> None:
    assert "## Example" not in markdown(rule, None)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        pytest.param(Target(TargetKind.HOST, "h"), "each host, as h", id="host"),
        pytest.param(
            Target(TargetKind.LINK, "l", sources=("nginx",), targets=("gunicorn",)),
            "each link from nginx to gunicorn, as l",
            id="link",
        ),
        pytest.param(
            Target(TargetKind.PART, "p", type="pool", technologies=("php-fpm",)),
            "each pool of php-fpm, as p",
            id="part",
        ),
        pytest.param(
            Target(TargetKind.SETTING, "x", name="ssl_.*"),
            "each setting named ssl_.*, as x",
            id="x",
        ),
    ],
)
def test_for_whom(target: Target, said: str) -> None:
    assert for_whom(target) == said
