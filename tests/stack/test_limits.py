from __future__ import annotations

from plimsoll.model.quantity import BYTES, GIB, MIB, Amount
from plimsoll.model.schema import Default, Entry, Schema, Type
from plimsoll.model.setting import Origin, Setting
from plimsoll.model.stack import Host, Limit, Part
from plimsoll.stack.limits import host_limits, service_limits

SCHEMA = Schema(
    "box",
    {
        "mem_limit": Entry("mem_limit", Type.SIZE, BYTES, gives="memory"),
        "files": Entry(
            "files", Type.COUNT, defaults=(Default(Amount.of(1024)),), gives="nofile_soft"
        ),
        "queue": Entry(
            "queue", Type.COUNT, defaults=(Default(Amount.of(4096)),), gives="somaxconn"
        ),
        "other": Entry("other", Type.COUNT),
    },
)


def setting(name: str, number: int, origin: Origin = Origin.STATED) -> Setting:
    unit = BYTES if name in ("memory", "mem_limit") else Amount.of(0).unit
    return Setting(name, str(number), origin=origin, value=Amount.of(number, unit))


def box(**own: int) -> Part:
    held = {name: setting(name, number, Origin.MANIFEST) for name, number in own.items()}
    return Part("container", "a", "a", "box", settings=held, schema=SCHEMA)


def host(**amounts: int) -> Host:
    stated = {name: setting(name, number) for name, number in amounts.items()}
    return Host("h", limits=host_limits(stated, {}, None))


def names(limit: Limit) -> list[str]:
    return [layer.name for layer in limit.layers]


def test_the_smallest_layer_wins_and_every_layer_is_kept() -> None:
    limits = service_limits(host(memory=4 * GIB), [box(mem_limit=512 * MIB)], {})
    assert names(limits["memory"]) == ["memory", "mem_limit"]
    assert limits["memory"].amount == Amount.of(512 * MIB, BYTES)


def test_a_container_larger_than_its_host_has_the_hosts_memory() -> None:
    limits = service_limits(host(memory=1 * GIB), [box(mem_limit=2 * GIB)], {})
    winner = limits["memory"].winner
    assert winner is not None
    assert winner.name == "memory"


def test_what_is_stated_of_a_service_is_a_layer_too() -> None:
    stated = {"memory": setting("memory", 256 * MIB)}
    limits = service_limits(host(memory=1 * GIB), [box(mem_limit=2 * GIB)], stated)
    assert limits["memory"].amount == Amount.of(256 * MIB, BYTES)
    assert len(limits["memory"].layers) == 3


def test_open_files_of_a_host_are_replaced_by_those_of_a_unit_or_container() -> None:
    limits = service_limits(host(nofile=100), [box(files=4096)], {})
    assert limits["nofile_soft"].amount == Amount.of(4096)
    assert limits["nofile_hard"].amount == Amount.of(100)


def test_a_default_that_limits_is_a_layer() -> None:
    limits = service_limits(None, [box()], {})
    assert [s.origin for s in limits["nofile_soft"].layers] == [Origin.DEFAULT]
    assert "memory" not in limits


def test_a_default_does_not_replace_what_is_stated_of_the_machine() -> None:
    found = service_limits(host(nofile_soft=4096), [box()], {})["nofile_soft"]
    assert names(found) == ["nofile_soft"]
    assert found.amount == Amount.of(4096)


def test_a_machine_with_a_short_queue_shows_a_kernel_whose_namespaces_begin_with_one() -> None:
    for of_host, own, expected in ((128, {}, 128), (65535, {}, 4096), (128, {"queue": 1024}, 1024)):
        found = service_limits(host(somaxconn=of_host), [box(**own)], {})["somaxconn"]
        assert found.amount == Amount.of(expected)


def test_nofile_is_both_limits() -> None:
    stated = {"nofile": setting("nofile", 8192)}
    limits = service_limits(None, [], stated)
    assert limits["nofile_soft"].amount == limits["nofile_hard"].amount == Amount.of(8192)


def test_what_nobody_limits_is_unknown() -> None:
    assert service_limits(None, [], {}) == {}
    assert Limit("memory").amount is None
