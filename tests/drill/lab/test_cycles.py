"""A controller that is killed, at any moment, leaves nothing once the next lab is opened."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from cycles import killed_after
from plimsoll.drill.lab.prepared import prepare
from plimsoll.drill.lab.state import LabError

pytestmark = [pytest.mark.real, pytest.mark.drill]

SHOP = Path(__file__).resolve().parents[3] / "examples" / "shop"
RANDOM = random.Random(1876)
MOMENTS = [0.1, *(round(RANDOM.uniform(0.2, 2.0), 2) for _ in range(4))]


@pytest.fixture
def labs(short_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = short_folder / "killed"
    monkeypatch.setenv("PLIMSOLL_LAB", str(folder))
    try:
        prepare(SHOP)
    except LabError as problem:
        pytest.skip(str(problem))
    return folder


@pytest.mark.parametrize("moment", MOMENTS)
def test_nothing_is_left_of_a_killed_one(moment: float, labs: Path) -> None:
    assert killed_after(moment, SHOP, labs).left == ()
