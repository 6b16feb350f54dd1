"""The example shop is sound, in both of its forms; each of its variants is flagged at its line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

import variants
from plimsoll.check import check, load_rules
from plimsoll.model.finding import Finding, Operand, Severity
from plimsoll.stack import read_stack

TODAY = date(2026, 1, 1)
FORMS = {"systemd": (), "compose": ("compose.yaml",)}
MACHINE = "shop-1:memory=4GiB,cores=2"


@dataclass(frozen=True)
class Fault:
    """*path*, *name*: where the variant changes what. *inside*: a value just inside its limit."""

    path: str
    name: str
    value: str
    inside: str


FAULTS = {
    "shop-seed-000": Fault("app/bin/start", "threads", "400", "4"),
    "shop-seed-001": Fault("db/postgresql.conf", "work_mem", "512MB", "31MB"),
    "shop-seed-002": Fault("db/postgresql.conf", "random_page_cost", "110", "10"),
    "shop-seed-003": Fault("app/gunicorn.conf.py", "workers", "64", "4"),
    "shop-seed-004": Fault("app/shop/settings.py", "TIMEOUT", "0", "1"),
}


def findings(shop: Path, form: str) -> list[Finding]:
    """What is found at medium or above."""
    stack = read_stack(shop, files=FORMS[form], hosts=[MACHINE])
    outcome = check(stack, load_rules(), TODAY)
    assert outcome.unread == ()
    return [f for f in outcome.findings if f.severity >= Severity.MEDIUM]


def line_of(shop: Path, fault: Fault, value: str) -> int:
    """The line on which a variant's value stands."""
    wanted = re.compile(rf"\b{fault.name}\b\W+{value}\b")
    lines = (shop / fault.path).read_text().splitlines()
    return next(n for n, line in enumerate(lines, start=1) if wanted.search(line))


@pytest.mark.parametrize("form", FORMS)
def test_the_shop_is_sound(form: str, tmp_path: Path) -> None:
    shop = variants.lay_out(None, tmp_path)
    assert [f.rule for f in findings(shop, form)] == []


def test_every_variant_is_told_of_here() -> None:
    assert [v.name for v in variants.variants()] == sorted(FAULTS)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", FAULTS)
def test_a_variant_is_flagged_at_its_line_and_for_nothing_else(
    name: str, form: str, tmp_path: Path
) -> None:
    fault = FAULTS[name]
    (variant,) = (v for v in variants.variants() if v.name == name)
    shop = variants.lay_out(variant, tmp_path)
    found = findings(shop, form)
    assert found, "nothing is flagged"
    wanted = (fault.path, fault.name, line_of(shop, fault, fault.value))
    assert found[0].severity >= Severity.HIGH
    assert at(found[0].operands[0]) == wanted
    for each in found:  # whichever setting a rule would rather change, this one takes part
        assert wanted in map(at, each.operands), each.rule


def at(operand: Operand) -> tuple[str, str, int] | None:
    place = operand.setting.place
    return (place.path, operand.setting.name, place.span.line) if place else None


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", FAULTS)
def test_just_inside_its_limit_there_is_silence(name: str, form: str, tmp_path: Path) -> None:
    fault = FAULTS[name]
    (variant,) = (v for v in variants.variants() if v.name == name)
    shop = variants.lay_out(variant, tmp_path)
    path = shop / fault.path
    changed = re.sub(
        rf"(\b{fault.name}\b\W+){fault.value}\b", rf"\g<1>{fault.inside}", path.read_text()
    )
    path.write_text(changed)
    assert line_of(shop, fault, fault.inside)
    assert [(f.rule, f.message) for f in findings(shop, form)] == []
