"""The page of the rules leads to every rule file."""

from __future__ import annotations

import re

import docs
from plimsoll.check import load_rules

LINK = re.compile(
    r"^\| \[([a-z0-9-]+)\]\(\.\./([^)]+)\) \|(?:[^|]|\\\|)+\|(?:[^|]|\\\|)+\|.+\|$", re.M
)


def test_every_rule_has_a_line_that_leads_to_its_file() -> None:
    rules = load_rules([])
    found = dict(LINK.findall(docs.page(rules)))
    assert found.keys() == {rule.id for rule in rules}
    assert all((docs.ROOT / path).name == f"{name}.yaml" for name, path in found.items())
    assert all((docs.ROOT / path).is_file() for path in found.values())


def test_what_is_between_services_comes_first() -> None:
    sections = re.findall(r"^## (.+)$", docs.page(load_rules([])), re.M)
    assert sections[0] == docs.ACROSS
    assert sections[1:] == sorted(sections[1:])
    assert len(set(sections)) == len(sections) > 3


def test_a_text_fits_into_a_cell() -> None:
    assert docs.flat("a | b\n  and c.\n") == "a \\| b and c"
