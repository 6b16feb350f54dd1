"""Rules of the kind `exact` against varnishd: units that it drops, values that it refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from plimsoll.check import load_rules
from plimsoll.model.rule import Example, Verdict
from support.programs import need
from support.servers import folder_of_nobody
from support.varnish import shown

pytestmark = pytest.mark.real


def examples(rule_id: str) -> Iterator[object]:
    (rule,) = (each for each in load_rules() if each.id == rule_id)
    for each in rule.examples:
        yield pytest.param(each, id=f"{each.verdict}-{each.place.span.line}")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with folder_of_nobody() as found:
        yield found


def parameters(example: Example) -> list[str]:
    return re.findall(r"-p (\S+)", example.files["varnish.service"])


@pytest.mark.parametrize("example", list(examples("varnish-unit-dropped")))
def test_varnishd_takes_the_number_alone(example: Example, folder: Path) -> None:
    told = parameters(example)
    theirs = shown(need("varnishd", "varnish"), folder, *(w for each in told for w in ("-p", each)))
    assert theirs is not None
    for each in told:
        name, _, text = each.partition("=")
        number = re.match(r"[0-9.]+", text)
        assert number
        assert float(theirs[name]) == float(number[0])


@pytest.mark.parametrize("example", list(examples("varnish-value-refused")))
def test_varnishd_refuses_what_the_rule_flags(example: Example, folder: Path) -> None:
    words = [w for each in parameters(example) for w in ("-p", each)]
    theirs = shown(need("varnishd", "varnish"), folder, *words)
    assert (theirs is None) == (example.verdict is Verdict.FLAGGED)
