from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.finding import Skipped
from plimsoll.report.needs import gaps, how_to_give, missing_names


def test_rules_are_grouped_by_what_is_missing_most_wanted_first() -> None:
    found = gaps(
        [
            Skipped("a", "db", "needs version of db"),
            Skipped("b", "db", "needs memory of host shop-1"),
            Skipped("c", "app", "needs memory of host shop-1"),
            Skipped("c", "web", "needs memory of host shop-1"),
        ]
    )
    assert [(g.reason, g.rules, g.checks) for g in found] == [
        ("needs memory of host shop-1", ("b", "c"), 3),
        ("needs version of db", ("a",), 1),
    ]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"))))
def test_no_skipped_check_is_lost(said: list[tuple[str, str]]) -> None:
    found = gaps([Skipped(rule, "db", f"needs {name}") for rule, name in said])
    assert sum(gap.checks for gap in found) == len(said)
    assert {(rule, gap.reason) for gap in found for rule in gap.rules} == {
        (rule, f"needs {name}") for rule, name in said
    }


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        pytest.param(
            "memory of host shop-1",
            "--host shop-1:memory=4GiB, or in plimsoll.yaml: hosts: {shop-1: {memory: 4GiB}}",
            id="host",
        ),
        pytest.param(
            "connections of app -> db",
            "in plimsoll.yaml: links: [{from: app, to: db, connections: 20}]",
            id="link",
        ),
        pytest.param(
            "clients of db",
            "in plimsoll.yaml: links: [{from: ..., to: db}], one for each that connects to it",
            id="clients",
        ),
        pytest.param(
            "replicas of app", "in plimsoll.yaml: services: {app: {replicas: 2}}", id="service"
        ),
        pytest.param(
            "private_memory of app",
            "measure it, then in plimsoll.yaml: measured: {app.private_memory: ...}",
            id="measured",
        ),
        pytest.param(
            "maxmemory of cache",
            "in plimsoll.yaml: services: {cache: {settings: {maxmemory: ...}}}",
            id="setting",
        ),
        pytest.param("the earlier state", "", id="nothing to say"),
    ],
)
def test_how_to_give_it(name: str, hint: str) -> None:
    assert how_to_give(name) == hint


def test_a_reason_of_another_kind_names_nothing() -> None:
    assert missing_names("no earlier state was given") == ()
    assert missing_names("needs memory of db, cores of db") == ("memory of db", "cores of db")
