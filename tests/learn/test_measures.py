"""Minutes and faults of incidents, and what may be said of many."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plimsoll.learn.measures.measure import Measure, measure
from plimsoll.learn.measures.page import page
from plimsoll.learn.measures.summary import summary
from plimsoll.learn.measures.tables import text_lines
from plimsoll.learn.postmortem import Postmortem
from plimsoll.learn.reading.read import read
from plimsoll.learn.reading.texts import text_of

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
STORY = """\
# Shop down after the release

All times in UTC, 2025-06-01.

## Timeline
- 10:00 pages fail with errors
- 10:10 alert on errors
- 10:20 suspected the network, routers checked
- 10:30 the network is fine; assumed an attack
- 10:40 no attack; the bad cache setting of the release is found
- 10:50 release rolled back, better for a few minutes, but the errors return
- 11:05 escalated to the cache team
- 11:10 cache flushed by hand
- 11:20 all pages work again, incident resolved
"""


def told(text: str, path: str = "pm.md") -> Postmortem:
    return read(text_of(text.encode()), path)


def test_one_incident_in_minutes() -> None:
    found = measure(told(STORY))
    assert (found.detect, found.identify, found.identify_from_start) == (10, 30, 40)
    assert (found.engage, found.late_engaged) == (55, 25)
    assert (found.mitigate, found.recover, found.misdirected) == (70, 80, 20)
    assert found.first_wrong_to_cause == 20
    assert found.has_wrong_path
    assert found.has_incomplete_rollback
    assert found.is_fixed_by_hand


def test_a_machine_that_repairs_is_no_hand() -> None:
    text = STORY.replace("cache flushed by hand", "the cache healed itself automatically")
    assert not measure(told(text)).is_fixed_by_hand


def test_paths_that_overlap_count_once() -> None:
    text = STORY.replace(
        "10:30 the network is fine; assumed an attack", "10:25 an attack is suspected too"
    )
    assert measure(told(text)).misdirected == 20


def _measures(*minutes: int, year: int = 2025) -> list[Measure]:
    return [
        Measure(f"{n}.md", None, None, f"{year}-01-{n + 1:02}", detect=each, recover=each)
        for n, each in enumerate(minutes)
    ]


def test_no_trend_of_few() -> None:
    found = summary([*_measures(10, 20, 30), *_measures(1, 2, 3, year=2026)], "2026-01-01")
    assert all(change.p is None and "say nothing" in change.refused for change in found.changes)


def test_a_change_of_many_has_its_p() -> None:
    before = _measures(100, 110, 120, 130, 140, 150)
    found = summary([*before, *_measures(10, 11, 12, 13, 14, 15, year=2026)], "2026-01-01")
    change = next(each for each in found.changes if each.name == "recover")
    assert change.p == pytest.approx(0.0022, abs=1e-4)
    assert any("p = 0.002 that nothing changed" in line for line in text_lines(found))


def test_drills_stay_apart_and_open_ones_count_as_long_as_they_last() -> None:
    drill = Measure("drill.md", "Game day", None, None, recover=1, is_drill=True)
    still = Measure("open.md", None, None, None, lasted=500)
    found = summary([*_measures(10, 20, 30), drill, still])
    assert found.times["recover"].n == 3
    assert (found.open, found.recover_of_all) == (1, 20)
    assert found.drills == (drill,)


def test_the_page_stands_alone() -> None:
    text = page(summary([measure(told(STORY))]))
    assert text.count("<rect") == 4
    assert "http" not in text.replace("http-equiv", "")
    assert "fewer than 6 incidents" in text


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the five postmortems beside the project are absent")
@pytest.mark.parametrize("n", range(5))
def test_the_faults_of_the_five(n: int) -> None:
    truth = json.loads((SEEDS / "truth.jsonl").read_text("utf-8").splitlines()[n])
    found = measure(told((SEEDS / truth["file"]).read_text("utf-8"), truth["file"]))
    faults = truth["faults"]
    assert found.has_wrong_path == faults["wrong_path"]
    assert found.late_engaged == faults["late_escalation_minutes"]
    assert found.has_incomplete_rollback == faults["incomplete_rollback"]
    assert found.is_fixed_by_hand == faults["fix_by_hand"]
    assert found.misdirected == truth["misdirected"]["minutes"]
    assert found.first_wrong_to_cause == truth["misdirected"]["first_wrong_path_to_identified"]
