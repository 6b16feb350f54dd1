"""The faults and the sound configurations of `cases/`: what is named stays named, what is quiet stays quiet."""

from __future__ import annotations

from pathlib import Path

import calibrate

CASES = Path(__file__).parent / "cases"

# What the folder decides, and is not named all the same; each with the reason.
MISSED = {
    "NC-025": "the time-out is one that an image's own script keeps",
    "NC-038": "two defaults: low, since a queue of 128 is enough for most",
    "NC-046": "what a container inherits is told at the machine's limit",
    "NC-053": "two defaults: low, since few requests take ten seconds",
    "NC-054": "granian is not read",
    "NC-063": "the settings of an ingress are told of the nginx that it starts",
}
ALARMED = {
    "NC-010/fixed": "its autoscaler has nothing to scale by",
    "NC-039/fixed": "its proxy still gives up before the application",
    "NC-045/fixed": "its cache still answers everybody over UDP",
    "NC-046/fixed": "its Redis still has too few descriptors",
}


def test_what_is_named_stays_named() -> None:
    said = calibrate.counted(calibrate.check_all(CASES))
    assert said["failures"] == []
    assert set(said["missed, decidable"]) == set(MISSED)
    assert set(said["sound and fixed, high"]) == set(ALARMED)
