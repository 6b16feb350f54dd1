from __future__ import annotations

import io

import pytest

from plimsoll.check.rules import read_rule
from plimsoll.model.rule import Rule
from plimsoll.report.format import Look
from plimsoll.report.rules import having, write_list

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


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        (["cores", "GUNICORN"], True),
        (["s.workers"], True),
        (["seed-004"], True),
        (["cores", "redis"], False),
        ([], True),
    ],
)
def test_a_rule_is_found_by_the_words_in_it(rule: Rule, words: list[str], is_found: bool) -> None:
    assert having([rule], words) == ([rule] if is_found else [])
