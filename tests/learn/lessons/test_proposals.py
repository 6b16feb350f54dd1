"""Existing rules are proposed from an incident's words alone, not from ids or from what was seen before."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec.structs import replace

from plimsoll.check import load_rules
from plimsoll.learn.lessons.proposals import Proposal, proposals
from plimsoll.learn.reading.read import read
from plimsoll.learn.reading.texts import text_of
from plimsoll.model.rule import Rule

INCIDENTS: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "incidents.yaml").read_text("utf-8")
)
SEEDS = Path(__file__).parents[4] / "shared" / "seeds"
TOLD = [(name, n) for name, each in INCIDENTS.items() for n in range(len(each["texts"]))]


@functools.cache
def anonymous() -> tuple[tuple[Rule, ...], dict[str, str]]:
    """All rules without their names and without what they were seen in; and the names that they had."""
    rules = load_rules()
    named = {f"r{n:03}": rule.id for n, rule in enumerate(reversed(rules))}
    bare = tuple(replace(rule, id=f"r{n:03}", seen=()) for n, rule in enumerate(reversed(rules)))
    return bare, named


def proposed(text: bytes) -> list[str]:
    rules, names = anonymous()
    found: Sequence[Proposal] = proposals(read(text_of(text), "pm.md"), rules)
    return [names[each.rule.id] for each in found]


def assert_right(found: list[str], accepted: list[str]) -> None:
    assert found, "nothing is proposed"
    assert found[0] in accepted
    assert 2 * sum(each in accepted for each in found) >= len(found), found


@pytest.mark.parametrize(("name", "n"), TOLD, ids=[f"{name}, {n}" for name, n in TOLD])
def test_each_telling(name: str, n: int) -> None:
    assert_right(proposed(INCIDENTS[name]["texts"][n].encode()), INCIDENTS[name]["accepted"])


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the five postmortems beside the project are absent")
@pytest.mark.parametrize("n", range(5))
def test_each_of_the_five(n: int) -> None:
    accepted = list(INCIDENTS.values())[n]["accepted"]
    assert_right(proposed((SEEDS / f"seed-00{n}.txt").read_bytes()), accepted)


def test_nothing_is_proposed_for_what_no_rule_is_about() -> None:
    assert (
        proposed(b"# Flood in the office\n\nWater came through the roof. The roof was repaired.\n")
        == []
    )


def test_every_accepted_rule_that_there_is_is_meant() -> None:
    known = {rule.id for rule in load_rules()}
    for each in INCIDENTS.values():
        assert len(known & set(each["accepted"])) >= 5
