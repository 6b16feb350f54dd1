"""The rules that docs/adding-a-rule.md shows are rules, and hold their own examples."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest

from plimsoll.check import knowledge
from plimsoll.check.examples import run_examples
from plimsoll.check.rules import read_rule
from plimsoll.check.sound import check_rule
from plimsoll.stack import read_texts

PAGE = Path(__file__).parents[2] / "docs" / "adding-a-rule.md"
BLOCKS = re.findall(r"^ *```yaml\n( *id: .*?)^ *```$", PAGE.read_text("utf-8"), re.DOTALL | re.M)
SHOWN = {text.split()[1]: dedent(text) for text in BLOCKS}


@pytest.mark.parametrize("name", SHOWN)
def test_a_rule_that_is_shown_holds_its_examples(name: str) -> None:
    rule, known = read_rule(SHOWN[name], f"{name}.yaml"), knowledge()
    check_rule(rule, known)
    results = run_examples(rule, [rule], read_texts, known)
    assert [str(each) for each in results if not each.is_passed] == []
    assert len(results) >= 2


def test_a_load_line_a_threshold_and_a_change_are_shown() -> None:
    assert list(SHOWN) == [
        "redis-clients-cut-by-descriptors",
        "redis-cache-too-small",
        "redis-keys-thrown-away",
    ]
