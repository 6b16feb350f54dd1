"""The culprit first: in the order of `repair:`, and where a setting comes from."""

from __future__ import annotations

from datetime import date
from typing import Any

from plimsoll.check import check
from plimsoll.model.finding import Finding
from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.rule import Rule
from plimsoll.model.setting import Formula, Origin, Setting, Status
from plimsoll.model.stack import Stack
from support.stacks import (
    KNOWN,
    Host,
    count,
    limits,
    link,
    part,
    rule,
    service,
    size,
    stack,
    stated,
    written,
)

STORE = "for: {service: s, technology: [store]}\n"
THREE = STORE + "load: s.max_connections + s.reserved\nlimit: s.work_mem / MiB\n"


def only(of: Stack, asked: Rule) -> Finding:
    (finding,) = check(of, [asked], date(2027, 1, 1), known=KNOWN).findings
    return finding


def order(of: Stack, asked: Rule) -> list[str]:
    return [operand.setting.name for operand in only(of, asked).operands]


def repair(of: Stack, asked: Rule) -> list[str]:
    return [operand.setting.name for operand in only(of, asked).repair]


def store(*settings: Setting, **more: Any) -> Stack:
    return stack(service("db", "store", *settings, **more))


# ------------------------------------------------------------------------------- 1. in its order


def test_without_repair_the_order_of_the_expression() -> None:
    asked = rule(THREE)
    assert order(store(), asked) == ["max_connections", "reserved", "work_mem"]
    touched = store(written("work_mem", size(5)), written("reserved", count(4)))
    assert order(touched, asked) == ["max_connections", "reserved", "work_mem"]
    assert repair(touched, asked) == ["max_connections", "reserved", "work_mem"]


def test_repair_names_the_culprit_in_its_order() -> None:
    asked = rule(THREE + "repair: [s.work_mem, s.reserved]")
    of = store(written("max_connections", count(200)))
    assert order(of, asked) == ["work_mem", "reserved", "max_connections"]
    assert repair(of, asked) == ["work_mem", "reserved"]


def test_what_repair_names_and_takes_no_part_is_not_blamed() -> None:
    asked = rule(
        STORE
        + "require: [s.durable, s.max_connections < 50, s.reserved > 5]\n"
        + "repair: [s.durable, s.reserved]"
    )
    assert order(store(), asked) == ["reserved", "max_connections"]
    assert repair(store(), asked) == ["reserved"]


def test_what_repair_names_is_blamed_where_nothing_took_part() -> None:
    asked = rule(STORE + "require: false\nrepair: [s.work_mem]")
    of = store(written("work_mem", size(1)))
    assert order(of, asked) == ["work_mem"]
    assert repair(of, asked) == ["work_mem"]


# -------------------------------------------------------------------- 2. the largest share first

HOST = """
    for: {host: h}
    load: h.services.map(s, s.memory_likely).sum()
    limit: h.memory
    repair: [h.services.memory_likely]
"""


def machine(*services: object) -> Stack:
    return stack(*services, Host("m", limits=limits(memory=size(10))))  # type: ignore[arg-type]


def test_several_settings_under_one_path_the_largest_share_first() -> None:
    of = machine(
        service("app", "app", written("workers", count(2)), host="m"),
        service("db", "store", written("work_mem", size(8)), host="m"),
    )
    found = only(of, rule(HOST))
    blamed = [(o.owner, o.setting.name) for o in found.operands]
    assert blamed[:4] == [
        ("db", "max_connections"),
        ("db", "work_mem"),
        ("app", "workers"),
        ("db", "cache-size"),
    ]


def test_the_share_is_what_the_load_loses_when_that_one_is_0() -> None:
    def first(workers: int) -> str:
        of = machine(
            service("app", "app", written("workers", count(workers)), host="m"),
            service("db", "store", written("cache_size", size(64)), host="m"),
        )
        body = HOST.replace("memory_likely", "memory_floor")
        return only(of, rule(body)).operands[0].setting.name

    assert first(28) == "workers"  # 1120 MiB of 2184
    assert first(20) == "max_connections"  # 1000 MiB


def test_a_setting_on_both_sides_of_two_services_is_told_apart() -> None:
    of = machine(
        service("a", "store", written("work_mem", size(1)), host="m"),
        service("b", "store", written("work_mem", size(9)), host="m"),
    )
    assert only(of, rule(HOST)).operands[0].owner == "b"


def test_an_infinite_share_is_the_largest() -> None:
    of = machine(
        service("a", "store", written("cache_size", size(900)), host="m"),
        service("b", "store", written("cache_size", Amount.of(UNLIMITED, size(1).unit)), host="m"),
    )
    found = only(of, rule(HOST))
    assert (found.operands[0].owner, found.operands[0].setting.name) == ("b", "cache_size")


def test_what_the_load_is_divided_by_has_no_share() -> None:
    of = machine(
        service("app", "app", written("workers", count(2)), host="m"),
        service("db", "store", written("cache_size", size(8)), host="m"),
    )
    asked = rule(
        "for: {host: h}\nlimit: h.memory\nrepair: [load]\nlet: {load: '"
        'h.services.filter(s, s.technology == "app").map(s, 40 * MiB / s.workers).sum() + '
        'h.services.filter(s, s.technology == "store").map(s, 2 * s.cache_size).sum()'
        "'}\nload: load"
    )
    assert only(of, asked).operands[0].setting.name == "cache_size"


def test_of_settings_that_only_limit_the_load_what_they_take_from_the_limit() -> None:
    asked = rule(
        STORE + "let: {room: s.max_connections + 10 * s.reserved}\n"
        "load: 900\nlimit: room\nrepair: [room]"
    )
    assert order(store(), asked) == ["max_connections", "reserved"]
    assert order(store(written("reserved", count(20))), asked) == ["reserved", "max_connections"]


def test_a_calculated_setting_that_a_path_names_goes_before_what_it_is_calculated_from() -> None:
    asked = rule(STORE + "load: 900\nlimit: s.max_connections\nrepair: [s.max_connections]")
    calculated = written("max_connections", Formula("10 * s.reserved - 20"))
    assert order(store(calculated), asked) == ["max_connections", "reserved"]


# ------------------------------------------------------------------- 3. distance from the default

RANKED = STORE + "load: s.reserved * 10\nlimit: s.max_connections\n"


def test_an_inner_list_is_ranked_by_distance_from_the_default() -> None:
    asked = rule(RANKED + "repair: [[s.max_connections, s.reserved]]")
    high = store(written("reserved", count(30)), written("max_connections", count(90)))
    low = store(written("reserved", count(4)), written("max_connections", count(10)))
    assert order(high, asked) == ["reserved", "max_connections"]
    assert order(low, asked) == ["max_connections", "reserved"]


def test_only_the_harmful_direction_counts() -> None:
    asked = rule(RANKED + "repair: [[s.max_connections, s.reserved]]")
    raised = store(written("reserved", count(90)), written("max_connections", count(800)))
    assert order(raised, asked) == ["reserved", "max_connections"]
    lowered = store(written("reserved", count(2)), written("max_connections", count(10)))
    assert order(lowered, asked) == ["max_connections", "reserved"]


def test_ties_stay_as_written() -> None:
    body = STORE + "load: s.reserved * 100\nlimit: s.max_connections\n"
    for names in (["max_connections", "reserved"], ["reserved", "max_connections"]):
        paths = ", ".join(f"s.{name}" for name in names)
        assert order(store(), rule(f"{body}repair: [[{paths}]]")) == names


def test_of_a_condition_the_direction_is_the_one_that_breaks_it() -> None:
    asked = rule(
        STORE
        + "require: s.max_connections >= 50 * s.reserved\nrepair: [[s.max_connections, s.reserved]]"
    )
    few = store(written("max_connections", count(20)), written("reserved", count(4)))
    assert order(few, asked) == ["max_connections", "reserved"]
    many = store(written("max_connections", count(90)), written("reserved", count(30)))
    assert order(many, asked) == ["reserved", "max_connections"]


def test_a_link_has_the_defaults_of_its_library() -> None:
    asked = rule("""
        for: {service: s, technology: [store]}
        load: s.clients.map(c, c.connections).sum()
        limit: s.max_connections
        repair: [[s.max_connections, s.clients.connections]]
    """)
    own = link("app", "db", written("pool_size", count(95)), library="driver")
    of = stack(
        service("db", "store", written("max_connections", count(80))), service("app", "app"), own
    )
    assert order(of, asked) == ["pool_size", "max_connections", "overflow", "connections"]


# ------------------------------------------------------------------------ 4. written before default


def test_other_operands_written_before_default() -> None:
    asked = rule(
        STORE
        + "load: s.max_connections + s.reserved + s.reserved_extra\n"
        + "limit: s.work_mem / MiB\nrepair: [s.work_mem]"
    )
    of = store(written("reserved", count(3)), written("reserved_extra", count(3)))
    assert order(of, asked) == ["work_mem", "reserved", "reserved_extra", "max_connections"]


# -------------------------------------------------------------------------- 5. what is only stated


def test_last_what_plimsoll_yaml_only_states_or_is_measured_or_assumed() -> None:
    asked = rule(STORE + "load: s.memory_floor\nlimit: s.memory\nrepair: [s.memory, s.cache_size]")
    of = store(written("max_connections", count(100)), limits=limits(memory=size(1)))
    assert order(of, asked) == [
        "cache-size",
        "max_connections",
        "memory",
        "private_memory",
        "memory_floor",
    ]
    assert only(of, asked).operands[3].setting.origin is Origin.ASSUMED


def test_a_fix_tries_the_same_order_and_changes_nothing_that_is_calculated() -> None:
    asked = rule(STORE + "load: s.memory_floor\nlimit: s.memory")
    of = store(written("max_connections", count(100)), limits=limits(memory=size(1)))
    assert repair(of, asked) == ["cache-size", "max_connections", "memory"]


def test_without_repair_what_is_stated_is_last_too() -> None:
    asked = rule("for: {link: l}\nload: l.connections\nlimit: l.to.max_connections")
    of = stack(
        service("db", "store"),
        service("app", "app"),
        link("app", "db", stated("connections", count(900))),
    )
    assert order(of, asked) == ["max_connections", "connections"]


# ------------------------------------------------------------------------------------ settings


def test_of_a_rule_about_a_setting_it_is_that_setting() -> None:
    asked = rule("for: {setting: x, status: ignored}\nrequire: x.of.memory < 1\nrepair: [x]")
    ignored = Setting("work_mem", "3", value=size(3), status=Status.IGNORED)
    made = service("db", "store", settings=(ignored,), limits=limits(memory=size(1)))
    assert order(stack(made), asked) == ["work_mem", "memory"]


def test_limits_keep_every_layer_the_deciding_one_first() -> None:
    from plimsoll.model.stack import Limit

    layers = (stated("memory", size(400)), written("mem_limit", size(20), path="compose.yaml"))
    made = service("db", "store", limits={"memory": Limit("memory", layers)})
    asked = rule(STORE + "load: s.cache_size\nlimit: s.memory")
    assert order(stack(made), asked) == ["cache-size", "mem_limit", "memory"]
    assert only(stack(made), asked).arithmetic == "64 MiB > min(20 MiB, 400 MiB) = 20 MiB"


def test_of_parts_it_is_the_block_that_says_it() -> None:
    asked = rule("for: {part: p, type: pool}\nload: p.pool_max * p.workers\nlimit: 1")
    mine = part("web", "app", written("pool_max", count(9), path="pool.conf"))
    found = only(stack(service("app", "app", parts=(mine,))), asked)
    assert [(o.owner, o.setting.name) for o in found.operands] == [
        ("app", "pool_max"),
        ("app", "workers"),
    ]
