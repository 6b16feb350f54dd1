from __future__ import annotations

import io

import pytest
from msgspec.structs import replace

from plimsoll.model.place import Place, Span
from plimsoll.model.quantity import BYTES, GIB, SECONDS, Amount
from plimsoll.model.schema import Default, Entry, Schema, Type
from plimsoll.model.setting import Block, Setting, Status
from plimsoll.model.stack import Host, Limit, Link, Part, Service, Stack
from plimsoll.report.explanation import explanations, known_names, write_explanations
from plimsoll.report.format import Look

SCHEMA = Schema(
    "nginx",
    {
        "keepalive_timeout": Entry(
            "keepalive_timeout",
            Type.TIME,
            SECONDS,
            defaults=(Default(Amount.of(75, SECONDS)),),
            belongs="nginx.conf, http",
        )
    },
)
MEMORY = Setting("memory", "1GiB", value=Amount.of(GIB, BYTES))
UNIT = Schema("systemd", {"LimitNOFILE": Entry("LimitNOFILE", Type.COUNT)})
TEXT = "http {\n  keepalive_timeout 10;\n  keepalive_timeout 20;\n}\n"


def written(line: int, text: str, **more: object) -> Setting:
    span = Span(line, 3, line, 23), Span(line, 21, line, 23)
    setting = Setting(
        "keepalive_timeout",
        text,
        Place("nginx.conf", *span),
        (Block("http"),),
        value=Amount.of(int(text), SECONDS),
        technology="nginx",
    )
    return replace(setting, **more)


WINNER = written(3, "20")
LOSER = written(2, "10", status=Status.SHADOWED, winner=WINNER)


def stack_with(*settings: Setting) -> Stack:
    web = Service(
        "web",
        "nginx",
        settings=settings,
        schema=SCHEMA,
        parts=(Part("unit", "systemd", "web", "systemd", schema=UNIT),),
        limits={"memory": Limit("memory", (MEMORY,))},
    )
    host = Host("shop-1", settings={"vm_swappiness": Setting("vm.swappiness", "10")})
    link = Link("web", "app", {"timeout": Setting("timeout", "5s")})
    return Stack(
        hosts={"shop-1": host}, services={"web": web}, links=(link,), texts={"nginx.conf": TEXT}
    )


def told(stack: Stack, name: str, owner: str = "") -> str:
    out = io.StringIO()
    found = explanations(stack, name, owner)
    write_explanations(found, stack, lambda of: [f"rule-of-{of.setting.name}"], out, Look())
    return out.getvalue()


def test_a_setting_with_what_it_overrides() -> None:
    assert told(stack_with(LOSER, WINNER), "keepalive-timeout") == (
        "keepalive_timeout of web = 20 (20 s)\n"
        "  in         http\n"
        "  from       nginx.conf:3:21\n"
        "               keepalive_timeout 20;\n"
        "                                 ^^\n"
        "  overrides  10 (10 s), nginx.conf:2\n"
        "             75 s, default of nginx (version unknown); would stand in nginx.conf, http\n"
        "  used by    rule-of-keepalive_timeout\n"
    )


def test_a_default_that_nobody_wrote() -> None:
    assert told(stack_with(), "keepalive_timeout").startswith(
        "keepalive_timeout of web = 75 s\n"
        "  from       default of nginx (version unknown); would stand in nginx.conf, http\n"
    )


def test_a_setting_without_effect_says_why() -> None:
    refused = written(2, "10", status=Status.REFUSED, reason="is none of them")
    text = told(stack_with(refused), "keepalive_timeout")
    assert "  no effect  refused: is none of them\n" in text
    assert "overrides" not in text


@pytest.mark.parametrize(
    ("name", "owners"),
    [
        pytest.param("memory", ["web"], id="limit"),
        pytest.param("vm.swappiness", ["shop-1"], id="of a host"),
        pytest.param("timeout", ["web -> app"], id="of a link"),
        pytest.param("LimitNOFILE", ["web"], id="default of what accompanies it"),
        pytest.param("nonsense", [], id="unknown"),
    ],
)
def test_where_a_name_is_found(name: str, owners: list[str]) -> None:
    assert [each.operand.owner for each in explanations(stack_with(), name)] == owners


def test_of_one_service_only() -> None:
    assert told(stack_with(WINNER), "keepalive_timeout", "app") == ""
    assert "timeout of web -> app" in told(stack_with(), "timeout", "web")


def test_every_name_that_can_be_asked_for_is_suggested() -> None:
    stack = stack_with(WINNER)
    assert {"keepalive_timeout", "LimitNOFILE", "memory", "timeout"} <= known_names(stack)
    assert all(explanations(stack, name) for name in known_names(stack))
