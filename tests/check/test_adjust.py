"""What plimsoll.yaml says of rules: parameters, severities, off, and findings that are accepted."""

from __future__ import annotations

from datetime import date

import pytest

from plimsoll.check import RulesError, check
from plimsoll.model.finding import Finding, Outcome, Severity
from plimsoll.model.rule import Rule
from plimsoll.model.stack import Adjustment, Service, Stack, Suppression
from support.stacks import KNOWN, Host, at, count, limits, link, rule, service, size, stack, stated

HERE = at("plimsoll.yaml", 7)
DEMO = rule("""
    for: {service: s, technology: [store]}
    params: {share: 0.5, longest: 30s, strictly: false, word: safe}
    load: s.cache_size
    limit: share * s.memory
    message: "{load} of {limit}, {longest}, {strictly}, {word}"
""")
LEVELS = rule(
    """
    for: {service: s, technology: [store]}
    limit: s.memory
    levels:
      - {severity: critical, load: s.cache_size}
      - {severity: low, load: 2 * s.cache_size}
    """,
    id="levels",
)


def db(name: str = "db") -> Service:
    return service(name, "store", limits=limits(memory=size(100)))


def checked(
    of: Stack, *rules: Rule, today: str = "2027-01-01", only: tuple[str, ...] = ()
) -> Outcome:
    return check(of, rules or (DEMO,), date.fromisoformat(today), known=KNOWN, only=only)


def with_rules(said: Adjustment, *things: Service) -> Stack:
    return stack(*(things or (db(),)), adjustments={said.rule: said})


def params(**texts: str) -> Adjustment:
    settings = {name: stated(name, text, line=9) for name, text in texts.items()}
    return Adjustment("demo", HERE, params=settings)


def only(outcome: Outcome) -> Finding:
    (finding,) = outcome.findings
    return finding


def test_parameters_have_the_values_of_the_rule() -> None:
    assert only(checked(stack(db()))).message == "64 MiB of 50 MiB, 30 s, off, safe"


def test_parameters_are_set() -> None:
    said = params(share="25%", longest="2min", strictly="true", word="fast")
    assert only(checked(with_rules(said))).message == "64 MiB of 25 MiB, 2 min, on, fast"


def test_a_parameter_may_make_a_rule_silent() -> None:
    assert checked(with_rules(params(share="0.7"))).findings == ()


def test_a_bare_number_fits_a_parameter_with_a_unit() -> None:
    assert only(checked(with_rules(params(longest="40")))).message.startswith(
        "64 MiB of 50 MiB, 40"
    )


def test_a_parameter_without_a_unit_takes_one_that_fits_the_rule() -> None:
    asked = rule("""
        for: {service: s, technology: [store]}
        params: {longest: 5}
        load: 10 * second
        limit: longest
    """)
    assert checked(with_rules(params(longest="1min")), asked).findings == ()
    with pytest.raises(RulesError, match="a parameter of demo does not fit: a load in seconds"):
        checked(with_rules(params(longest="1MiB")), asked)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"shar": "1"}, "plimsoll.yaml:9:1: demo has no parameter 'shar'; did you mean share?"),
        ({"share": "much"}, "plimsoll.yaml:9:1: share is a number, not 'much'"),
        ({"longest": "3MiB"}, "longest is a number of seconds, not '3MiB'"),
        ({"longest": "2 * hour"}, "longest is one value, not a formula; write 2h"),
        ({"strictly": "3"}, "strictly is true or false, not '3'"),
    ],
)
def test_a_wrong_parameter_is_an_error(texts: dict[str, str], said: str) -> None:
    with pytest.raises(RulesError) as error:
        checked(with_rules(params(**texts)))
    assert said in str(error.value)


def test_an_unknown_rule_is_an_error_with_a_suggestion() -> None:
    with pytest.raises(RulesError, match=r"plimsoll.yaml:7:1: no rule 'dmo'; did you mean demo"):
        checked(with_rules(Adjustment("dmo", HERE, is_off=True)))
    suppressed = stack(db(), suppressions=(Suppression("dmo", "later", HERE),))
    with pytest.raises(RulesError, match=r"no rule 'dmo'; did you mean demo"):
        checked(suppressed)


def test_a_rule_is_switched_off() -> None:
    outcome = checked(with_rules(Adjustment("demo", HERE, is_off=True)), DEMO, LEVELS)
    assert ([f.rule for f in outcome.findings], outcome.rules) == (["levels"], 1)


def test_a_severity_is_changed() -> None:
    said = Adjustment("demo", HERE, severity="low")
    assert only(checked(with_rules(said))).severity is Severity.LOW
    said = Adjustment("levels", HERE, severity="medium")
    assert only(checked(with_rules(said), LEVELS)).severity is Severity.MEDIUM


def test_only_some_rules_are_asked_whatever_plimsoll_yaml_says_of_others() -> None:
    of = with_rules(Adjustment("levels", HERE, severity="medium"))
    outcome = checked(of, DEMO, LEVELS, only=("demo",))
    assert ([f.rule for f in outcome.findings], outcome.rules) == (["demo"], 1)


# -------------------------------------------------------------------------------- suppressions


def accepted(suppression: Suppression, today: str = "2027-01-01") -> list[str]:
    of = stack(db("a"), db("b"), suppressions=(suppression,))
    outcome = checked(of, today=today)
    own = [each for each in outcome.findings if each.rule == "demo"]
    assert len(own) + len(outcome.suppressed) == 2
    return [f.service for f in outcome.suppressed]


def test_a_finding_of_one_service_is_accepted() -> None:
    assert accepted(Suppression("demo", "later", HERE, service="a")) == ["a"]


def test_of_no_service_all_are_accepted() -> None:
    assert accepted(Suppression("demo", "later", HERE)) == ["a", "b"]


@pytest.mark.parametrize(
    ("today", "said"), [("2027-01-30", ["a"]), ("2027-01-31", ["a"]), ("2027-02-01", [])]
)
def test_until_is_the_last_day(today: str, said: list[str]) -> None:
    assert accepted(Suppression("demo", "later", HERE, "a", "2027-01-31"), today) == said


def test_a_finding_tells_the_entry_that_accepts_it_and_the_one_that_did() -> None:
    once = Suppression("demo", "later", HERE, "a", "2026-01-31", "dba")
    still = Suppression("demo", "bigger machine ordered", HERE, "b", "2027-01-31")
    older = Suppression("demo", "forgotten", HERE, "", "2025-01-31")
    of = stack(db("a"), db("b"), db("c"), suppressions=(older, once, still))
    outcome = checked(of, today="2027-01-01")
    assert [(f.service, f.accepted) for f in outcome.suppressed] == [("b", still)]
    own = [each for each in outcome.findings if each.rule == "demo"]
    assert [(f.service, f.accepted) for f in own] == [("a", once), ("c", older)]


def test_what_has_ended_is_a_finding_of_its_own() -> None:
    once = Suppression("demo", "a pooler comes", HERE, "a", "2026-01-31")
    still = Suppression("demo", "later", HERE, "a", "2027-01-31")
    fits = stack(
        service("a", "store", limits=limits(memory=size(1000))), suppressions=(once, still)
    )
    found = only(checked(fits, today="2027-01-01"))
    assert (found.rule, found.severity, found.service) == ("suppression-expired", Severity.LOW, "a")
    assert found.message == "demo of a was accepted until 2026-01-31: a pooler comes"
    assert found.operands[0].setting.place == HERE
    assert checked(fits, today="2027-01-01", only=("demo",)).findings == ()


def test_nobody_accepted_what_no_entry_is_about() -> None:
    of = stack(db("a"), suppressions=(Suppression("demo", "later", HERE, service="b"),))
    assert only(checked(of)).accepted is None


def test_a_wrong_date_is_an_error() -> None:
    with pytest.raises(RulesError, match="7:1: until 'soon' is no date; write it like 2027-01-31"):
        accepted(Suppression("demo", "later", HERE, "a", "soon"))


def test_of_a_link_either_end_may_be_named() -> None:
    asked = rule("for: {link: l}\nload: l.connections\nlimit: 1")
    for name, number in (("app", 0), ("db", 0), ("other", 1)):
        of = stack(
            service("app", "app"),
            db(),
            link("app", "db", stated("connections", count(5))),
            suppressions=(Suppression("demo", "later", HERE, name),),
        )
        assert len(checked(of, asked).findings) == number


def test_of_a_host_its_name() -> None:
    asked = rule("for: {host: h}\nload: 2\nlimit: h.cores")
    host = Host("m", limits=limits(cores=count(1)))
    of = stack(host, suppressions=(Suppression("demo", "later", HERE, "m"),))
    assert [f.service for f in checked(of, asked).suppressed] == ["m"]


def test_a_misspelt_measurement_is_an_error_and_a_new_one_is_not() -> None:
    said = {"memory_likly": stated("memory_likly", size(5))}
    with pytest.raises(RulesError, match=r"no fact 'memory_likly'; did you mean memory_likely\?"):
        checked(stack(service("db", "store", measured=said)), DEMO)
    other = {"requests_per_day": stated("requests_per_day", count(5))}
    checked(stack(service("db", "store", measured=other)), DEMO)


def test_a_measurement_in_another_unit_is_an_error() -> None:
    said = {"memory_likely": stated("memory_likely", count(5))}
    with pytest.raises(RulesError, match=r"memory_likely is in bytes, .* is in count"):
        checked(stack(service("db", "store", measured=said)), DEMO)
