"""A controller that is killed, at any moment, leaves nothing once the next lab is opened."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from plimsoll.drill.lab.shop import prepare
from plimsoll.drill.lab.state import LabError
from support.cycles import killed_after

pytestmark = [pytest.mark.real, pytest.mark.drill]

SHOP = Path(__file__).resolve().parents[3] / "examples" / "shop"
RANDOM = random.Random(1876)
MOMENTS = [0.1, *(round(RANDOM.uniform(0.3, 4.0), 2) for _ in range(4))]


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
