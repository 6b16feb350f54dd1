from __future__ import annotations

from importlib.resources import files

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.finding import Skipped
from plimsoll.report.needs import gaps, how_to_give, needs
from plimsoll.stack.statement import (
    HOST_AMOUNTS,
    LIMIT_AMOUNTS,
    LINK_AMOUNTS,
    SERVICE_AMOUNTS,
    read_statement,
)


def test_rules_are_grouped_by_what_is_missing_most_wanted_first() -> None:
    found = gaps(
        [
            Skipped("a", "db", "needs version of db"),
            Skipped("b", "db", "needs memory of host shop-1, version of db"),
            Skipped("c", "app", "needs memory of host shop-1"),
            Skipped("c", "web", "needs memory of host shop-1; it depends"),
            Skipped("d", "web", "needs memory of host shop-1"),
        ]
    )
    assert [(g.missing, g.rules, g.is_named) for g in found] == [
        (("memory of host shop-1",), ("b", "c", "d"), True),
        (("version of db",), ("a", "b"), True),
        (("it depends",), ("c",), False),
    ]


def test_what_the_same_rules_wait_for_is_told_once() -> None:
    (gap,) = gaps(
        [
            Skipped("a", "db", "needs memory_floor of db, memory of host x"),
            Skipped("a", "cache", "needs memory_floor of cache"),
        ]
    )
    assert gap.missing == ("memory of host x", "memory_floor of cache", "memory_floor of db")
    assert gap.hints == (
        "--host x:memory=4GiB, or in plimsoll.yaml: hosts: {x: {memory: 4GiB}}",
        "measure it, then in plimsoll.yaml: measured:"
        " {cache.memory_floor: ..., db.memory_floor: ...}",
    )


@given(st.lists(st.tuples(st.sampled_from("abc"), st.text(max_size=30))))
def test_no_skipped_rule_is_lost(said: list[tuple[str, str]]) -> None:
    found = gaps([Skipped(rule, "db", reason) for rule, reason in said])
    assert {rule for gap in found for rule in gap.rules} == {rule for rule, _ in said}


@pytest.mark.parametrize(
    ("reason", "names"),
    [
        pytest.param(
            "needs memory of db, cores of db",
            [("memory of db", True), ("cores of db", True)],
            id="two",
        ),
        pytest.param(
            "needs workers of app (computed: max(1, x))",
            [("workers of app (computed: max(1, x))", True)],
            id="comma in brackets",
        ),
        pytest.param(
            "needs the running server", [("needs the running server", False)], id="not a name"
        ),
    ],
)
def test_names_in_a_reason(reason: str, names: list[tuple[str, bool]]) -> None:
    assert needs(reason) == names


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        pytest.param(
            "memory of host shop-1",
            "--host shop-1:memory=4GiB, or in plimsoll.yaml: hosts: {shop-1: {memory: 4GiB}}",
            id="host",
        ),
        pytest.param(
            "cores of the host",
            "--host cores=2, or in plimsoll.yaml: hosts: {host: {cores: 2}}",
            id="host without a name",
        ),
        pytest.param(
            "somaxconn of the host",
            "in plimsoll.yaml: hosts: {host: {settings: {net.core.somaxconn: 4096}}}",
            id="queue of a host without a name",
        ),
        pytest.param(
            "somaxconn of host db-1",
            "in plimsoll.yaml: hosts: {db-1: {settings: {net.core.somaxconn: 4096}}}",
            id="queue of a host",
        ),
        pytest.param(
            "vm.overcommit_memory of db-1",
            "in plimsoll.yaml: hosts: {db-1: {settings: {vm.overcommit_memory: ...}}}",
            id="kernel",
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
            "measure it, then in plimsoll.yaml: measured: {app.private_memory: 48MiB}",
            id="measured",
        ),
        pytest.param(
            "maxmemory of cache",
            "in plimsoll.yaml: services: {cache: {settings: {maxmemory: ...}}}",
            id="setting",
        ),
        pytest.param(
            "workers of app (computed: f(x))",
            "in plimsoll.yaml: services: {app: {settings: {workers: ...}}}",
            id="with a remark",
        ),
        pytest.param(
            "pid_max of host db-1",
            "--host db-1:pid_max=..., or in plimsoll.yaml: hosts: {db-1: {pid_max: ...}}",
            id="of a host's kernel",
        ),
        pytest.param(
            "nofile_hard of cache",
            "in plimsoll.yaml: services: {cache: {limits: {nofile_hard: 4096}}}",
            id="limit",
        ),
        pytest.param("the earlier state", "", id="nothing to say"),
        pytest.param("redis.retry of app -> cache", "", id="a library's own"),
    ],
)
def test_how_to_give_it(name: str, hint: str) -> None:
    assert how_to_give([name]) == ((hint,) if hint else ())


def test_facts_are_not_set() -> None:
    general = yaml.safe_load(files("plimsoll.check").joinpath("facts.yaml").read_text())
    for name in general["service"]:
        (hint,) = how_to_give([f"{name} of app"])
        assert "settings:" not in hint, name


@pytest.mark.parametrize(
    "name",
    [
        *(f"{key} of host db-1" for key in HOST_AMOUNTS),
        *(f"{key} of the host" for key in (*HOST_AMOUNTS, "somaxconn")),
        *(f"{key} of db" for key in (*SERVICE_AMOUNTS, *LIMIT_AMOUNTS, "role", "version")),
        *(f"{key} of app -> db" for key in LINK_AMOUNTS),
        *("clients of db", "memory_floor of db", "work_mem of db", "vm.swappiness of db-1"),
    ],
)
def test_what_a_hint_says_is_understood(name: str) -> None:
    (hint,) = how_to_give([name])
    said = hint.partition("plimsoll.yaml: ")[2].partition("}], ")
    statement = read_statement((said[0] + said[1].rstrip(", ")).replace("...", "5"))
    assert statement.hosts or statement.services or statement.links or statement.measured
