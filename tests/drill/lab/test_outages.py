"""Each variant of the shop has its outage for real, by its evidence; the shop as it is has none.

`make prove ARGS=outages` measures them for longer, and what visitors feel of them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import outages
import variants
from outages import OUTAGES, Outage, Phase
from plimsoll.drill.lab.state import LabError

pytestmark = [pytest.mark.real, pytest.mark.drill]

EXAMPLES = variants.ROOT / "examples"
SECONDS = 5.0


def folder_of(variant: str, folder: Path) -> Path:
    return variants.lay_out(variants.read_variant(EXAMPLES / f"{variant}.patch"), folder)


@pytest.fixture(scope="module")
def sound(short_folder: Path) -> Phase:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLIMSOLL_LAB", str(short_folder / "sound"))
        try:
            with outages.sound_shop(variants.ROOT / variants.SHOP) as shop:
                return outages.watched(shop, SECONDS)
        except LabError as problem:
            if "install" not in str(problem):
                raise
            pytest.skip(str(problem))


def test_every_variant_is_tried() -> None:
    assert [each.variant for each in OUTAGES] == [each.name for each in variants.variants()]


@pytest.mark.parametrize("outage", OUTAGES, ids=lambda outage: outage.variant)
def test_its_evidence_is_there_and_was_not_before(
    outage: Outage,
    sound: Phase,
    short_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PLIMSOLL_LAB", str(short_folder / "outages"))
    with outages.sound_shop(variants.ROOT / variants.SHOP) as shop:
        outages.deploy(shop, folder_of(outage.variant, tmp_path))
        faulty = outages.watched(shop, SECONDS)
    assert outage.proves(outage.of(sound), outage.of(faulty)), (outage.of(sound), outage.of(faulty))


def test_the_sound_shop_proves_no_outage(sound: Phase) -> None:
    """Else each could be evidence of anything."""
    assert [each.variant for each in OUTAGES if each.proves(each.of(sound), each.of(sound))] == []
