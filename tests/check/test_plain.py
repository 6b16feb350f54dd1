"""Rules and facts as data: what comes back is what went in."""

from __future__ import annotations

import marshal
from fractions import Fraction
from typing import Any

import pytest
from msgspec.structs import replace

from plimsoll.check.plain import NotPlainError, plain, restored
from plimsoll.model.quantity import Amount
from plimsoll.model.rule import Example, Param, Verdict
from support.stacks import KNOWN, rule

RULE = rule(
    """
    for: {setting: x, technology: [store], name: "max_.*", status: [ignored, refused]}
    when: x.of.replicas > 1
    params: {share: 0.3, word: w, on: true, longest: 30s}
    let: {spare: x.of.memory * share}
    untouched: low
    assumed: medium
    unless: [other]
    levels:
      - {severity: critical, load: x.of.memory_floor, limit: spare, strict: true, repair: [[x.of.memory]]}
      - {severity: low, require: x.value == x.default, effect: {max: spare}}
    message: "{x.value} is {effect.max}"
""".replace("{effect.max}", "{spare}")
)


@pytest.mark.parametrize(
    "value", [RULE, KNOWN.facts, KNOWN.general], ids=["rule", "own", "general"]
)
def test_nothing_is_lost(value: Any) -> None:
    data = marshal.loads(marshal.dumps(plain(value)))  # noqa: S302 - as the cache does
    assert plain(restored(data)) == plain(value)
    assert type(restored(data)) is type(value)


def test_examples_come_back_when_they_are_asked_for() -> None:
    files = {"plimsoll.yaml": "services: {}\n"}
    example = Example(Verdict.CLEAN, files, RULE.place, {"severity": "high"})
    given = replace(RULE, examples=(example, replace(example, verdict=Verdict.SKIPPED)))
    found = restored(marshal.loads(marshal.dumps(plain(given))))  # noqa: S302 - as the cache does
    assert tuple(found.examples) == tuple(given.examples)
    assert (len(found.examples), found.examples[1]) == (2, given.examples[1])
    assert plain(found) == plain(given)


def test_fractions_stay_exact() -> None:
    param = Param(Amount.of(Fraction(1, 3)), is_bare=True)
    assert restored(plain(param)) == param


@pytest.mark.parametrize(
    "data",
    [
        ("@Rule", 1),
        ("@Nothing",),
        ("@", ("@Severity", 99)),
        ("@Place",),
        (),
        (1,),
        ("@Expression", 1),
    ],
)
def test_other_data_is_refused(data: object) -> None:
    with pytest.raises(NotPlainError):
        restored(data)
