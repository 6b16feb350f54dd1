"""The rules of the package: each one's own examples, and that it can be found and read."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from plimsoll.check import knowledge, load_rules
from plimsoll.check.examples import run_examples
from plimsoll.stack import read_texts

PACKAGE = Path(str(files("plimsoll")))
SHIPPED = sorted(PACKAGE.glob("technologies/*/rules/*.yaml")) + sorted(
    PACKAGE.glob("check/across/*")
)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_examples_of_a_rule_are_as_it_says(path: Path) -> None:
    rules = load_rules()
    (rule,) = (each for each in rules if each.place.path == str(path))
    results = run_examples(rule, rules, read_texts, knowledge())
    assert [str(each) for each in results if not each.is_passed] == []
