"""A finding with many settings: every report shows the first of them and counts the rest."""

from __future__ import annotations

import io
import json

import pytest
from msgspec.structs import replace

from plimsoll import report
from plimsoll.model.finding import MOST_LISTED, Outcome
from plimsoll.report.format import Look

MORE = 5


@pytest.fixture
def crowded(outcome: Outcome) -> Outcome:
    finding = next(each for each in outcome.findings if len(each.operands) > 1)
    first = finding.operands[0]
    others = [
        replace(first, setting=replace(first.setting, name=f"pool_{n}"))
        for n in range(MOST_LISTED + MORE - 1)
    ]
    return replace(outcome, findings=(replace(finding, operands=(first, *others)),))


def written(name: str, outcome: Outcome) -> str:
    found = report.format_named(name)
    assert found is not None
    out = io.StringIO()
    found.write(outcome, out, Look())
    return out.getvalue()


@pytest.mark.parametrize("name", ["text", "markdown", "junit", "html", "json", "sarif"])
def test_the_first_are_shown(name: str, crowded: Outcome) -> None:
    text = written(name, crowded)
    assert f"pool_{MOST_LISTED - 2}" in text
    assert f"pool_{MOST_LISTED - 1}" not in text


@pytest.mark.parametrize("name", ["text", "markdown", "junit", "html"])
def test_the_rest_is_counted(name: str, crowded: Outcome) -> None:
    assert f"and {MORE} more" in written(name, crowded)


def test_the_contract_counts_them(crowded: Outcome) -> None:
    (finding,) = json.loads(written("json", crowded))["findings"]
    assert (len(finding["settings"]), finding["more_settings"]) == (MOST_LISTED, MORE)


def test_few_are_not_counted(outcome: Outcome) -> None:
    assert "more_settings" not in written("json", outcome)
