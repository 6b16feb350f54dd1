"""Exact rules of HAProxy against `haproxy -c`: what it refuses, warns of, and takes in silence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from plimsoll.check import load_rules
from plimsoll.model.rule import Example, Verdict

pytestmark = pytest.mark.real
Ask = Callable[..., tuple[int, str]]

# What it says of those that a rule flags; None: nothing, so that only we do.
SAID = {
    "haproxy-timeouts-missing": r"missing timeouts for",
    "haproxy-unit-refused": r"unexpected character|timer overflow",
    "haproxy-timeout-in-milliseconds": None,
    "haproxy-frontend-above-global": None,
    "haproxy-timeout-zero": None,  # of the defaults of no proxy
}


def examples() -> Iterator[object]:
    for rule in load_rules():
        for each in rule.examples if rule.id in SAID else ():
            is_of_old = 'version: "1' in each.files.get("plimsoll.yaml", "")  # nobody installs it
            if each.verdict is not Verdict.SKIPPED and not is_of_old:
                name = f"{rule.id}-{each.verdict}-{each.place.span.line}"
                yield pytest.param(each, SAID[rule.id], id=name)


@pytest.mark.parametrize(("example", "expected"), list(examples()))
def test_haproxy_says_what_the_rule_says(
    haproxy: Ask, example: Example, expected: str | None
) -> None:
    code, answer = haproxy(example.files["haproxy.cfg"])
    is_refused = code not in (0, 2)  # 2: there is nothing to listen on
    if expected is None:
        assert not is_refused, answer
    elif example.verdict is Verdict.CLEAN:
        assert not is_refused, answer
        assert not re.search(expected, answer)
    else:
        assert re.search(expected, answer), answer
        assert is_refused == (example.expected.get("severity") == "critical"), answer
