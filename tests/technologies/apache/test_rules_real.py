"""Exact rules of Apache's MPMs against `apache2 -t`: what it lowers, rounds and raises."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from plimsoll.check import load_rules
from plimsoll.model.rule import Example, Verdict

pytestmark = pytest.mark.real
Ask = Callable[..., tuple[int, str]]

# The messages of those that a rule flags; None: it says nothing, so that only we do.
SAID = {
    "apache-workers-cut": r"AH00515|AH00318|AH00180",
    "apache-workers-not-multiple": r"AH00513|AH00316|AH00511",
    "apache-threads-cut": r"AH00507|AH00310",
    "apache-spare-threads-corrected": None,
    "apache-section-not-loaded": None,
}
LOADED = re.compile(r"LoadModule mpm_([a-z]+)_module .*\n")


def examples() -> Iterator[object]:
    for rule in load_rules():
        for each in rule.examples if rule.id in SAID else ():
            if each.verdict is not Verdict.SKIPPED:
                name = f"{rule.id}-{each.verdict}-{each.place.span.line}"
                yield pytest.param(each, SAID[rule.id], id=name)


@pytest.mark.parametrize(("example", "expected"), list(examples()))
def test_apache_says_what_the_rule_says(
    apache: Ask, example: Example, expected: str | None
) -> None:
    text = example.files["httpd.conf"]
    mpm = LOADED.search(text)
    code, answer = apache(LOADED.sub("", text), mpm[1] if mpm else "prefork")
    assert code == 0, answer
    is_said = bool(expected and re.search(expected, answer))
    assert is_said == (expected is not None and example.verdict is Verdict.FLAGGED), answer
