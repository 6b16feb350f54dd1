"""How many were hit: small texts with what is easily taken for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from plimsoll.learn.reading.read import read
from plimsoll.learn.reading.texts import text_of

TOLD: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("impacts.yaml").read_text("utf-8")
)


@pytest.mark.parametrize("told", TOLD, ids=[each["text"].split("\n")[0] for each in TOLD])
def test_it_says_how_many(told: dict[str, Any]) -> None:
    impact = read(text_of(told["text"].encode()), "pm.md").impact
    assert (impact.percent, impact.users) == (told["percent"], told["users"])


def test_there_are_thirty() -> None:
    assert len(TOLD) >= 30
