"""Rules on stacks: what breaks, what is skipped and why, what is silent."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from plimsoll.check import check
from plimsoll.model.finding import Finding, Kind, Outcome, Severity
from plimsoll.model.quantity import BYTES, SECONDS, UNLIMITED, Amount
from plimsoll.model.rule import Rule
from plimsoll.model.setting import Formula, Origin, Setting, Status, Unknown
from plimsoll.model.stack import Stack
from support.stacks import (
    KNOWN,
    Host,
    count,
    limits,
    link,
    part,
    rule,
    seconds,
    service,
    size,
    stack,
    stated,
    written,
)

TODAY = date(2027, 1, 1)
STORE = "for: {service: s, technology: [store]}\n"
MEMORY = STORE + "load: s.cache_size\nlimit: s.memory"


def checked(of: Stack, *rules: Rule) -> Outcome:
    return check(of, rules, TODAY, known=KNOWN)


def only(of: Stack, *rules: Rule) -> Finding:
    (finding,) = checked(of, *rules).findings
    return finding


def answer(of: Stack, *rules: Rule) -> str:
    """flagged, clean, or the reason why it is skipped."""
    outcome = checked(of, *rules)
    if outcome.findings:
        return "flagged"
    return outcome.skipped[0].reason if outcome.skipped else "clean"


def store(*settings: Setting, memory: Amount | None = None, **more: Any) -> Stack:
    given = limits(memory=memory) if memory else {}
    return stack(service("db", "store", *settings, limits=given, **more))


# ---------------------------------------------------------------------------- load lines, ranges


@pytest.mark.parametrize(
    ("cache", "limit", "strict", "said"),
    [
        (size(65), size(64), "false", "flagged"),
        (size(64), size(64), "false", "clean"),
        (size(64), size(64), "true", "flagged"),
        (size(63), size(64), "true", "clean"),
        (Amount.of(UNLIMITED, BYTES), size(64), "false", "flagged"),
        (Amount.of(UNLIMITED, BYTES), Amount.of(UNLIMITED, BYTES), "true", "clean"),
        (size(1), Amount.of(UNLIMITED, BYTES), "true", "clean"),
    ],
)
def test_a_load_line_breaks_where_the_lowest_load_exceeds_the_highest_limit(
    cache: Amount, limit: Amount, strict: str, said: str
) -> None:
    asked = rule(f"{STORE}load: s.cache_size\nlimit: s.buffers\nstrict: {strict}")
    settings = (written("cache_size", cache), written("buffers", limit))
    assert answer(store(*settings), asked) == said


@pytest.mark.parametrize(
    ("cache", "said"),
    [
        (Amount(65 << 20, 70 << 20, BYTES), "flagged"),
        (Amount(1 << 20, 64 << 20, BYTES), "clean"),
        (Amount(1 << 20, 65 << 20, BYTES), "needs cache_size of db"),
    ],
)
def test_a_range_breaks_is_sound_or_is_skipped(cache: Amount, said: str) -> None:
    assert answer(store(written("cache_size", cache), memory=size(64)), rule(MEMORY)) == said


def test_a_finding_says_everything() -> None:
    asked = rule(
        MEMORY
        + "\nmessage: '{s.name} takes {load} of {limit}'\nsymptoms: [log:killed]\nseen: [seed-001]"
    )
    found = only(store(written("cache-size", size(128)), memory=size(64)), asked)

    assert (found.rule, found.title, found.severity, found.kind) == (
        "demo",
        "It does not fit",
        Severity.HIGH,
        Kind.BOUND,
    )
    assert (found.target, found.service, found.level) == ("db", "db", "")
    assert found.message == "db takes 128 MiB of 64 MiB"
    assert found.arithmetic == "128 MiB > 64 MiB"
    assert (found.load, found.limit, found.utilization) == (size(128), size(64), 2)
    assert (found.why, found.source, found.symptoms, found.seen) == (
        "Because.",
        ("a manual",),
        ("log:killed",),
        ("seed-001",),
    )
    assert [(o.owner, o.setting.name) for o in found.operands] == [
        ("db", "cache-size"),
        ("db", "memory"),
    ]
    assert not found.at_least


def test_what_is_unknown_and_could_only_make_it_worse_does_not_hide_a_fault() -> None:
    body = """
        for: {service: s, technology: [store]}
        load: s.clients.map(c, c.from.processes * c.connections).sum()
        limit: s.slots
        message: "{load} of {limit}"
    """
    known = service("app", "app", written("workers", count(12)))
    other = service("jobs", "app", written("workers", count(1)))
    of = stack(
        service("db", "store"),
        known,
        other,
        link("app", "db", stated("connections", count(10))),
        link("jobs", "db"),
    )
    found = only(of, rule(body))
    assert found.message == "at least 120 of 97"
    assert found.at_least
    assert found.load == Amount(120, UNLIMITED)


def test_a_database_whose_clients_nobody_knows_has_unknown_clients() -> None:
    body = STORE + "load: s.clients.map(c, c.connections).sum()\nlimit: s.slots"
    assert answer(stack(service("db", "store")), rule(body)) == "needs clients of db"


def test_one_unknown_client_does_not_count_as_none() -> None:
    body = STORE + "load: s.clients.map(c, c.connections).sum()\nlimit: s.slots"
    of = stack(service("db", "store"), service("app", "app"), link("app", "db"))
    assert answer(of, rule(body)) == "needs connections of app -> db"


def test_the_reason_names_the_host_where_nothing_is_known_of_it() -> None:
    of = stack(service("db", "store", host="db-1"), Host("db-1"))
    assert answer(of, rule(MEMORY)) == "needs memory of host db-1"


def test_a_value_that_cannot_be_told_is_named_with_its_reason() -> None:
    of = store(written("cache_size", Unknown("computed: os.getenv('X')")), memory=size(1))
    assert answer(of, rule(MEMORY)) == "needs cache_size of db (computed: os.getenv('X'))"


# ------------------------------------------------------------------------------------ conditions


REQUIRE = STORE + "require: "


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        ("s.durable", "clean"),
        ("'!s.durable'", "flagged"),
        ("[s.durable, s.max_connections > 5]", "clean"),
        ("[s.durable, s.max_connections > 500]", "flagged"),
        ("s.memory > 1", "needs memory of db"),
        ("[s.memory > 1, s.max_connections > 500]", "flagged"),
        ("s.memory > 1 || s.durable", "clean"),
        ("s.memory > 1 && !s.durable", "flagged"),
    ],
)
def test_conditions_have_three_values(conditions: str, said: str) -> None:
    assert answer(store(), rule(REQUIRE + conditions)) == said


def test_only_the_conditions_that_fail_show_it() -> None:
    asked = rule(REQUIRE + "[s.durable, s.max_connections > 500, s.work_mem > 1]")
    found = only(store(), asked)
    assert [o.setting.name for o in found.operands] == ["max_connections"]
    assert found.arithmetic == "100 <= 500"
    assert (found.load, found.limit, found.utilization) == (None, None, None)


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("s.durable", "flagged"),
        ("'!s.durable'", "clean"),
        ("[s.durable, '!s.durable']", "clean"),
        ("s.memory > 1", "needs memory of db"),
        ("[s.memory > 1, '!s.durable']", "clean"),
        ("s.role == 'cache'", "needs role of db"),
    ],
)
def test_when_decides_whether_a_rule_applies(when: str, said: str) -> None:
    assert answer(store(), rule(f"{REQUIRE}s.max_connections > 500\nwhen: {when}")) == said


def test_operands_of_when_take_no_part() -> None:
    asked = rule(REQUIRE + "s.max_connections > 500\nwhen: s.work_mem > 1")
    assert [o.setting.name for o in only(store(), asked).operands] == ["max_connections"]


def test_calculating_with_what_is_unset_is_skipped() -> None:
    body = "for: {service: s, technology: [app]}\nload: s.pool_max + 1\nlimit: 0"
    assert answer(stack(service("app", "app")), rule(body)) == "pool_max of app is unset"


def test_a_condition_on_both_sides_of_a_ternary_counts_as_an_operand() -> None:
    asked = rule(STORE + "load: 's.durable ? s.max_connections : 0'\nlimit: 50")
    assert [o.setting.name for o in only(store(), asked).operands] == ["durable", "max_connections"]


# ------------------------------------------------------------------------- names that are not there


def test_a_name_that_only_this_technology_lacks_makes_the_rule_not_apply() -> None:
    asked = rule("for: {service: s, technology: [store, app]}\nload: s.max_connections\nlimit: 50")
    of = stack(service("app", "app"), service("db", "store"))
    outcome = checked(of, asked)
    assert ([f.service for f in outcome.findings], outcome.skipped) == (["db"], ())


@pytest.mark.parametrize(("version", "said"), [("1", "clean"), ("2", "flagged")])
def test_what_only_this_version_lacks_has_a_neutral_value(version: str, said: str) -> None:
    asked = rule(REQUIRE + "s.reserved_extra == 0")
    assert answer(stack(service("db", "store", version=version)), asked) == said


def test_a_default_of_an_unknown_version_is_the_span_of_its_defaults() -> None:
    asked = rule(STORE + "load: s.buffers\nlimit: 1.5 * MiB")
    assert answer(stack(service("db", "store", version="1")), asked) == "clean"
    assert answer(stack(service("db", "store", version="2")), asked) == "flagged"
    assert answer(stack(service("db", "store")), asked) == "needs buffers of db"


def test_what_only_this_version_lacks_is_unset_without_a_neutral_value() -> None:
    asked = rule(REQUIRE + "'!has(s.new_memory)'")
    assert answer(stack(service("db", "store", version="1.9")), asked) == "clean"
    assert answer(stack(service("db", "store", version="2")), asked) == "flagged"


def test_a_fact_that_the_technology_does_not_define_is_unknown() -> None:
    asked = rule("for: {service: s}\nload: s.backlog\nlimit: 10")
    outcome = checked(stack(service("db", "store"), service("what", "")), asked)
    assert [s.reason for s in outcome.skipped] == ["needs backlog of db", "needs backlog of what"]


# -------------------------------------------------------------------------------------- levels

LEVELS = """
    for: {service: s, technology: [store]}
    let: {floor: s.cache_size, likely: s.cache_size + s.work_mem}
    limit: s.memory
    message: "{load} of {limit}"
    levels:
      - {severity: critical, load: floor}
      - {severity: medium, load: likely, message: "likely {load}"}
"""


@pytest.mark.parametrize(
    ("cache", "level", "severity", "message"),
    [
        (size(101), "floor", Severity.CRITICAL, "101 MiB of 100 MiB"),
        (size(97), "likely", Severity.MEDIUM, "likely 101 MiB"),
    ],
)
def test_the_first_level_that_breaks_is_the_finding(
    cache: Amount, level: str, severity: Severity, message: str
) -> None:
    found = only(store(written("cache_size", cache), memory=size(100)), rule(LEVELS))
    assert (found.level, found.severity, found.message) == (level, severity, message)


def test_no_level_that_breaks_is_sound() -> None:
    assert answer(store(written("cache_size", size(96)), memory=size(100)), rule(LEVELS)) == "clean"


def test_an_unknown_level_does_not_stop_the_next() -> None:
    unknown = written("cache_size", Amount(0, 2 << 30, BYTES))
    broken = store(unknown, written("work_mem", size(101)), memory=size(100))
    found = only(broken, rule(LEVELS))
    assert (found.level, found.at_least, found.message) == (
        "likely",
        True,
        "likely at least 101 MiB",
    )


def test_none_broken_and_one_unknown_is_skipped() -> None:
    body = LEVELS.replace("load: floor", "load: s.shared_memory")
    of = store(written("cache_size", size(1)), memory=size(100))
    assert answer(of, rule(body)) == "needs shared_memory of db"


# --------------------------------------------------------------------------- severities, untouched


def test_untouched_is_the_severity_while_nobody_wrote_an_operand() -> None:
    asked = rule(STORE + "load: s.max_connections\nlimit: 10\nuntouched: low")
    assert only(store(), asked).severity is Severity.LOW
    assert only(store(written("max_connections", count(100))), asked).severity is Severity.HIGH


def test_what_plimsoll_yaml_states_is_not_written() -> None:
    asked = rule(STORE + "load: s.cache_size\nlimit: s.memory\nuntouched: low")
    assert only(store(memory=size(1)), asked).severity is Severity.LOW


def test_an_assumption_caps_the_severity() -> None:
    asked = rule(STORE + "load: s.memory_floor\nlimit: s.memory\nassumed: medium")
    of = service("db", "store", limits=limits(memory=size(64)))
    assert only(stack(of), asked).severity is Severity.MEDIUM


def test_an_assumption_that_a_finding_does_not_rest_on_leaves_it_alone() -> None:
    asked = rule(STORE + "load: s.memory_floor\nlimit: s.memory\nassumed: medium")
    of = service("db", "store", limits=limits(memory=size(63)))
    assert only(stack(of), asked).severity is Severity.HIGH


def test_an_assumption_that_a_finding_does_not_rest_on_changes_nothing() -> None:
    asked = rule(STORE + "load: s.memory_floor\nlimit: s.memory\nassumed: medium")
    of = service("db", "store", written("cache_size", size(9)), limits=limits(memory=size(8)))
    assert only(stack(of), asked).severity is Severity.HIGH


def test_a_measurement_beats_the_assumption() -> None:
    asked = rule(STORE + "load: s.memory_floor\nlimit: s.memory\nassumed: medium")
    measured = Setting("private_memory", "20MiB", origin=Origin.MEASURED, value=size(20))
    of = service(
        "db", "store", limits=limits(memory=size(1)), measured={"private_memory": measured}
    )
    found = only(stack(of), asked)
    assert found.severity is Severity.HIGH
    assert found.load == size(64 + 100 * 20)


# -------------------------------------------------------------------------------------- targets


def test_a_rule_is_evaluated_once_for_each_service_of_its_technologies() -> None:
    asked = rule(STORE + "require: '!s.durable'")
    of = stack(service("a", "store"), service("b", "store"), service("app", "app"))
    assert [f.target for f in checked(of, asked).findings] == ["a", "b"]


def test_of_a_link_both_ends_have_to_fit() -> None:
    asked = rule("for: {link: l, from: [app], to: [store]}\nload: l.connections\nlimit: 1")
    of = stack(
        service("app", "app"),
        service("db", "store"),
        link("app", "db", library="driver"),
        link("app", "app", library="driver"),
        link("db", "db", library="driver"),
    )
    found = only(of, asked)
    assert (found.target, found.service) == ("app -> db", "app")


def test_of_a_host() -> None:
    asked = rule("""
        for: {host: h}
        when: h.services.size() >= 2
        load: h.services.map(s, s.memory_floor).sum()
        limit: h.memory
    """)
    of = stack(
        service("db", "store", host="m1"),
        service("app", "app", host="m1"),
        service("alone", "app", host="m2"),
        Host("m1", limits=limits(memory=size(10))),
        Host("m2", limits=limits(memory=size(10))),
    )
    found = only(of, asked)
    assert (found.target, found.service) == ("host m1", "m1")


def test_of_parts() -> None:
    asked = rule("for: {part: p, type: pool, technology: [app]}\nload: p.pool_max\nlimit: 7")
    pools = (part("web", "app", written("pool_max", count(9))), part("api", "app"))
    found = only(stack(service("app", "app", parts=pools)), asked)
    assert (found.target, found.service) == ("app, pool web", "app")
    assert found.operands[0].owner == "app"


def test_of_settings_by_name_technology_and_status() -> None:
    ignored = Setting("max_idle", "3", value=count(3), status=Status.IGNORED, reason="unknown unit")
    settings = (
        ignored,
        Setting("max_idle", "4", value=count(4)),
        Setting("idle", "3", value=count(3), status=Status.IGNORED),
        Setting("max_open", "3", value=count(3), status=Status.IGNORED, technology="box"),
    )
    asked = rule("""
        for: {setting: x, technology: [store], name: "max_.*", status: ignored}
        require: false
        message: "{x.name} is ignored: {x.reason}"
    """)
    of = stack(service("db", "store", settings=settings))
    found = only(of, asked)
    assert (found.target, found.message) == ("db, max_idle", "max_idle is ignored: unknown unit")
    assert found.operands[0].setting == ignored


def test_a_setting_of_a_host_is_asked_as_one_of_a_service_is() -> None:
    lost = Setting("vm.swappiness", "1", status=Status.SHADOWED, technology="sysctl")
    asked = rule("""
        for: {setting: x, name: "vm.*", status: shadowed}
        require: false
        message: "{x.of.name}: {x.name} = {x.text}"
    """)
    found = only(stack(Host("m", read=(lost,))), asked)
    assert (found.target, found.service) == ("m, vm.swappiness", "m")
    assert found.message == "m: vm.swappiness = 1"
    assert [(each.owner, each.setting) for each in found.operands] == [("m", lost)]


def test_a_rule_that_goes_through_too_much_is_given_up_and_the_next_is_asked() -> None:
    every = "s.settings"
    nested = f'{every}.all(a, {every}.all(b, {every}.all(c, {every}.all(d, d.name != ""))))'
    dear = rule(f"for: {{service: s}}\nrequire: '{nested}'")
    cheap = rule("for: {service: s}\nrequire: s.settings.size() < 1")
    names = [Setting(f"s{n}", "1", value=count(1)) for n in range(40)]
    outcome = checked(stack(service("db", "store", settings=tuple(names))), dear, cheap)
    assert [each.rule for each in outcome.findings] == [cheap.id]
    assert [each.reason for each in outcome.skipped] == [
        "given up: it goes through more than 1,000,000 entries of lists"
    ]


def test_a_rule_about_workers_that_count_the_cores_of_the_host() -> None:
    asked = rule("""
        for: {setting: x, technology: [app], name: workers}
        when: x.counts_cores
        load: x.value
        limit: x.granted
        repair: [x]
    """)
    own = written("workers", Formula("s.cores_seen * 2 + 1"), path="app.py")
    app = service("app", "app", own, host="m", limits=limits(cores=count(1)))
    found = only(stack(app, Host("m", limits=limits(cores=count(64)))), asked)
    assert found.arithmetic == "64 x 2 + 1 = 129 > max(1, 1) x 2 + 1 = 3"
    assert [(o.owner, o.setting.name, o.setting.value) for o in found.operands] == [
        ("app", "workers", count(129)),
        ("m", "cores", count(64)),
        ("app", "cores", count(1)),
    ]


def test_a_host_that_nobody_named_is_the_host() -> None:
    asked = rule("for: {host: h}\nload: 2\nlimit: h.cores")
    assert only(stack(Host("host", limits=limits(cores=count(1)))), asked).target == "the host"


# -------------------------------------------------------------------------------------- unless


def test_two_links_that_break_by_the_same_settings_are_one_finding() -> None:
    of = stack(
        service("app", "app", written("workers", count(90))),
        service("db", "store", written("max_connections", count(50))),
        service("job", "app", written("workers", count(90))),
        link("app", "db"),
        link("app", "db"),
        link("job", "db"),
    )
    asked = rule("for: {link: l}\nload: l.from.workers\nlimit: l.to.max_connections")
    assert [each.target for each in checked(of, asked).findings] == ["app -> db", "job -> db"]


def test_unless_that_rule_found_the_same_target() -> None:
    general = rule(STORE + "require: '!s.durable'\nunless: [special]")
    special = rule(STORE + "require: s.max_connections < 50", id="special")
    few = stack(service("db", "store", written("max_connections", count(10))))
    two = stack(service("db", "store"), service("b", "store", written("max_connections", count(1))))

    assert [f.rule for f in checked(few, general, special).findings] == ["demo"]
    assert [f.rule for f in checked(store(), general, special).findings] == ["special"]
    assert [(f.service, f.rule) for f in checked(two, special, general).findings] == [
        ("b", "demo"),
        ("db", "special"),
    ]


def test_unless_that_rule_named_the_same_culprit_of_another_target() -> None:
    of = stack(
        service("app", "app", written("workers", count(90))),
        service("db", "store", written("max_connections", count(50))),
        service("few", "store", written("max_connections", count(80))),
        link("app", "db"),
        link("app", "few"),
    )
    general = rule(
        "for: {link: l}\nload: l.from.workers\nlimit: l.to.max_connections\n"
        "repair: [l.to.max_connections]\nunless: [special]"
    )
    special = rule(STORE + "require: s.max_connections > 60", id="special")
    assert [(f.target, f.rule) for f in checked(of, general, special).findings] == [
        ("app -> few", "demo"),
        ("db", "special"),
    ]


def test_a_worse_finding_is_not_hidden() -> None:
    general = rule(STORE + "require: '!s.durable'\nunless: [special]", id="general")
    special = rule(STORE + "severity: low\nrequire: s.max_connections < 50", id="special")
    assert [f.rule for f in checked(store(), general, special).findings] == ["general", "special"]


def test_unless_hides_what_was_skipped_too() -> None:
    general = rule(MEMORY + "\nunless: [special]")
    special = rule(STORE + "require: '!s.durable'", id="special")
    outcome = checked(store(), general, special)
    assert ([f.rule for f in outcome.findings], outcome.skipped) == (["special"], ())


# ------------------------------------------------------------------------------- earlier states

BEFORE = STORE + "load: s.max_connections\nlimit: s.before.max_connections"


def test_without_an_earlier_state_a_rule_is_skipped_as_one_line() -> None:
    of = stack(service("a", "store"), service("b", "store"))
    (skipped,) = checked(of, rule(BEFORE)).skipped
    assert (skipped.rule, skipped.target) == ("demo", "")
    assert skipped.reason == "needs an earlier state to compare with"


def test_without_a_running_server_too() -> None:
    asked = rule(BEFORE.replace("before", "running"))
    (skipped,) = checked(stack(service("a", "store"), service("b", "store")), asked).skipped
    assert skipped.reason == "needs the running server"


def test_with_an_earlier_state_it_is_compared() -> None:
    before = service("db", "store", written("max_connections", count(50)))
    of = stack(service("db", "store", before=before))
    found = only(of, rule(BEFORE))
    assert (found.arithmetic, [o.setting.text for o in found.operands]) == (
        "100 > 50",
        ["100", "50"],
    )


def test_a_rule_that_does_not_come_to_ask_is_not_skipped() -> None:
    asked = rule(BEFORE + "\nwhen: '!s.durable'")
    assert answer(stack(service("a", "store")), asked) == "clean"


# ------------------------------------------------------------------------------ effect, messages


def test_the_effect_is_what_the_server_makes_of_it() -> None:
    asked = rule(
        STORE
        + "load: s.max_connections + 32\nlimit: s.nofile_hard\n"
        + "effect: {max_connections: s.nofile_hard - 32}\n"
        + "message: 'becomes {effect.max_connections}'"
    )
    of = service("db", "store", limits=limits(nofile_hard=count(100)))
    assert only(stack(of), asked).message == "becomes 68"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("s.cache_size", "64 MiB"),
        ("s.timeout", "0 s"),
        ("s.max_connections", "100"),
        ("s.durable", "on"),
        ("s.mode", "safe"),
        ("s.memory", "unknown"),
        ("s.name", "db"),
        ("s", "db"),
        ("s.host", "host of db"),
        ("s.clients", "none"),
        ("s.password", "***"),
        ("7 * share", "3.5"),
        ("half", "32 MiB"),
        ("s.settings", "password"),
        ("has(s.mode)", "on"),
    ],
)
def test_a_message_holds_any_name_with_its_unit(name: str, said: str) -> None:
    body = f"{STORE}params: {{share: 0.5}}\nlet: {{half: s.cache_size / 2}}\nrequire: '!s.durable'\nmessage: '<{{{name}}}>'"
    secret = Setting("password", "hunter2", value="hunter2", is_secret=True)
    assert only(store(secret), rule(body)).message == f"<{said}>"


def test_arithmetic_shows_subtotals_by_name() -> None:
    asked = rule("""
        for: {service: s, technology: [store]}
        let: {system: 256 * MiB}
        load: s.cache_size + system
        limit: s.memory
    """)
    found = only(store(memory=size(100)), asked)
    assert found.arithmetic == "64 MiB + system 256 MiB = 320 MiB > 100 MiB"


# ------------------------------------------------------------------------ order and fingerprints


def test_findings_go_from_the_worst_then_by_service_and_rule() -> None:
    low = rule(STORE + "require: '!s.durable'", id="a", severity="low")
    high = rule(STORE + "require: '!s.durable'", id="z")
    other = rule(STORE + "require: '!s.durable'", id="b")
    of = stack(service("y", "store"), service("x", "store"))
    assert [(f.severity, f.service, f.rule) for f in checked(of, low, high, other).findings] == [
        (Severity.HIGH, "x", "b"),
        (Severity.HIGH, "x", "z"),
        (Severity.HIGH, "y", "b"),
        (Severity.HIGH, "y", "z"),
        (Severity.LOW, "x", "a"),
        (Severity.LOW, "y", "a"),
    ]


def test_a_fingerprint_stays_while_only_lines_move() -> None:
    def of(line: int, cache: int, name: str = "db", path: str = "a.conf") -> str:
        setting = written("cache_size", size(cache), line=line, path=path)
        made = service(name, "store", setting, limits=limits(memory=size(1)))
        return only(stack(made), rule(MEMORY)).fingerprint

    assert of(3, 100) == of(70, 100)
    assert len({of(3, 100), of(3, 101), of(3, 100, "other")}) == 3
    assert len(of(3, 100)) == 16
    int(of(3, 100), 16)


def test_an_outcome_counts_its_rules_and_keeps_what_was_not_read() -> None:
    outcome = checked(store(), rule(MEMORY), rule(MEMORY, id="other"))
    assert (outcome.rules, outcome.unread, outcome.stack.services["db"].name) == (2, (), "db")


def test_timeouts_may_be_infinite() -> None:
    asked = rule(STORE + "load: s.timeout\nlimit: 30 * second\nmessage: '{load} is too long'")
    never = Amount.of(UNLIMITED, seconds(0).unit)
    assert only(store(written("timeout", never)), asked).message == "never is too long"


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        pytest.param("s.max_connections != unlimited", "", id="of a number"),
        pytest.param("s.timeout != never", "", id="of a time"),
        pytest.param(
            's.max_connections != unlimited || s.mode == "fast"',
            'mode "safe" != "fast"',
            id="beside another",
        ),
        pytest.param("s.max_connections < 5", "unlimited >= 5", id="of two that differ"),
    ],
)
def test_a_condition_does_not_say_that_a_value_is_itself(condition: str, said: str) -> None:
    asked = rule(f"{STORE}require: '{condition}'")
    settings = (
        written("max_connections", Amount.of(UNLIMITED)),
        written("timeout", Amount.of(UNLIMITED, SECONDS)),
    )
    assert only(store(*settings), asked).arithmetic == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "1 process starts 1 thread, as 1 of them"),
        (2, "2 processes starts 2 threads, as 2 of them"),
        (21, "21 processes starts 21 threads, as 21 of them"),
    ],
)
def test_one_of_a_kind_is_said_so(number: int, said: str) -> None:
    n = "{s.max_connections}"
    asked = rule(
        f"{STORE}require: s.max_connections < 1\n"
        f"message: '{n} processes starts {n} threads, as {n} of them'"
    )
    assert only(store(written("max_connections", count(number))), asked).message == said
