"""Only what is new since an earlier report."""

from __future__ import annotations

import io
from collections import Counter

import pytest
from msgspec.structs import replace

from plimsoll.model.finding import Outcome
from plimsoll.report.baseline import BaselineError, fingerprints, since
from plimsoll.report.format import Look
from plimsoll.report.formats.json import FORMAT


def report(outcome: Outcome) -> str:
    out = io.StringIO()
    FORMAT.write(outcome, out, Look())
    return out.getvalue()


def test_what_was_there_is_accepted(outcome: Outcome) -> None:
    later = replace(
        outcome, findings=(*outcome.findings, replace(outcome.findings[1], fingerprint="b"))
    )
    found = since(later, fingerprints(report(outcome)), "base.json")
    assert [each.fingerprint for each in found.findings] == ["b"]
    assert [each.rule for each in found.suppressed] == [each.rule for each in outcome.findings]
    assert {e.accepted.reason for e in found.suppressed if e.accepted} == {
        "in the baseline base.json"
    }


def test_a_report_made_with_a_baseline_is_one_too(outcome: Outcome) -> None:
    known = fingerprints(report(outcome))
    assert fingerprints(report(since(outcome, known, "b"))) == known


def test_one_more_of_the_same_is_new(outcome: Outcome) -> None:
    twice = replace(outcome, findings=outcome.findings * 2)
    assert len(since(twice, fingerprints(report(outcome)), "b").findings) == len(outcome.findings)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        '{"findings": 1}',
        '{"findings": [{}]}',
        '{"findings": [1]}',
        "[" * 100_000,
    ],
)
def test_another_text_is_an_error(text: str) -> None:
    with pytest.raises(BaselineError, match="no report of"):
        fingerprints(text)


def test_an_empty_one_changes_nothing(outcome: Outcome) -> None:
    assert since(outcome, Counter(), "b") == outcome
