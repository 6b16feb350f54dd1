from __future__ import annotations

import pytest
from msgspec.structs import replace

from plimsoll.check.language.parse import parse
from plimsoll.model.finding import Kind, Severity
from plimsoll.model.place import Place, Span
from plimsoll.model.rule import Expression, Level, Rule, Target, TargetKind
from plimsoll.model.setting import Setting
from plimsoll.report.uses import asked_in, formula, rules_using

HERE = Place("x.yaml", Span(1, 1, 1, 2))


def expression(text: str) -> Expression:
    return Expression(text, HERE, parse)


def rule(id_: str, load: str, target: Target) -> Rule:
    level = Level("", Severity.HIGH, Kind.BOUND, (), load=expression(load), limit=expression("1"))
    return Rule(id_, "title", target, (level,), "why", ("source",), HERE)


SERVICE = Target(TargetKind.SERVICE, "s")
LINK = Target(TargetKind.LINK, "c")
RULES = (
    rule("by-name", "s.work_mem * 2", SERVICE),
    rule("by-index", 's["work-mem"]', SERVICE),
    rule("by-fact", "s.clients.map(c, c.from.memory_worst).sum()", SERVICE),
    rule("by-link", "c.timeout", LINK),
    rule("other", "s.maxclients", SERVICE),
)
FACTS = (
    formula("service", "sort_memory", expression("s.work_mem * 4")),
    formula("service", "memory_worst", expression("s.sort_memory + 1")),
    formula("link", "total", expression("l.timeout + l.part.read_timeout")),
)


def test_rules_by_name_by_index_and_by_facts_of_facts() -> None:
    found = rules_using(Setting("work_mem", "4MB"), RULES, FACTS)
    assert found == ["by-name", "by-index", "by-fact"]


def test_a_links_own_name_is_not_a_services_setting() -> None:
    assert rules_using(Setting("timeout", "30"), RULES, FACTS) == []


def test_lets_conditions_and_effects_count() -> None:
    asks = Level(
        "", Severity.LOW, Kind.EXACT, (), when=(expression("s.b == 1"),),
        required=(expression("s.c == 1"),), effect={"x": expression("s.d")},
    )  # fmt: skip
    whole = replace(RULES[0], levels=(asks,), lets=(("y", expression("s.a")),))
    assert all(rules_using(Setting(name, "1"), [whole], ()) for name in "abcd")


@pytest.mark.parametrize(
    ("technology", "name", "expected"),
    [
        pytest.param("redis", "save", ["any-save"], id="both fit"),
        pytest.param("nginx", "save", [], id="another technology"),
        pytest.param("redis", "saves", [], id="another name"),
    ],
)
def test_rules_for_settings_of_a_name(technology: str, name: str, expected: list[str]) -> None:
    target = Target(TargetKind.SETTING, "x", technologies=("redis",), name="save|dir")
    rules = [rule("any-save", "x.value", target)]
    assert rules_using(Setting(name, "1", technology=technology), rules, ()) == expected


def test_names_in_an_expression_and_what_owns_them() -> None:
    found = dict(asked_in(parse('max(s.a, s.b.c) + s["d-e"].f * (x.g ? 1 : s.h)')))
    assert found == {
        "a": ("name", "s"),
        "b": ("name", "s"),
        "c": ("attribute", "s", "b"),
        "d_e": ("name", "s"),
        "f": (),
        "g": ("name", "x"),
        "h": ("name", "s"),
    }


ONLY_REDIS = Target(TargetKind.SERVICE, "r", technologies=("redis",))
TO_REDIS = Target(TargetKind.LINK, "l", sources=("gunicorn",), targets=("redis",))


@pytest.mark.parametrize(
    ("load", "target", "technology", "is_asked"),
    [
        pytest.param("r.timeout", ONLY_REDIS, "redis", True, id="its technology"),
        pytest.param("r.timeout", ONLY_REDIS, "gunicorn", False, id="another technology"),
        pytest.param("r.host.timeout", ONLY_REDIS, "gunicorn", True, id="whose, nobody knows"),
        pytest.param("l.to.timeout", TO_REDIS, "redis", True, id="one end"),
        pytest.param("l.to.timeout", TO_REDIS, "gunicorn", False, id="the other end"),
        pytest.param("l.from.timeout", TO_REDIS, "gunicorn", True, id="that end"),
        pytest.param("l.timeout", TO_REDIS, "redis", False, id="of the link itself"),
    ],
)
def test_a_name_belongs_to_the_technologies_of_its_owner(
    load: str, target: Target, technology: str, is_asked: bool
) -> None:
    setting = Setting("timeout", "30", technology=technology)
    assert bool(rules_using(setting, [rule("x", load, target)], ())) is is_asked


def test_facts_of_other_technologies_are_not_calculated_from_it() -> None:
    facts = (formula("service", "memory_worst", expression("s.maxclients * 2"), "redis"),)
    rules = [rule("x", "s.memory_worst", SERVICE)]
    assert rules_using(Setting("maxclients", "1", technology="redis"), rules, facts) == ["x"]
    assert rules_using(Setting("maxclients", "1", technology="other"), rules, facts) == []


def test_rules_that_ask_for_the_resource_that_a_setting_limits() -> None:
    facts = (formula("service", "enough", expression("s.nofile_hard > 5"), "redis"),)
    rules = [rule("x", "r.nofile_hard", ONLY_REDIS), rule("y", "r.enough", ONLY_REDIS)]
    limit = Setting("LimitNOFILE", "1024", technology="systemd")

    def used(gives: set[str], technology: str) -> list[str]:
        return rules_using(limit, rules, facts, gives=gives, technology=technology)

    assert used({"nofile_hard"}, "redis") == ["x", "y"]
    assert used({"nofile_hard"}, "nginx") == []
    assert used(set(), "redis") == []
