"""The five postmortems that this project began with: every value of their truth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plimsoll.learn.moment import minutes_between
from plimsoll.learn.postmortem import Postmortem
from plimsoll.learn.reading.actions import actions_listed
from plimsoll.learn.reading.blocks import document_of
from plimsoll.learn.reading.read import read
from plimsoll.learn.reading.sections import outline_of
from plimsoll.learn.reading.texts import text_of

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
if not SEEDS.is_dir():
    pytest.skip("the five postmortems beside the project are absent", allow_module_level=True)
TRUTHS = [json.loads(line) for line in (SEEDS / "truth.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(params=TRUTHS, ids=[truth["id"] for truth in TRUTHS])
def truth(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = request.param
    return found


@pytest.fixture
def seed(truth: dict[str, Any]) -> Postmortem:
    return read(text_of((SEEDS / truth["file"]).read_bytes()), truth["file"])


def test_what_it_states(truth: dict[str, Any], seed: Postmortem) -> None:
    titles = [truth["title"], *truth.get("also", {}).get("title", [])]
    assert seed.title in titles or any(
        each and seed.title and each in seed.title for each in titles
    )
    assert [each and each.iso() for each in (seed.start, seed.end)] == [
        truth["start"],
        truth["end"],
    ]
    assert seed.duration_minutes == truth["duration_minutes"]
    assert seed.time_zone == truth["tz"]
    assert seed.severity is None
    assert list(seed.missing) == truth["missing"]
    assert seed.impact.percent == truth["impact"]["percent"]
    assert seed.impact.users == truth["impact"]["users"]
    for key in ("percent", "users"):
        if truth["impact"].get(f"{key}_line"):
            assert seed.sources[f"impact.{key}"].line == truth["impact"][f"{key}_line"]


def test_what_could_not_be_done(truth: dict[str, Any], seed: Postmortem) -> None:
    said = [each["text"] for each in truth["impact"]["functions"]]
    assert [each for each in seed.impact.functions if each != "slow load times"] == [
        each for each in said if each != "load times"
    ]


def test_its_timeline(truth: dict[str, Any], seed: Postmortem) -> None:
    told = [(e.at.iso() if e.at else None, e.line, e.text) for e in seed.timeline]
    assert told == [(e["at"], e["line"], e["text"]) for e in truth["timeline"]]


def test_its_milestones(truth: dict[str, Any], seed: Postmortem) -> None:
    told = dict(seed.milestones.items())
    also = truth["minutes_also"]
    names = {
        "detected": "detect",
        "acknowledged": "acknowledge",
        "engaged": "engage",
        "identified": "identify",
        "mitigated": "mitigate",
        "resolved": "recover",
    }
    for milestone, key in names.items():
        accepted = [truth["minutes"][key], *also.get(key, [])]
        assert minutes_between(seed.start, told[milestone]) in accepted, milestone


def test_its_wrong_paths(truth: dict[str, Any], seed: Postmortem) -> None:
    wanted = truth["misdirected"]
    assert sum(path.minutes or 0 for path in seed.hypotheses) == wanted["minutes"]
    assert [(p.line, p.minutes) for p in seed.hypotheses] == [
        (each["lines"][0], each["minutes"]) for each in wanted["paths"]
    ]


def test_its_cause(truth: dict[str, Any], seed: Postmortem) -> None:
    cause = seed.root_cause
    assert cause is not None
    assert cause.category == truth["root_cause_category"]
    assert cause.line in truth["root_cause_lines"]
    assert cause.value is None
    kinds = {
        "seed-000": "thread count",
        "seed-001": "memory limit",
        "seed-002": "database parameter",
        "seed-003": "worker count",
        "seed-004": "cache lifetime",
    }
    assert cause.setting == kinds[truth["id"]]
    assert seed.sources["resolution"].line in truth["resolution_lines"]


def test_its_factors(truth: dict[str, Any], seed: Postmortem) -> None:
    assert [(f.line, f.text) for f in seed.factors] == [
        (f["line"], f["text"]) for f in truth["factors"]
    ]


def test_its_actions(truth: dict[str, Any], seed: Postmortem) -> None:
    lines = text_of((SEEDS / truth["file"]).read_bytes()).lines
    listed = actions_listed(outline_of(document_of(list(enumerate(lines, 1))).items))
    said = sorted((a.line, a.text.rstrip("."), a.done) for a in listed)
    assert said == sorted((a["line"], a["text"].rstrip("."), a["done"]) for a in truth["actions"])
    assert abs(len(seed.actions) - truth["n_actions"]) <= 1
    tasks = {each["line"] for each in truth["actions"] if each["list"] == "tasks"}
    assert tasks <= {action.line for action in seed.actions}


def test_twenty_one_tasks() -> None:
    tasks = [each for truth in TRUTHS for each in truth["actions"] if each["list"] == "tasks"]
    assert len(tasks) == 21


def test_its_contradictions(truth: dict[str, Any], seed: Postmortem) -> None:
    assert len(seed.contradictions) == len(truth["contradictions"])
    for found, wanted in zip(seed.contradictions, truth["contradictions"], strict=True):
        assert set(found.lines) <= set(wanted["lines"])
        assert len(found.lines) == 2
