"""The rules of the package: each one's own examples, and that it can be found and read."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from plimsoll.check import RulesError, knowledge, load_rules, prove_builtin
from plimsoll.check.examples import run_examples
from plimsoll.model.schema import Schema
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


def test_every_name_and_unit_in_what_the_package_brings_is_right() -> None:
    prove_builtin()


def test_a_mistake_in_it_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plimsoll.check.library._schema", Schema)
    with pytest.raises(RulesError, match="worker_processes"):
        prove_builtin()
