from __future__ import annotations

import io

import pytest

from plimsoll.check.rules import read_rule
from plimsoll.model.rule import Rule, Target, TargetKind
from plimsoll.report.format import Look
from plimsoll.report.rules import for_whom, write_list, write_rule

TEXT = """\
id: too-many-workers
title: There are more workers than cores
severity: high
kind: judgement
for: {service: s, technology: [gunicorn]}
when: has(s.workers)
params: {per_core: 4}
let: {most: s.cores * per_core}
load: s.workers
limit: most
message: "{load} workers, {limit} are sound"
why: They only take memory.
symptoms: ["metric:load"]
seen: [seed-004]
source: [gunicorn manual]
examples:
  - flagged: {gunicorn.conf.py: "workers = 99  # <- here"}
  - clean: {gunicorn.conf.py: "workers = 1"}
"""


@pytest.fixture
def rule() -> Rule:
    return read_rule(TEXT, "rules/too-many-workers.yaml")


def test_the_list_has_a_line_for_each(rule: Rule) -> None:
    out = io.StringIO()
    write_list([rule, rule], out, Look())
    assert out.getvalue() == "too-many-workers  high      There are more workers than cores\n" * 2


def test_a_rule_in_full(rule: Rule) -> None:
    out = io.StringIO()
    write_rule(rule, out, Look())
    assert out.getvalue().splitlines() == [
        "too-many-workers  There are more workers than cores",
        "  severity  high",
        "  kind      judgement",
        "  for       each service of gunicorn, as s",
        "  let       most = s.cores * per_core",
        "  limit     s.workers <= most",
        "  when      has(s.workers)",
        "  parameter per_core: 4",
        "  why       They only take memory.",
        "  symptom   metric:load",
        "  seen      seed-004",
        "  source    gunicorn manual",
        "  file      rules/too-many-workers.yaml",
        "  switch    in plimsoll.yaml: rules: {too-many-workers: off}, or {severity: low}",
    ]


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
