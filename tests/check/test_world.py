"""What services, links, hosts, parts and settings have, as rules ask for it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from msgspec.structs import replace

from plimsoll.check import labels
from plimsoll.check.language import (
    Const,
    Items,
    NotHere,
    Num,
    Thing,
    Value,
    arithmetic,
    compiled,
    needs,
    operands,
    parse,
)
from plimsoll.check.names import EARLIER, FIXED, LIMITS
from plimsoll.check.printing import printed
from plimsoll.check.world.settings import owned
from plimsoll.check.world.stack import StackWorld
from plimsoll.model.quantity import BYTES, COUNT, UNLIMITED, Amount
from plimsoll.model.setting import Block, Formula, Origin, Setting, Status, Unknown
from plimsoll.model.stack import Limit, Stack
from support.stacks import (
    KNOWN,
    Host,
    at,
    count,
    knowledge,
    limits,
    link,
    part,
    seconds,
    service,
    size,
    stack,
    stated,
    written,
)

SHOP = Host("shop-1", limits=limits(memory=size(4096), cores=count(4), nofile_soft=count(1024)))
BARE = Host("bare")


def world(*things: object) -> StackWorld:
    return StackWorld(stack(*things), KNOWN)  # type: ignore[arg-type]


def value(of: Stack | StackWorld, expression: str, **variables: Thing) -> Value:
    """The value of an expression; `s` is the first service, `l` the first link, `h` the first host."""
    w = of if isinstance(of, StackWorld) else StackWorld(of, KNOWN)
    named = {
        "s": (w.stack.services.values(), "service"),
        "l": (w.stack.links, "link"),
        "h": (w.stack.hosts.values(), "host"),
    }
    known = {n: Thing(next(iter(all_)), k) for n, (all_, k) in named.items() if all_}
    return compiled(parse(expression))(w, known | variables)


def shown(of: Stack | StackWorld, expression: str, **variables: Thing) -> str:
    found = value(of, expression, **variables)
    missing = ", ".join(needs(found))
    return f"{printed(found)}; needs {missing}" if missing else printed(found)


# --------------------------------------------------------------------------------------- services


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("s.name", "db"),
        ("s.technology", "store"),
        ("s.version", "15.4"),
        ("s.host", "host shop-1"),
        ("s.host.name", "shop-1"),
        ("s.clients", "app -> db"),
        ("s.clients.map(c, c.from)", "app"),
        ("s.servers", "db -> app"),
        ("s.settings.map(x, x.name)", "work_mem"),
        ("s.work_mem", "8 MiB"),
        ("s.cache_size", "64 MiB"),
        ("s.role", "cache+queue"),
        ("s.roles", "cache, queue"),
        ('"cache" in s.roles', "on"),
        ('s.role == "cache"', "off"),
        ("s.host.services.size()", "2"),
    ],
)
def test_a_service_has(expression: str, said: str) -> None:
    of = stack(
        service(
            "db",
            "store",
            written("work_mem", size(8)),
            version="15.4",
            host="shop-1",
            roles=("cache", "queue"),
        ),
        service("app", "app", host="shop-1"),
        SHOP,
        link("app", "db"),
        link("db", "app"),
    )
    assert shown(of, expression) == said


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("s.version", "unknown; needs version of db"),
        ("s.role", "unset; needs role of db"),
        ("s.roles", "none; needs role of db"),
        ("s.clients", "none; needs clients of db"),
        ("s.clients.size()", "unknown; needs clients of db"),
        ("s.servers.size()", "0"),
        ("s.memory", "unknown; needs memory of db"),
        ("s.grace", "unknown; needs grace of db"),
        ("s.memory_limited", "unknown; needs memory of db"),
        ("s.host.cores", "unknown; needs cores of host of db"),
        ("s.before", "unknown"),
    ],
)
def test_what_nobody_said_is_unknown(expression: str, said: str) -> None:
    assert shown(stack(service("db", "store")), expression) == said


def test_a_service_on_a_host_needs_the_memory_of_that_host() -> None:
    of = stack(service("db", "store", host="bare"), BARE)
    assert shown(of, "s.memory") == "unknown; needs memory of host bare"
    assert shown(of, "s.cores") == "unknown; needs cores of host bare"
    assert shown(of, "s.shm") == "unknown; needs shm of db"


# -------------------------------------------------------------------------- settings and facts


def test_of_a_fact_and_a_setting_with_one_name_the_fact_wins() -> None:
    of = stack(service("db", "store", written("mode", "safe"), written("threads", count(7))))
    assert shown(of, "s.threads") == "1"
    assert shown(of, 's["threads"]') == "7"


def test_inside_of_its_own_formula_the_name_is_the_settings() -> None:
    of = stack(service("db", "store", written("mode", "fast"), written("threads", count(7))))
    assert shown(of, "s.threads") == "7"


def test_keys_of_settings_have_underscores() -> None:
    of = stack(service("db", "store", written("cache-size", size(3))))
    assert shown(of, "s.cache_size") == shown(of, 's["cache-size"]') == "3 MiB"


def test_a_setting_that_the_technology_lacks_is_not_here() -> None:
    assert isinstance(value(stack(service("db", "store")), "s.workers"), NotHere)
    assert isinstance(value(stack(service("what", "")), "s.workers"), NotHere)


def test_a_fact_that_gives_a_setting_another_name_is_that_setting() -> None:
    of = stack(service("app", "app", written("workers", count(3))))
    assert [o.setting.name for o in operands(value(of, "s.processes"))] == ["workers"]


def test_a_fact_is_one_operand_and_its_inputs_follow_it() -> None:
    found = operands(value(stack(service("db", "store")), "s.slots"))
    assert [(o.setting.name, o.setting.origin) for o in found] == [
        ("slots", Origin.DERIVED),
        ("max_connections", Origin.DEFAULT),
        ("reserved", Origin.DEFAULT),
    ]
    assert found[0].setting.text == "97"
    assert found[0].setting.value == count(97)


def test_an_assumed_fact_says_so() -> None:
    found = operands(value(stack(service("db", "store")), "s.private_memory"))
    (operand,) = found
    assert (operand.setting.origin, operand.setting.reason) == (Origin.ASSUMED, "a guess")
    assert operand.setting.text == "10 MiB"


def test_what_is_taken_where_a_formula_cannot_tell_is_an_assumption() -> None:
    db = service("db", "store", written("max_connections", count(70)))
    found = value(stack(db), "s.in_use")
    assert (printed(found), needs(found)) == ("70", ())
    assert [each.setting.origin for each in operands(found)] == [Origin.ASSUMED, Origin.FILE]
    app = link("app", "db", stated("connections", count(9)), library="driver")
    known = value(stack(db, service("app", "app"), app), "s.in_use")
    assert printed(known) == "9"
    assert Origin.ASSUMED not in {each.setting.origin for each in operands(known)}
    bare = StackWorld(stack(db), KNOWN).without_assumptions()
    assert shown(bare, "s.in_use") == "unknown; needs clients of db"


def test_a_value_that_could_not_be_told_is_any_of_its_type() -> None:
    of = stack(service("db", "store", written("cache_size", Unknown("computed"))))
    found = value(of, "s.cache_size")
    assert isinstance(found, Num)
    assert (found.low, found.high, found.unit) == (0, UNLIMITED, size(1).unit)


def test_measured_beats_stated_beats_a_formula() -> None:
    measured = Setting("processes", "7", origin=Origin.MEASURED, value=count(7))
    said = {"processes": stated("processes", count(5))}
    assert shown(stack(service("db", "store", stated=said)), "s.processes") == "5"
    both = service("db", "store", stated=said, measured={"processes": measured})
    assert shown(stack(both), "s.processes") == "7"


def test_a_measurement_in_another_unit_is_none() -> None:
    measured = {"private_memory": Setting("private_memory", "48", value=count(48))}
    of = stack(service("db", "store", measured=measured))
    assert shown(of, "s.private_memory") == "unknown; needs private_memory of db in bytes"


def test_what_is_measured_needs_no_fact() -> None:
    measured = {"rate": Setting("rate", "48", value=count(48))}
    assert shown(stack(service("db", "store", measured=measured)), "s.rate") == "48"


def test_a_fact_that_leads_back_to_itself_is_unknown() -> None:
    facts = """
        service:
          a: {unit: count, is: s.b}
          b: {unit: count, is: s.a + 1}
    """
    known = knowledge({"store": "x: {type: count}"}, {"store": facts}, {})
    of = StackWorld(stack(service("db", "store", known=known)), known)
    assert shown(of, "s.a") == "at least 1; needs a of db"


# --------------------------------------------------------------------------- general formulas


def test_replicas_are_one_where_nobody_says_otherwise() -> None:
    of = stack(service("db", "store"))
    for name in ("replicas", "replicas_max", "replicas_peak", "replicas_here"):
        assert shown(of, f"s.{name}") == "1"


@pytest.mark.parametrize(
    ("replicas", "most", "surge", "peak"), [(2, 6, "0.25", 8), (4, 1, "0.5", 6), (3, 3, "0", 3)]
)
def test_replicas_at_the_peak_are_the_most_and_the_surge(
    replicas: int, most: int, surge: str, peak: int
) -> None:
    said = {
        "replicas": stated("replicas", count(replicas)),
        "replicas_max": stated("replicas_max", count(most)),
        "surge": stated("surge", count(Fraction(surge))),
    }
    assert shown(stack(service("db", "store", stated=said)), "s.replicas_peak") == str(peak)


def test_unknown_replicas_are_one_to_unlimited() -> None:
    said = {"replicas": stated("replicas", Unknown("${REPLICAS}"))}
    found = value(stack(service("db", "store", stated=said)), "s.replicas_peak")
    assert isinstance(found, Num)
    assert (found.low, found.high) == (1, UNLIMITED)


def test_a_program_sees_the_cores_of_the_host_and_gets_the_soft_limit() -> None:
    own = limits(cores=count(1), nofile_soft=count(10))
    of = stack(service("db", "store", host="shop-1", limits=own), SHOP)
    assert shown(of, "s.cores_seen") == "4"
    assert shown(of, "s.nofile") == "10"


def test_a_link_waits_for_all_tries_and_the_pauses() -> None:
    said = (
        stated("timeout", seconds(5)),
        stated("retries", count(10)),
        stated("backoff", seconds(4)),
    )
    of = stack(service("db", "store"), service("app", "app"), link("app", "db", *said))
    assert shown(of, "l.total") == "59 s"


# -------------------------------------------------------------------------------------- limits


def test_of_several_layers_the_smallest_decides_and_every_other_stays() -> None:
    own = (*SHOP.limit("memory").layers, written("mem_limit", size(512)))
    of = stack(service("db", "store", host="shop-1", limits={"memory": Limit("memory", own)}), SHOP)
    found = value(of, "s.memory")
    assert printed(found) == "512 MiB"
    assert [(o.owner, o.setting.name) for o in operands(found)] == [
        ("db", "mem_limit"),
        ("shop-1", "memory"),
    ]
    assert shown(of, "s.memory_limited") == "on"


def test_the_host_alone_does_not_limit_a_service() -> None:
    own = {"memory": SHOP.limit("memory")}
    of = stack(service("db", "store", host="shop-1", limits=own), SHOP)
    assert shown(of, "s.memory_limited") == "off"


def test_an_unknown_layer_can_only_make_it_less() -> None:
    own = (stated("memory", size(512)), written("mem_limit", Unknown("${LIMIT}")))
    found = value(
        stack(service("db", "store", limits={"memory": Limit("memory", own)})), "s.memory"
    )
    assert isinstance(found, Num)
    assert (found.low, found.high) == (0, 512 << 20)


def test_a_layer_may_be_a_formula() -> None:
    own = (stated("tasks", count(900)), written("TasksMax", Formula("s.host.cores * 100")))
    made = service("db", "store", host="shop-1", limits={"tasks": Limit("tasks", own)})
    assert shown(stack(made, SHOP), "s.tasks") == "400"


# --------------------------------------------------------------------------------------- links


def test_nothing_falls_through_from_a_link() -> None:
    of = stack(service("app", "app"), service("db", "store"), link("app", "db"))
    assert isinstance(value(of, "l.workers"), NotHere)
    assert shown(of, "l.from.workers") == "1"
    assert shown(of, "l.to.max_connections") == "100"


def test_a_library_has_facts_and_defaults() -> None:
    plain = stack(
        service("app", "app"), service("db", "store"), link("app", "db", library="driver")
    )
    assert shown(plain, "l.connections") == "15"
    assert shown(plain, "l.pool_size") == "5"
    own = link("app", "db", written("pool_size", count(20)), library="driver")
    assert shown(stack(service("app", "app"), own), "l.connections") == "30"
    said = link("app", "db", stated("connections", count(7)), library="driver")
    assert shown(stack(service("app", "app"), said), "l.connections") == "7"


def test_without_a_library_a_link_is_unknown() -> None:
    of = stack(service("app", "app"), service("db", "store"), link("app", "db"))
    assert shown(of, "l.timeout") == "unknown; needs timeout of app -> db"
    assert shown(of, "l.checked") == "unknown; needs checked of app -> db"
    said = shown(of, "l.part.pool_max")
    assert said == "unknown; needs the block of app that connects to db"


def test_a_link_has_the_block_that_opens_it() -> None:
    pool = part("web", "app", written("pool_max", count(3)))
    of = stack(service("app", "app", parts=(pool,)), link("app", "db", part=pool))
    assert shown(of, "l.part.pool_max") == "3"
    assert shown(of, "l.part.type") == "pool"


# --------------------------------------------------------------------------------------- hosts


def test_a_host_has_limits_services_and_kernel_settings() -> None:
    kernel = {"net_core_somaxconn": written("net.core.somaxconn", count(128))}
    of = stack(service("db", "store", host="m"), Host("m", settings=kernel))
    assert shown(of, "h.net_core_somaxconn") == "128"
    assert shown(of, "h.services") == "db"
    assert shown(of, "h.swap") == "unknown; needs swap of host m"
    assert shown(stack(BARE), "h.net_core_somaxconn") == "4096"
    assert shown(stack(BARE), "h.vm_nothing") == "unknown; needs vm_nothing of host bare"


# --------------------------------------------------------------------------------------- parts

OUTER = part("outer", "app", written("pool_timeout", seconds(3)))
INNER = part("inner", "app", written("threads", count(9)), parent=OUTER)


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("p.name", "inner"),
        ("p.type", "pool"),
        ("p.of", "app"),
        ("p.threads", "9"),
        ("p.pool_timeout", "3 s"),  # of the block around it
        ("p.pool_max", "5"),  # the default of such parts
        ("p.workers", "4"),  # of its service
        ("p.request_timeout", "30 s"),  # a fact of its service
        ("p.memory", "1 GiB"),
        ('p["threads"]', "9"),
        ('p["pool_max"]', "5"),
        ('p["workers"]', "4"),
        ("s.pools", "pool outer, pool inner"),
        ("s.containers.size()", "0"),
        ("s.pools.map(q, q.pool_timeout).max()", "3 s"),
    ],
)
def test_what_a_part_lacks_is_that_of_what_it_is_in(expression: str, said: str) -> None:
    own = limits(memory=size(1024))
    of = stack(
        service("app", "app", written("workers", count(4)), parts=(OUTER, INNER), limits=own)
    )
    assert shown(of, expression, p=Thing(INNER, "pool")) == said


def test_what_means_another_thing_in_a_part_does_not_come_from_the_service() -> None:
    settings = (written("pool_max", count(8)), written("pool_timeout", seconds(8)))
    of = stack(service("app", "app", *settings, parts=(INNER,)))
    bare = Thing(part("bare", "app"), "pool")
    assert shown(of, "p.pool_max", p=bare) == "5"
    assert shown(of, "p.pool_timeout", p=bare) == "8 s"


def test_a_default_that_is_calculated_speaks_of_the_part_itself() -> None:
    one, other = part("one", "app", written("pool_max", count(9))), part("other", "app")
    of = stack(service("app", "app", written("pool_idle", seconds(3)), parts=(one, other)))
    spare = [shown(of, "p.pool_spare", p=Thing(each, "pool")) for each in (one, other)]
    assert spare == ["18", "10"]
    assert shown(of, "p.pool_idle", p=Thing(one, "pool")) == "3 s"


def test_what_accompanies_a_service_has_its_own_defaults_first() -> None:
    box = part("db", "db", written("mem_limit", size(9)), type_="container")
    of = stack(service("db", "store", parts=(box,)))
    assert shown(of, "p.mem_limit", p=Thing(box, "container")) == "9 MiB"
    assert shown(of, "p.cpus", p=Thing(box, "container")) == "unset; needs cpus of db is unset"
    assert shown(of, "p.max_connections", p=Thing(box, "container")) == "100"
    assert shown(of, "s.containers") == "container db"


@pytest.mark.parametrize(
    ("type_", "name"),
    [
        ("location", "locations"),
        ("cache", "caches"),
        ("proxy", "proxies"),
        ("cache-path", "cache_paths"),
        ("switch", "switches"),
        ("key", "keys"),
    ],
)
def test_parts_are_found_under_the_plural_of_their_type(type_: str, name: str) -> None:
    assert labels.plural(type_) == name


# ------------------------------------------------------------------------------------ settings


def of_setting(setting: Setting, expression: str, **more: Any) -> str:
    db = service("db", "store", host="shop-1", **more)
    w = world(db, SHOP)
    return shown(w, expression, x=owned(w, db, setting))


IGNORED = Setting(
    "work_mem",
    "3",
    at("a.conf", 3),
    value=size(3),
    status=Status.IGNORED,
    reason="a unit is missing",
)
LOSER = Setting(
    "work_mem",
    "3",
    value=size(3),
    status=Status.SHADOWED,
    winner=Setting("work_mem", "7", value=size(7)),
)


@pytest.mark.parametrize(
    ("name", "version", "said"),
    [
        ("work_mem", "", "on"),
        ("new_memory", "1", "off"),
        ("new_memory", "2.1", "on"),
        ("new_memory", "", "unknown; needs version of db"),
    ],
)
def test_whether_a_version_has_a_setting(name: str, version: str, said: str) -> None:
    found = of_setting(Setting(name, "9", value=size(9)), "x.exists", version=version)
    assert found == said


@pytest.mark.parametrize(
    ("setting", "expression", "said"),
    [
        (IGNORED, "x.name", "work_mem"),
        (IGNORED, "x.text", "3"),
        (IGNORED, "x.value", "3 MiB"),
        (IGNORED, "x.default", "4 MiB"),
        (IGNORED, "x.origin", "file"),
        (IGNORED, "x.status", "ignored"),
        (IGNORED, "x.reason", "a unit is missing"),
        (IGNORED, "x.of", "db"),
        (IGNORED, "has(x.winner)", "off"),
        (LOSER, "x.winner.value", "7 MiB"),
        (LOSER, "x.winner.text", "7"),
        (IGNORED, "x.counts_cores", "off"),
        (IGNORED, "written(x)", "on"),
        (Setting("mem_limit", "9", value=size(9), technology="box"), "has(x.default)", "off"),
        (Setting("unheard", "9", value="9"), "has(x.default)", "off"),
        (IGNORED, "x.file", "a.conf"),
        (LOSER, "x.file", ""),
        (LOSER, "x.block", ""),
        (replace(LOSER, scope=(Block("domain", "www-data"),)), "x.block", "www-data"),
        (IGNORED, "x.host", "host shop-1"),
        (IGNORED, "x.exists", "on"),
        (Setting("unheard", "9", value="9"), "has(x.exists)", "off"),
    ],
)
def test_a_setting_has(setting: Setting, expression: str, said: str) -> None:
    assert of_setting(setting, expression) == said


def test_a_setting_of_a_machine_has_that_machine() -> None:
    w = world(SHOP)
    line = Setting("nofile.soft", "9", scope=(Block("domain", "*"),), technology="limits")
    assert shown(w, "x.host", x=owned(w, SHOP, line)) == "host shop-1"


COUNTED = Setting("reserved", "auto", value=Formula("s.cores_seen * 2 + 1"))


@pytest.mark.parametrize(
    ("cores", "granted"),
    [
        (count(1), "3"),
        (count(3), "7"),
        (Amount.of(0.5), "3"),
        (None, "at least 3; needs cores of host shop-1"),
    ],
)
def test_a_formula_over_cores_and_what_the_granted_ones_give(
    cores: Amount | None, granted: str
) -> None:
    own = limits(cores=cores) if cores else {}
    assert of_setting(COUNTED, "x.value", limits=own) == "9"
    assert of_setting(COUNTED, "x.counts_cores", limits=own) == "on"
    assert of_setting(COUNTED, "x.granted", limits=own) == granted


def test_a_default_that_is_calculated_is_one_operand_and_its_inputs_follow() -> None:
    of = stack(
        service("db", "store", written("reserved", Formula("s.cores_seen * 2")), host="shop-1"),
        SHOP,
    )
    reserved, cores = operands(value(of, "s.reserved"))
    assert (reserved.setting.value, reserved.setting.text) == (count(8), "s.cores_seen * 2")
    assert (cores.owner, cores.setting.name) == ("shop-1", "cores")


def test_a_calculated_default_is_shown_as_what_it_is_worth() -> None:
    known = knowledge({"store": 'spare: {type: count, default: "= s.cores + 1"}'}, {}, {})
    of = stack(service("db", "store", known=known, limits=limits(cores=count(3))))
    spare = operands(value(StackWorld(of, known), "s.spare"))[0].setting
    assert (spare.text, spare.value, spare.origin) == ("4", count(4), Origin.DEFAULT)


@pytest.mark.parametrize("formula", ["s.nothing + 1", "1 +", "s.host.nothing"])
def test_a_formula_that_gives_nothing_is_unknown(formula: str) -> None:
    of = stack(service("db", "store", written("reserved", Formula(formula))))
    assert shown(of, "s.reserved").startswith("unknown")


# ----------------------------------------------------------------------------------- everything


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind, names in FIXED.items() for name in (*names, *LIMITS.get(kind, ()))],
)
def test_every_name_that_rules_may_use_has_a_value(kind: str, name: str) -> None:
    db = service("db", "store", host="shop-1")
    w = world(db, SHOP)
    things = {
        "service": Thing(db, "service"),
        "host": Thing(SHOP, "host"),
        "link": Thing(link("app", "db"), "link"),
        "part": Thing(part("web", "db"), "pool"),
        "setting": owned(w, db, LOSER),
    }
    found = value(w, f"x.{name}", x=things[kind])
    assert isinstance(found, NotHere) == (name in EARLIER)


def test_attributes_are_calculated_once() -> None:
    w = world(service("db", "store"))
    db = Thing(next(iter(w.stack.services.values())), "service", Const("db"))
    assert w.attribute(db, "slots") is w.attribute(db, "slots")
    assert isinstance(w.attribute(db, "clients"), Items)


def test_the_neutral_value_of_what_a_version_lacks_is_no_operand() -> None:
    of = stack(service("db", "store", version="1"))
    found = value(of, "s.max_connections - s.reserved_extra")
    assert [each.setting.name for each in operands(found)] == ["max_connections"]
    assert arithmetic(found) == "100"


@pytest.mark.parametrize(
    ("resource", "said"),
    [
        ("memory", "unknown; needs memory of db"),
        ("cores", "unknown; needs cores of db"),
        ("nofile_hard", "unlimited"),
    ],
)
def test_no_limit_of_a_unit_does_not_make_a_machine_endless(resource: str, said: str) -> None:
    unit = BYTES if resource == "memory" else COUNT
    endless = {resource: Amount.of(UNLIMITED, unit)}
    of = stack(service("db", "store", limits=limits(**endless)))
    assert shown(of, f"s.{resource}") == said
